// Allocation: binary trees that live and die. With an argument they are so large that memory is the heap's: one that is
// dropped, one that stays, and many small ones meanwhile.
package main

import (
	"fmt"
	"os"
)

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
	if len(os.Args) > 1 {
		large()
		return
	}
	const most = 18
	long := build(most)
	for depth := 4; depth <= most; depth += 4 {
		rounds := 1 << (most - depth + 4)
		sum := 0
		for range rounds {
			sum += build(depth).check()
		}
		fmt.Println(rounds, depth, sum)
	}
	fmt.Println(most, long.check())
}

func large() {
	const most = 21
	fmt.Println(build(most + 1).check())
	long := build(most)
	sum := 0
	for range 64 {
		sum += build(most - 5).check()
	}
	fmt.Println(sum, long.check())
}
