// Rule: implicit storage of more than 64 KiB never goes on the stack.
// Instead: work in pieces of at most 64 KiB.
package main

func escapes() byte {
	buf := make([]byte, 64<<10+1)
	return buf[0]
}

func stays() byte {
	buf := make([]byte, 64<<10)
	return buf[0]
}

func main() {
	println(escapes(), stays())
}
