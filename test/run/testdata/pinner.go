// runtime.Pinner: what it keeps, what it takes, and what it costs; and finalizers of objects that point to themselves, as
// those of its own do.
package main

import (
	"fmt"
	"runtime"
	"slices"
	"unsafe"
)

type object struct{ x, y, z int64 }

var global object

//go:noinline
func pinned(p *runtime.Pinner, freed chan int, n int) {
	for i := range n {
		o := &object{x: int64(i)}
		runtime.AddCleanup(o, func(i int) { freed <- i }, i)
		p.Pin(o)
		p.Pin(o)
	}
}

func try(p *runtime.Pinner, what any) {
	defer func() { fmt.Println(recover()) }()
	p.Pin(what)
}

func collect() {
	for range 3 {
		runtime.GC()
	}
}

func main() {
	var p runtime.Pinner
	freed := make(chan int, 20)
	for _, n := range []int{1, 9} {
		pinned(&p, freed, n)
		collect()
		fmt.Println("pinned:", len(freed))
		p.Unpin()
		collect()
		sum := 0
		for range n {
			sum += 1 + <-freed
		}
		fmt.Println("freed:", sum)
	}
	try(&p, nil)
	try(&p, 1)
	try(&p, "s")
	try(&p, &global)
	try(&p, unsafe.Pointer(&global))
	try(&p, (*int)(nil))
	p.Unpin()
	p.Unpin()
	fmt.Println(mallocs(func() { p.Pin(&global); p.Unpin() }))

	done := make(chan string, 3)
	toItself[[2]*int](done, "small")
	toItself[[200]*int](done, "medium")
	toItself[[9000]*int](done, "large")
	collect()
	names := []string{<-done, <-done, <-done}
	slices.Sort(names)
	fmt.Println(names)
}

type self[T any] struct {
	to *self[T]
	in *T
	of T
}

func toItself[T any](done chan string, name string) {
	s := new(self[T])
	s.to, s.in = s, &s.of
	runtime.SetFinalizer(s, func(s *self[T]) { done <- name })
}

// mallocs counts the objects of a call.
func mallocs(f func()) uint64 {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / 100
}
