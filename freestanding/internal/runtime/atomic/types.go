// Package atomic has values that are read and written at once.
package atomic

import "unsafe"

type Uint32 struct {
	value uint32
}

func (u *Uint32) Load() uint32 { return Load(&u.value) }

func (u *Uint32) Store(value uint32) { Store(&u.value, value) }

func (u *Uint32) Add(delta int32) uint32 { return Xadd(&u.value, delta) }

type Uintptr struct {
	value uintptr
}

func (u *Uintptr) Load() uintptr { return Loaduintptr(&u.value) }

func (u *Uintptr) Store(value uintptr) { Storeuintptr(&u.value, value) }

// A Pointer is a *T, which is one word: it is read and written at once anyway.
type Pointer[T any] struct {
	p unsafe.Pointer
}

func (p *Pointer[T]) Load() *T { return (*T)(p.p) }

func (p *Pointer[T]) Store(value *T) { p.p = unsafe.Pointer(value) }
