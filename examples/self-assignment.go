// Rule: an assignment that gives an object what it already holds is ignored: it lets nothing new escape.
// The first of these would otherwise leak its receiver's content.
package main

type buffer struct {
	data []byte
	name *string
	old  *string
}

func (b *buffer) skip(n int) {
	b.data = b.data[n:]
}

func (b *buffer) rename() {
	b.old = b.name
}

func stays() int {
	b := buffer{data: make([]byte, 4)}
	b.skip(1)
	b.rename()
	return len(b.data)
}

func main() {
	println(stays())
}
