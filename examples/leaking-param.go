// Rule: a parameter that a function keeps leaks: every caller's variable has to be on the heap.
// Instead: copy what it points to.
package main

var kept *int
var keptValue int

func leaks(p *int) { kept = p }

func copies(p *int) { keptValue = *p }

func escapes() {
	x := 1
	leaks(&x)
}

func stays() {
	x := 1
	copies(&x)
}

func main() {
	escapes()
	stays()
	println(*kept, keptValue)
}
