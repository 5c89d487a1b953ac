// Rule: a variable whose address is returned outlives its frame, so it moves to the heap.
// Instead: return the value; the caller keeps the copy in its own frame.
package main

func escapes() *int {
	x := 42
	return &x
}

func stays() int {
	x := 42
	p := &x
	return *p
}

func main() {
	println(*escapes(), stays())
}
