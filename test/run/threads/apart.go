package main

import (
	"sync/atomic"
	"time"
)

// One goroutine sees another go on while it runs itself, neither of them giving way.
func main() {
	var n atomic.Int64
	go func() {
		for {
			n.Add(1)
		}
	}()
	go func() {
		for range 50 {
			for seen := n.Load(); n.Load() == seen; {
			}
		}
		panic("seen")
	}()
	time.Sleep(time.Hour)
}
