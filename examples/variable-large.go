// Rule: a declared variable of more than 128 KiB is not put on the stack.
// Instead: stay at 128 KiB or below.
package main

func escapes() byte {
	var buf [128<<10 + 1]byte
	return buf[len(buf)-1]
}

func stays() byte {
	var buf [128 << 10]byte
	return buf[len(buf)-1]
}

func main() {
	println(escapes(), stays())
}
