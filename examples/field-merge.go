// Rule: the analysis knows variables, not their fields: when one field leaks, all that the struct points to does.
// Instead: use variables of their own.
package main

var kept *int

type pair struct{ a, b *int }

func escapes() int {
	x, y := 1, 2
	p := pair{&x, &y}
	kept = p.a
	return *p.b
}

func stays() int {
	x, y := 1, 2
	a, b := &x, &y
	kept = a
	return *b
}

func main() {
	println(escapes(), stays(), *kept)
}
