// -m=2
package lib

import "unsafe"

type I0 interface{}

type T1 []*int

type T2 struct {
}

type T5 struct {
}

type T9 struct {
}

type T13 [][]*T1

type G15[E14 any] struct {
}

type G18[nil, K17 comparable] struct {
}

var V58 *[]*T9 = nil

var V59 func(int) = func(_ int) {
}

func Sum19(a20 [3]rune, nil, a22 *T5) {
	var v70 *T13
	_ = func(p72 *G18[*G15[*T2], *T2]) int {
		return p72.Do(func(p75 *G15[*T2]) bool {
			var f76 func() T9
			f76 = func() (res77 T9) {
				defer v70.M1()
				return T9{}
			}
			_ = f76
			return true
		})
	}
}

func Sum23(a24 T2) (res25 []string, res26 T2) {
	return []string{}, T2{}
}

func (t37 *T1) M1() []error {
	if !false {
		for range (func(p116 func() bool) {
		}) {
			switch x119 := (int(unsafe.Sizeof(func() (res120 int) {
				return 6
			}))); x119 {
			}
		}
	} else if v115 := V58; "s0" == string(0) {
		_ = v115
	} else {
	}
	return t37.M1()
}

func (t43 *T13) M1() []error {
	return t43.M1()
}

func (t48 *G15[E14]) All() func() {
	v216 := struct{ K func(E14) bool; V func(*G18[*G15[*T2], *T2], T9) int }{func(p217 E14) bool {
		return t48 != nil
	}, func(_ *G18[*G15[*T2], *T2], p220 T9) int {
		return t48.Do(func(p226 E14) bool {
			return V59 == nil
		})
	}}
	_ = v216
	return t48.All()
}

func (t49 G15[E14]) Do(a50 func(E14) bool) int {
goto G228
G228:
	return 2
}

func (t53 G18[E16, K17]) All() func(func(E16) bool) {
G258:
goto G258
	go Sum19([3]rune{}, nil, nil)
	v265, v266 := Sum23(T2{})
	_ = v265
	_ = v266
	return func(p268 func(E16) bool) {
	}
}

func (t54 G18[E16, K17]) Do(a55 func(E16) bool) int {
	var v272 I0
G273:
goto G273
	return copy([]byte{}, func() []byte {
		switch {
		case a55(*new(E16)) || v272 == v272:
		}
		return []byte{}
	}())
}

// lib ends here

package main

import "unsafe"
import lib "lib"

func sum291( a293 ...lib.G15[*lib.T2]) (rune, []error) {
	return 1, append([]error{}, unsafe.Slice(new(error), 0)...)
}
