// Rule: a key or value that is put into a map lives in the heap.
// Instead: store values.
package main

func escapes(m map[string]*int) {
	x := 1
	m["x"] = &x
}

func stays(m map[string]int) {
	x := 1
	m["x"] = x
}

func main() {
	a, b := map[string]*int{}, map[string]int{}
	escapes(a)
	stays(b)
	println(*a["x"], b["x"])
}
