// -m=2
package main

// Functions that compare and hash values are generated with the descriptors of types, which interface tables need.

type Namer interface{ Name() string }

type plain struct{ a, b int }

func (plain) Name() string { return "plain" }

type mixed struct {
	name string
	_    int
	ints [6]int64
	any  any
	next *mixed
	size float64
	tail [2]bool
}

func (m *mixed) Name() string { return m.name }

type inner struct {
	key  string
	n, o uint16
	f    float32
}

type arrays struct {
	words  [7]string
	three  [3]string
	parts  [9]inner
	faces  [2]error
	coords [5]float64
	c      complex128
}

func (arrays) Name() string                { return "arrays" }
func (arrays) lookup(keys map[pair]groups) {}

type pair struct {
	x, y inner
	rest [4]float32
}

type groups map[[3]string]struct {
	low  byte
	high int32
	err  error
}

type box[T any] struct {
	val  T
	name string
}

func (b box[T]) Name() string { return b.name }

func boxed[T any](v T) Namer { return box[T]{v, "box"} }

type named struct {
	mixed
	other func(late) int
}

type late struct {
	a, b string
}

var static Namer = plain{1, 2}

var _ Namer = (*mixed)(nil)

func assert(n Namer) string {
	switch n := n.(type) {
	case arrays:
		return n.words[0]
	case *named:
		return n.name
	}
	return n.(box[late]).name
}

func main() {
	boxed(static)
	boxed([2]inner{})
	assert(nil)
}
