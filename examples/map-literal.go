// Rule: keys and values of a map live in the heap, even those of a map that does not escape itself.
// Instead: keep values in the map, not pointers.
package main

func escapes() int {
	x := 1
	m := map[string]*int{"x": &x}
	return *m["x"]
}

func stays() int {
	x := 1
	m := map[string]int{"x": x}
	return m["x"]
}

func main() {
	println(escapes(), stays())
}
