// -m=2
package lib

import "unsafe"

type Set[T comparable] map[T]int

func (s Set[T]) Clear() Set[T] { clear(s); return s }

func (s Set[T]) Del(x T) Set[T] { delete(s, x); return s }

type List[T any] []T

func (l List[T]) Clear() List[T] { clear(l); return l }

func (l List[T]) Slice(p *T, n int) List[T] { l = unsafe.Slice(p, n); return l }

func (l List[T]) Data() *T { return unsafe.SliceData(l) }

// lib ends here

package main

import "lib"

type S struct{ *lib.Set[string] }

type L struct{ *lib.List[string] }

func main() {}
