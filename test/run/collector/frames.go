package main

// Values on their way from frames to the heap, in functions that lay their frame out only where they have to.

import "fmt"

type inst struct {
	op       uint8
	out, arg uint32
	runes    []rune
}

type compiler struct{ list []inst }

// When the array need not grow, only the write barrier is called between the frame and the heap.
//
//go:noinline
func (c *compiler) inst(op uint8) {
	c.list = append(c.list, inst{op: op, runes: []rune{rune(op)}})
}

//go:noinline
func values(p *int) [8]*int {
	return [8]*int{p, p, p, p, p, p, p, p}
}

var kept *[8]*int

func main() {
	wrong := 0
	for i := range 300 {
		c := &compiler{}
		for op := range 40 {
			c.inst(uint8(op))
		}
		for op, in := range c.list {
			if int(in.op) != op || in.out != 0 || len(in.runes) != 1 || in.runes[0] != rune(op) {
				wrong++
			}
		}
		n := i
		q := new([8]*int)
		kept = q
		*q = values(&n)
		for _, p := range kept {
			if p != &n {
				wrong++
			}
		}
	}
	fmt.Println(wrong, "wrong")
}
