// Rule: a generic function is analysed once per shape of its type arguments; its instances say so each.
// Instead: return the value.
package main

func escapes[T any](v T) *T {
	return &v
}

func stays[T any](v T) T {
	p := &v
	return *p
}

func main() {
	println(*escapes(1), *escapes("a"), stays(1), stays("a"))
}
