// Rule: a variable of at most 128 bytes that is never reassigned is captured by value: it stays, though its closure
// escapes.
// Instead of returning the closure: call it here.
package main

func escapes(base int) func(int) int {
	return func(x int) int { return base + x }
}

func stays(base int) int {
	add := func(x int) int { return base + x }
	return add(2)
}

func main() {
	println(escapes(1)(2), stays(1))
}
