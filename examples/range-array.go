// Rule: a range over an array works on a copy in the frame; over a slice of it, on the array itself.
// Instead of pointers to copies: use the index.
package main

func escapes(a [3]int) *int {
	for _, v := range a {
		return &v
	}
	return nil
}

func stays(a *[3]int) *int {
	for i := range a {
		return &a[i]
	}
	return nil
}

func main() {
	a := [3]int{1, 2, 3}
	println(*escapes(a), *stays(&a))
}
