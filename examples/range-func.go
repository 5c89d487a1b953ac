// Rule: the body of a range over a function is a closure that the iterator calls; with an unknown iterator it
// escapes, and so does all that it assigns to.
// Instead: an iterator that the compiler knows keeps it in the frame.
package main

func escapes(seq func(yield func(int) bool)) int {
	sum := 0
	for v := range seq {
		sum += v
	}
	return sum
}

func three(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}

func stays() int {
	sum := 0
	for v := range three {
		sum += v
	}
	return sum
}

func main() {
	println(escapes(three), stays())
}
