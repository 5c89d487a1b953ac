// What the collector promises: it stops the program for moments only, keeps to a memory limit, and frees what is free.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sort"
	"time"
)

type node struct {
	left, right *node
	pad         [4]int
}

func build(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{left: build(depth - 1), right: build(depth - 1)}
}

var (
	keep *node
	big  []*node
	sink []byte
)

// pauses: marking 24 MiB of small objects takes much longer than the program ever stands still at once.
func pauses() {
	keep = build(17)
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	first := ms.NumGC
	for ms.NumGC < first+5 {
		for range 10000 {
			sink = make([]byte, 100)
		}
		runtime.ReadMemStats(&ms)
	}
	var stops []uint64
	for i := first; i < ms.NumGC; i++ {
		stops = append(stops, ms.PauseNs[i%256])
	}
	sort.Slice(stops, func(i, j int) bool { return stops[i] < stops[j] })
	start := time.Now()
	runtime.GC()
	cycle := time.Since(start)
	median := time.Duration(stops[len(stops)/2])
	if median*10 > cycle {
		fmt.Println("median pause", median, "of a cycle that takes", cycle)
	}
	fmt.Println("pauses", len(stops) >= 5)
	keep = nil
}

// memoryLimit: with 64 MiB, a program that has 24 MiB alive must collect before GOGC=1000 says so.
func memoryLimit() {
	defer debug.SetGCPercent(debug.SetGCPercent(1000))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(64 << 20))
	keep = build(17)
	most := uint64(0)
	var ms runtime.MemStats
	for range 2000 {
		for range 500 {
			sink = make([]byte, 100)
		}
		runtime.ReadMemStats(&ms)
		most = max(most, ms.Sys-ms.HeapReleased)
	}
	if most > 72<<20 {
		fmt.Println("memory in use", most>>20, "MiB")
	}
	fmt.Println("limit", ms.NextGC < 64<<20)
	keep = nil
}

func statistics() {
	runtime.GC()
	var before, during, after runtime.MemStats
	runtime.ReadMemStats(&before)
	keep = build(12)
	big = make([]*node, 1<<20)
	big[7] = keep
	runtime.ReadMemStats(&during)
	objects, bytes := during.HeapObjects-before.HeapObjects, during.HeapAlloc-before.HeapAlloc
	fmt.Println("objects", (objects+50)/100, "x 10 kB", (bytes+5000)/10000)
	keep, big = nil, nil
	debug.FreeOSMemory()
	runtime.ReadMemStats(&after)
	fmt.Println("freed", after.HeapObjects <= before.HeapObjects+50, after.HeapAlloc < before.HeapAlloc+10000)
	fmt.Println("forced", after.NumForcedGC-before.NumForcedGC, after.NumGC-before.NumGC)
	fmt.Println("idle", after.HeapIdle >= after.HeapReleased, after.HeapIdle+after.HeapInuse == after.HeapSys)
	debug.SetGCPercent(-1)
	for range 100000 {
		sink = make([]byte, 100)
	}
	runtime.ReadMemStats(&before)
	fmt.Println("off", before.NumGC == after.NumGC)
	debug.SetGCPercent(100)
}

func main() {
	pauses()
	memoryLimit()
	statistics()
}
