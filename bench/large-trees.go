// Binary trees so large that memory is the heap's: one that is dropped, one that stays, and many small ones meanwhile.
package main

import "fmt"

type node struct{ left, right *node }

func build(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{build(depth - 1), build(depth - 1)}
}

func (n *node) check() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.check() + n.right.check()
}

func main() {
	const most = 21
	fmt.Println(build(most + 1).check())
	long := build(most)
	sum := 0
	for range 64 {
		sum += build(most - 5).check()
	}
	fmt.Println(sum, long.check())
}
