// Rule: a select sends like a channel does: what is pointed to escapes.
// Instead: send values.
package main

func escapes(c chan *int) {
	x := 1
	select {
	case c <- &x:
	default:
	}
}

func stays(c chan int) {
	x := 1
	select {
	case c <- x:
	default:
	}
}

func main() {
	a, b := make(chan *int, 1), make(chan int, 1)
	escapes(a)
	stays(b)
	println(*<-a, <-b)
}
