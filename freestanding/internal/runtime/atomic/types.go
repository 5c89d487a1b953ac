// Package atomic has values that are read and written at once. Goroutines take turns, so there is nothing to it.
package atomic

import "unsafe"

type Uint32 struct {
	value uint32
}

func (u *Uint32) Load() uint32 { return u.value }

func (u *Uint32) Store(value uint32) { u.value = value }

func (u *Uint32) Add(delta int32) uint32 {
	u.value += uint32(delta)
	return u.value
}

type Uintptr struct {
	value uintptr
}

func (u *Uintptr) Load() uintptr { return u.value }

func (u *Uintptr) Store(value uintptr) { u.value = value }

// A Pointer is a *T.
type Pointer[T any] struct {
	p unsafe.Pointer
}

func (p *Pointer[T]) Load() *T { return (*T)(p.p) }

func (p *Pointer[T]) Store(value *T) { p.p = unsafe.Pointer(value) }
