// Rule: a variable that is assigned after its capture is shared with the closure, and escapes with it.
// Instead: capture a variable that is never reassigned.
package main

func escapes() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

func stays() func() int {
	n := 0
	m := n + 1
	return func() int { return m }
}

func main() {
	println(escapes()(), stays()())
}
