// Rule: a concatenation is an allocation that escapes with the string; a small one that stays uses a buffer of the
// frame.
// Instead: compare or copy the parts.
package main

func escapes(a, b string) string {
	return a + b
}

func stays(a, b string) bool {
	return a+b == "ab"
}

func main() {
	println(escapes("a", "b"), stays("a", "b"))
}
