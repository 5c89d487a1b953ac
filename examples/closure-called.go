// Rule: a function literal that is only called where it stands needs no heap, nor does what it captures.
// What an unknown function returns may be anything that it can reach.
// Instead of passing results through a variable function: call the literal directly.
package main

func escapes(fn func() *int) *int {
	return fn()
}

func stays() int {
	x := 1
	p := func() *int { return &x }()
	return *p
}

func main() {
	x := 2
	println(*escapes(func() *int { return &x }), stays())
}
