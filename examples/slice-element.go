// Rule: a store to an element of a slice is a store through its pointer.
// Instead: use an array, or put the pointer in when the slice is made.
package main

func escapes() int {
	x := 1
	s := make([]*int, 1)
	s[0] = &x
	return *s[0]
}

func stays() int {
	x := 1
	s := []*int{&x}
	return *s[0]
}

func main() {
	println(escapes(), stays())
}
