// Rule: the array behind a slice literal escapes with the slice.
// Instead: fill a slice of the caller, or return an array.
package main

func escapes() []int {
	return []int{1, 2, 3}
}

func stays() [3]int {
	s := []int{1, 2, 3}
	return [3]int(s)
}

func main() {
	a := stays()
	println(len(escapes()), a[0])
}
