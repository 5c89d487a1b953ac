// Rule: a channel is always on the heap; the compiler does not even mention it.
// Instead: for work inside one goroutine a slice or an array does.
package main

func escapes() int {
	c := make(chan int, 1)
	c <- 1
	return <-c
}

func stays() int {
	var queue [1]int
	queue[0] = 1
	return queue[0]
}

func main() {
	println(escapes(), stays())
}
