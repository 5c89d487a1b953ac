// Rule: since Go 1.22 each iteration has its own loop variable, so its address may be needed many times over.
// Instead: take the address of a variable outside of the loop, or of nothing.
package main

func escapes(n int) int {
	var all []*int
	for i := 0; i < n; i++ {
		all = append(all, &i)
	}
	return *all[0]
}

func stays(n int) int {
	var all []int
	for i := 0; i < n; i++ {
		all = append(all, i)
	}
	return all[0]
}

func main() {
	println(escapes(3), stays(3))
}
