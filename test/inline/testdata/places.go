// Places of what the compiler makes up: they depend on what it has read last.
package main

import "unsafe"

type List[E any] = []E

type count int

type box[E any] struct{ p E }

func (b *box[E]) get() E { return b.p }

func results() (a count, b []int) {
	goto again
again:
	return results()
}

// An instance of a generic alias is an object of its own, which the body is the first to read.
func aliasInstance() *int {
	defer func(c count, list List[int]) {}(results())
	return new(int)
}

// What a method value captures stands where it was written, also when the literal around it is inlined.
func (b box[E]) inlinedLiteral(f func(E) bool) int {
	func(_ ...any) {}(func() ([]int, int) {
		b.get()
		c := make(chan func() E, 1)
		c <- b.get
		return make([]int, 1, 4), 1
	}())
	return 1
}

// Nothing in the body of a loop over a function has been read yet.
func deferInLoop(seq func(func(int) bool)) {
	for range seq {
		defer func(c count, list []int) {}(results())
	}
}

var table [8]int

// What unsafe.Slice is given is copied before it is looked at more than once.
func slices(p *byte, i int) (int, []byte) {
	return table[i&7], unsafe.Slice(p, table[i&7])
}

// The value's place is found when the key has been assigned: its index is copied before.
func pairs(i int) (sum int) {
	for i, table[i&7] = range table {
		sum += i
	}
	for _, table[i&7] = range table {
		sum++
	}
	return sum
}

func use() {
	var x box[int]
	x.inlinedLiteral(nil)
}

func main() { use() }
