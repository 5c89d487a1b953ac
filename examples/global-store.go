// Rule: what a package variable points to can be reached for as long as the program runs.
// Instead: keep the pointer in a local variable, or store a copy of the value.
package main

var last *int
var lastValue int

func escapes() {
	x := 1
	last = &x
}

func stays() {
	x := 1
	p := &x
	lastValue = *p
}

func main() {
	escapes()
	stays()
	println(*last, lastValue)
}
