// Rule: copy writes elements where the analysis does not follow: pointers among them leak.
// Instead: copy values.
package main

func escapes(dst []*int) {
	x := 1
	copy(dst, []*int{&x})
}

func stays(dst []int) {
	x := 1
	copy(dst, []int{x})
}

func main() {
	a, b := make([]*int, 1), make([]int, 1)
	escapes(a)
	stays(b)
	println(*a[0], b[0])
}
