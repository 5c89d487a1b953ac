// What runtime.GC leaves is swept: memory that was freed counts as free, and finalizers have been started.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	next  *node
	bytes [1 << 10]byte
}

func main() {
	done := make(chan bool, 1)
	func() {
		var list *node
		for range 4000 {
			list = &node{next: list}
		}
		runtime.KeepAlive(list)
		runtime.SetFinalizer(new(node), func(*node) { done <- true })
	}()
	func(pad [64]uintptr) { runtime.KeepAlive(pad) }([64]uintptr{})
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println("freed:", stats.Frees > 3900)
	<-done
	fmt.Println("finalized")
}
