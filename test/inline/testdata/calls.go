package main

type A struct{ n int }

func (a *A) M() int { return a.n }

type I interface{ M() int }

var sink any

func small(x int) int { return x + 1 }

func alloc(p *int) *A { return &A{*p} }

func mk() I { return &A{3} }

func Clo(k int) func() int { return func() int { return k } }

func named(x int) (r int, err error) {
	if x > 3 {
		return 1, nil
	}
	r = x
	return
}

func two() (int, string) { return 1, "s" }

func fact(n int) int {
	if n == 0 {
		return 1
	}
	return n * fact(n-1)
}

type G[T any] struct{ v T }

func (g *G[T]) Get() T { return g.v }

func Id[T any](x T) T { return x }

func main() {
	x := 3
	println(small(x))
	sink = alloc(&x)
	i := mk()
	println(i.M())
	f := Clo(4)
	println(f())
	a, err := named(4)
	println(a, err)
	c, d := two()
	println(c, d)
	println(fact(4))
	g := &G[int]{3}
	println(g.Get(), Id(4), Id("x"))
	func() { sink = x }()
	defer small(3)
	m := g.Get
	println(m())
}
