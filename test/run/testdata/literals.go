// Literals that leave fields out, of types with fields that take no memory, on a stack that holds something else.
package main

import "fmt"

type none struct{}

type first struct {
	none
	a, b, c, d int
	left       uint8
	e          int
}

type middle struct {
	a, b, c, d int
	n          [0]func()
	left       uint8
	e          int
}

type nested struct {
	a    first
	n, m none
	left [2]uint8
	e    [2]none
}

type arrays struct {
	a    [3]int
	n    [2]struct{}
	left [2]int8
	b    [2]struct {
		n struct{}
		i int
	}
}

//go:noinline
func dirty() {
	var a [400]int
	for i := range a {
		a[i] = -1
	}
	use(&a)
}

//go:noinline
func use(*[400]int) {}

//go:noinline
func show(vs ...any) { fmt.Println(vs...) }

//go:noinline
func literals(n int, none none) {
	x := first{a: n, b: n, c: n, d: n, e: n}
	x.left |= uint8(n)
	y := first{none: none, a: n, b: n, c: n, d: n, e: n}
	y.left |= uint8(n)
	z := middle{a: n, b: n, c: n, d: n, e: n}
	z.left |= uint8(n)
	fmt.Println(x.left, y.left, z.left)
	show(x, y, z.a, z.e)
}

//go:noinline
func inner(n int, none none) {
	x := nested{a: first{a: n, b: n, c: n, d: n, left: 1, e: n}, n: none, m: none}
	x.left[1] |= uint8(n)
	y := nested{a: first{none: none, a: n, b: n, c: n, d: n, e: n}, left: [2]uint8{1: uint8(n)}}
	y.a.left |= uint8(n)
	z := arrays{a: [3]int{n, n}, n: [2]struct{}{none, none}, b: [2]struct {
		n struct{}
		i int
	}{{i: n}, {n: none}}}
	z.left[1] |= int8(n)
	show(x, y, z)
}

func main() {
	for n := range 3 {
		dirty()
		literals(n, none{})
		dirty()
		inner(n, none{})
	}
}
