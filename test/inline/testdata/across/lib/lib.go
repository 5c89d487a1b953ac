package lib

import "example.com/across/inner"

type Box struct {
	p    *int
	in   inner.Cell
	next *Box
}

func NewBox(p *int) *Box { return &Box{p: p} }

func (b *Box) Get() *int { return b.p }

// The body of inner's method comes with this package.
func (b *Box) Cell() *inner.Cell { b.in.Set(1); return &b.in }

func Each(xs []int, f func(*int)) {
	for i := range xs {
		f(&xs[i])
	}
}

func Adder(n int) func(int) int { return func(x int) int { return x + n } }

func Keep[T any](v T) *T { return &v }

type Pair[A, B any] struct {
	First  A
	Second B
}

func (p *Pair[A, B]) Swap() *Pair[B, A] { return &Pair[B, A]{p.Second, p.First} }

func (b *Box) Write(data []byte) (int, error) { return b.write(data) }

//go:noinline
func (b *Box) write(data []byte) (int, error) { return len(data), nil }
