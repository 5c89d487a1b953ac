// Rule: a promoted method reaches its receiver through the fields that embed it.
// Instead of keeping the pointer: keep the value.
package main

type inner struct{ n int }

func (i *inner) self() *inner { return i }

type outer struct{ inner }

func escapes() *inner {
	var o outer
	return o.self()
}

func stays() int {
	var o outer
	return o.self().n
}

func main() {
	println(escapes().n, stays())
}
