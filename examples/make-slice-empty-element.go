// Rule: a slice of elements without size is not put on the stack by make.
// Instead: count with an integer.
package main

func escapes() int {
	s := make([]struct{}, 4)
	return len(s)
}

func stays() int {
	n := 4
	return n
}

func main() {
	println(escapes(), stays())
}
