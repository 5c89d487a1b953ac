// Rule: elements that are appended may be copied to the heap, so what they point to must live there.
// Instead: append values, or store through an index of an array.
package main

func escapes() int {
	x := 1
	var s []*int
	s = append(s, &x)
	return *s[0]
}

func stays() int {
	x := 1
	var a [1]*int
	a[0] = &x
	return *a[0]
}

func main() {
	println(escapes(), stays())
}
