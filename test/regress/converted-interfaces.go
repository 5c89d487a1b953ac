// -m=2

package main

// Whether an inlined method needs its dictionary: a conversion needs the descriptor of what it makes of an interface, that of
// what it puts into one, and none from an interface to an empty one or to one that no type parameter is part of.

type plain interface{ m() }

type derived[E any] interface{ m() }

type item int

func (item) m() {}

var (
	sinkAny     any
	sinkPlain   plain
	sinkDerived any
)

type box[E plain] struct {
	v    E
	d    derived[E]
	p    plain
	list []E
}

func (b box[E]) derivedToAny()   { sinkAny = b.d }
func (b box[E]) derivedToPlain() { sinkPlain = b.d }
func (b box[E]) plainToDerived() derived[E] { return b.p }
func (b box[E]) plainToAny()     { sinkAny = b.p }
func (b box[E]) elemToAny()      { sinkAny = b.v }
func (b box[E]) elemToPlain()    { sinkPlain = b.v }
func (b box[E]) itemToDerived() derived[E] { return item(1) }
func (b box[E]) itemToPlain()    { sinkPlain = item(2) }
func (b box[E]) explicit()       { sinkPlain = plain(b.d) }
func (b box[E]) same() derived[E] { return derived[E](b.d) }
func (b box[E]) values() {
	for _, sinkAny = range b.list {
	}
}
func (b box[E]) keys() {
	for sinkAny = range b.list {
	}
}

type holder struct{ *box[item] }

func main() {
	var _ any = holder{}
}
