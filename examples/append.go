// Rule: append may make a new backing array; it is an allocation that escapes with the result.
// Instead: grow a slice that stays in the function.
package main

func escapes(s []int) []int {
	return append(s, 1)
}

func stays() int {
	var s []int
	for i := 0; i < 3; i++ {
		s = append(s, i)
	}
	return len(s)
}

func main() {
	println(len(escapes(nil)), stays())
}
