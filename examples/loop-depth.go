// Rule: a pointer that is kept outside of a loop outlives the variable of one iteration.
// Instead: declare the variable outside of the loop too.
package main

func escapes(n int) int {
	var last *int
	for i := 0; i < n; i++ {
		x := i
		last = &x
	}
	return *last
}

func stays(n int) int {
	var x int
	var last *int
	for i := 0; i < n; i++ {
		x = i
		last = &x
	}
	return *last
}

func main() {
	println(escapes(3), stays(3))
}
