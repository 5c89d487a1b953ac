// Rule: the value of a panic is an interface that anybody may recover.
// Instead: panic with a constant, which needs no storage.
package main

func escapes(n int) {
	if n > 1 {
		panic(n)
	}
}

func stays(n int) {
	if n > 1 {
		panic("too many")
	}
}

func main() {
	escapes(1)
	stays(1)
}
