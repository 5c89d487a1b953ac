// What is free is released in the background after the heap has shrunk, and at once where there is a limit.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

var keep [][]byte

func stats() (m runtime.MemStats) {
	runtime.ReadMemStats(&m)
	return m
}

func fill() {
	for range 64 {
		keep = append(keep, make([]byte, 1<<20))
	}
}

func main() {
	fill()
	runtime.GC()
	keep = nil
	runtime.GC()
	runtime.GC()
	before := stats()
	for range 100 {
		time.Sleep(time.Second)
	}
	after := stats()
	fmt.Println("released:", after.HeapIdle-after.HeapReleased < 16<<20, after.HeapSys == before.HeapSys)

	fill()
	keep = nil
	debug.SetMemoryLimit(40 << 20)
	runtime.GC()
	keep = append(keep, make([]byte, 8<<20))
	end := stats()
	fmt.Println("within the limit:", end.Sys-end.HeapReleased < 42<<20)
}
