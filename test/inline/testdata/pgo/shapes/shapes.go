package shapes

import "example.com/pgo/plain"

type Shape interface {
	Area(k float64) float64
	Name() string
}

// Square is called in a loop of main.
type Square struct{ Side float64 }

func (s Square) Area(k float64) float64 {
	t := 0.0
	for i := 0; i < 30; i++ {
		t += s.Side*k + float64(i)
		t /= 2
		if t > 1e6 {
			t = 1
		}
		switch i & 3 {
		case 1:
			t++
		case 2:
			t--
		}
	}
	return t
}

func (s Square) Name() string { return "square" }

// hidden is no part of the export data.
type hidden struct{}

func (hidden) Area(k float64) float64 {
	t := k
	for i := 0; i < 60; i++ {
		t = t*0.5 + float64(i)
	}
	return t
}

func (hidden) Name() string { return "hidden" }

func Disc(r float64) *plain.Disc { return &plain.Disc{R: r} }

//go:noinline
func Hidden() Shape { return hidden{} }

// Step is passed as a function value.
func Step(a, b int) (int, error) {
	s := 0
	for i := a; i < b; i++ {
		s += i * a
		if s%7 == 3 {
			s ^= b
		}
	}
	return s, nil
}
