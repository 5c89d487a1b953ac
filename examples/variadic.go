// Rule: the arguments of a variadic call are a slice in the caller's frame, if the callee does not keep it.
// Instead of keeping the parameter: keep a copy of what matters.
package main

var kept []int
var first int

func keep(values ...int) { kept = values }

func escapes() {
	keep(1, 2, 3)
}

func look(values ...int) { first = values[0] }

func stays() {
	look(1, 2, 3)
}

func main() {
	escapes()
	stays()
	println(len(kept), first)
}
