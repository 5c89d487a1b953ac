package main

//go:nosplit
//go:noinline
func receive(c chan int) (int, bool) {
	v := <-c
	return v, true
}

func main() {
	c := make(chan int)
	go func() { c <- 7 }()
	println(receive(c))
}
