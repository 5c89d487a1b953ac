// Rule: the compiler sees nothing of a function in assembly: its pointer parameters leak, unless //go:noescape promises
// that they do not.
// Instead of nothing: write the directive, and keep the promise.
package main

func addr(p *int) bool

//go:noescape
func quietAddr(p *int) bool

func escapes() bool {
	x := 1
	return addr(&x)
}

func stays() bool {
	x := 1
	return quietAddr(&x)
}

func main() {
	println(escapes(), stays())
}
