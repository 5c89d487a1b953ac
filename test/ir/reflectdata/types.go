// Types whose values are compared and hashed by generated functions, one for each way of doing it.
package main

type N interface{ M() }

// big has each kind of field.
type big struct {
	a   [70]byte
	s   string
	b   [7]byte
	c   [11]uint16
	_   int
	e   any
	n   N
	arr [20]struct {
		s string
		x int8
	}
	two [2]complex64
	f   [40]float32
	z   [3]struct{}
	y   struct {
		p int8
		q int64
	}
	nest [5][6]string
}

func (*big) M() {}

type key struct {
	a string
	b [9]struct {
		e error
		s string
		k int8
	}
	c complex128
	p int32
	m map[key2]int
}

type key2 struct {
	x int8
	y int32
	s [33]string
}

func (k key) get(map[key2]bool) {}
func (k key) M()                {}

var _ N = &big{}
var v N = key{}

func main() {}
