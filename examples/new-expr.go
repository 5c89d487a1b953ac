// Rule: new(expr) stores the value in a temporary and yields its address; the temporary moves to the heap.
// Instead: let the address die with the function.
package main

func escapes(n int) *int {
	return new(n + 1)
}

func stays(n int) int {
	p := new(n + 1)
	return *p
}

func main() {
	println(*escapes(1), stays(1))
}
