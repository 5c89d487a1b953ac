// Rule: a pointer that is sent on a channel is in hands that the analysis cannot see.
// Instead: send the value.
package main

func escapes() int {
	c := make(chan *int, 1)
	x := 1
	c <- &x
	return *<-c
}

func stays() int {
	c := make(chan int, 1)
	x := 1
	c <- x
	return <-c
}

func main() {
	println(escapes(), stays())
}
