package main

import "example.com/across/lib"

var sink any

func main() {
	x := 1
	b := lib.NewBox(&x)
	println(*b.Get())
	c := b.Cell()
	c.Set(3)
	println(c.Twice())
	lib.Each([]int{1, 2}, func(p *int) { *p++ })
	println(lib.Adder(2)(3))
	sink = lib.Keep(x)
	p := lib.Pair[int, *int]{1, &x}
	println(*p.Swap().First)
	n, err := b.Write([]byte("data"))
	println(n, err)
}
