// Rule: a size that only the run knows gets a small buffer in the frame and the heap behind it, if the slice stays;
// a slice that escapes is always on the heap.
// Instead: keep the slice in the function; a size that is constant after all needs no fall-back.
package main

func escapes(n int) []int {
	return make([]int, n)
}

func stays(n int) int {
	s := make([]int, n)
	size := 10
	t := make([]int, size)
	return len(s) + len(t)
}

func main() {
	println(len(escapes(3)), stays(3))
}
