// Small enough for its trees to be compared: what -m=3 and -m=4 add.
package main

type S struct{ a, b int }

func add(a, b int) int { return a + b }

func mk(n int) *S {
	s := &S{a: n}
	s.b = add(n, 1)
	return s
}

func main() {
	x := mk(3)
	f := func() { x.a++ }
	f()
	for i := range 3 {
		println(i, x.b)
	}
}
