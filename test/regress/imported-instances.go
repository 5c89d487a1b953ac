// -m=2
package lib

type header[T any] struct {
	flags int
	large *large[T]
}

type large[T any] struct {
	header[T]
	children [8]*header[T]
}

func (n *header[T]) grown() *large[T] { return n.large }

func (n *header[T]) grow() *large[T] {
	to := &large[T]{}
	copy(to.children[:], n.large.children[:4])
	for _, child := range n.grown().children[:n.flags] {
		to.children[child.flags] = child
	}
	return to
}

func (n *header[T]) Value() any { return n.grow() }

type Root[T any] struct{ header[T] }

// lib ends here

package main

import "lib"

func main() {
	var root lib.Root[*int]
	println(root.Value())
}
