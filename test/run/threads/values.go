package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Goroutines count a boxed number up, in turns: they allocate, fail and yield while the heap is collected often.
func main() {
	const workers, rounds = 100, 100
	var v atomic.Value
	var all sync.WaitGroup
	v.Store(0)
	for i := range workers {
		all.Go(func() {
			for n := i; n < workers*rounds; runtime.Gosched() {
				if v.CompareAndSwap(n, n+1) {
					n += workers
				}
			}
		})
	}
	all.Wait()
	println(v.Load().(int))
}
