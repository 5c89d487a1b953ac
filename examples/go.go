// Rule: a new goroutine has its own lifetime: its closure, and what that refers to, is on the heap.
// Instead: pass values, and get results over a channel.
package main

func escapes() int {
	n := 0
	done := make(chan bool)
	go func() {
		n = 1
		done <- true
	}()
	<-done
	return n
}

func stays() int {
	result := make(chan int)
	go func() { result <- 1 }()
	n := <-result
	return n
}

func main() {
	println(escapes(), stays())
}
