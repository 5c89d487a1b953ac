// -gcflags=-d=maymorestack=main.hook

package main

var calls int

//go:nosplit
func hook() { calls++ }

//go:noinline
func deep(n int) int {
	var pad [1 << 10]byte
	if n == 0 {
		return int(pad[n])
	}
	return deep(n-1) + int(pad[n])
}

func main() {
	println(deep(99), calls)
}
