// Rule: functions that call each other are solved together; a pointer that goes round stays if it never leaves.
// Instead of handing pointers back up: hand values back.
package main

type node struct {
	parent *node
	depth  int
}

func escapes(parent *node, n int) *node {
	self := node{parent, n}
	if n == 0 {
		return &self
	}
	return escapes(&self, n-1)
}

func stays(parent *node, n int) int {
	self := node{parent, n}
	if n == 0 {
		return self.depth
	}
	return 1 + other(&self, n-1)
}

func other(parent *node, n int) int {
	self := node{parent, n}
	if n == 0 {
		return self.depth
	}
	return 1 + stays(&self, n-1)
}

func main() {
	println(escapes(nil, 3).depth, stays(nil, 3))
}
