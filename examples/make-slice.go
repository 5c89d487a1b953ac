// Rule: make of a constant size is an array in the frame as long as the slice stays in the function.
// Instead of returning the slice: let the caller pass one in.
package main

func escapes() []byte {
	return make([]byte, 16)
}

func stays(dst []byte) int {
	buf := make([]byte, 16)
	buf[0] = 'x'
	return copy(dst, buf)
}

func main() {
	println(stays(escapes()))
}
