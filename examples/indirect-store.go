// Rule: a store through a pointer counts as a store to the heap: the analysis does not know what is pointed to.
// Instead: assign to the variable itself.
package main

type box struct{ p *int }

func escapes() int {
	x := 1
	b := &box{}
	b.p = &x
	return *b.p
}

func stays() int {
	x := 1
	var b box
	b.p = &x
	return *b.p
}

func main() {
	println(escapes(), stays())
}
