// -m=2

package main

// A closure in an inlined literal captures the dictionary of the generic function around both: the capture's place is
// that of the dictionary.

var sink func() any

type box[E any] struct{ v E }

func (b *box[E]) each() {
	for range func(yield func() bool) {
		sink = func() any { return b.v }
		yield()
	} {
		println()
	}
}

func main() {
	new(box[int]).each()
}
