// -m=2
package main

// Initialisers of maps with twenty nodes get functions of their own; the type of new is one of these nodes.

type node struct {
	bytes []byte
	count *int
	next  *node
	all   []node
}

var first node = node{}

var table = map[string]*node{"k0": &node{[]byte(""), new(int), nil, []node(nil)}, "k1": first.next, "k2": nil}

var small = map[int]*int{1: new(int)}

func main() {}
