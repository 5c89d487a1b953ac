// -m=2

package main

// The wrapper (*box[shape]).put passes its dictionary on to the inlined method, which uses it for nothing but the type of
// the map: a use all the same. In (*box[shape]).get nothing uses it.

type box[E any] struct{ list []E }

var sink any

func (b box[E]) put() { sink = map[int][]E{0: b.list} }

func (b box[E]) get() []E { return b.list }

func main() {
	new(box[int]).put()
	new(box[int]).get()
}
