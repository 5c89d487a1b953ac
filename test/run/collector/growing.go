// A heap that only grows.
package main

type node struct{ left, right *node }

func build(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{build(depth - 1), build(depth - 1)}
}

func main() {
	var trees []*node
	for range 150 {
		trees = append(trees, build(14)) // 512 KiB
	}
	println(len(trees))
}
