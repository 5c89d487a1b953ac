// -m=2
package lib

type Pair[T any] struct {
	val T
}

type Base struct {
	n int
}

func (b *Base) Reset() {
	clear := func(p *Pair[int]) {}
	_ = clear
}

func (p Pair[T]) All() func() {
	return nil
}

// lib ends here

package main

import lib "lib"

// Its method Reset is a wrapper, into which that of Base is inlined: that there is a Pair[int] is only found then.
type outer struct {
	lib.Base
}
