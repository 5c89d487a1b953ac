// What the page allocator does: the lowest free pages that are long enough are used first, and the counts of memory fit
// together whatever happens.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"unsafe"
)

const page = 8192

type block []byte

var blocks []block

func alloc(pages int) int {
	blocks = append(blocks, make(block, pages*page))
	return len(blocks) - 1
}

func at(i int) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(blocks[i]))) }

// order prints where blocks lie from a base, in pages.
func order(title string, base uintptr, list ...int) {
	fmt.Print(title)
	for _, i := range list {
		fmt.Print(" ", (int64(at(i))-int64(base))/page)
	}
	fmt.Println()
}

func check(what string) runtime.MemStats {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	say := func(fine bool, text string) {
		if !fine {
			fmt.Println(what, "wrong:", text, m.HeapSys, m.HeapInuse, m.HeapIdle, m.HeapReleased, m.StackSys)
		}
	}
	say(m.HeapSys == m.HeapInuse+m.HeapIdle, "HeapSys")
	say(m.HeapReleased <= m.HeapIdle, "HeapReleased")
	say(m.HeapAlloc <= m.HeapInuse, "HeapAlloc")
	say(m.HeapInuse%page == 0 && m.HeapIdle%page == 0, "pages")
	say(m.Sys == m.HeapSys+m.StackSys+m.MSpanSys+m.MCacheSys+m.BuckHashSys+m.GCSys+m.OtherSys, "Sys")
	say(m.StackInuse <= m.StackSys && m.MSpanInuse <= m.MSpanSys, "InUse")
	return m
}

// released: but for what allocators have for themselves, idle pages are released.
func released(m runtime.MemStats) bool { return m.HeapIdle-m.HeapReleased < 128*page }

func classes() {
	var samples []metrics.Sample
	for _, d := range metrics.All() {
		const prefix = "/memory/classes/"
		if len(d.Name) > len(prefix) && d.Name[:len(prefix)] == prefix {
			samples = append(samples, metrics.Sample{Name: d.Name})
		}
	}
	metrics.Read(samples)
	sum, total := uint64(0), uint64(0)
	for _, s := range samples {
		if s.Name == "/memory/classes/total:bytes" {
			total = s.Value.Uint64()
		} else {
			sum += s.Value.Uint64()
		}
	}
	fmt.Println(len(samples), "classes of memory make the whole:", sum == total)
}

func main() {
	debug.SetGCPercent(-1)
	blocks = make([]block, 0, 4096)
	fmt.Fprint(os.Stdout, "start\n") // what printing takes is there from now on
	debug.FreeOSMemory()
	before := check("before")
	fmt.Println("all that is idle is released:", released(before))

	// A region of its own: 1000 pages in a row, which are then used anew.
	base := at(alloc(1000))
	blocks[0] = nil
	debug.FreeOSMemory()
	for range 10 {
		alloc(100)
	}
	sorted := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if lowest := at(1); lowest < base {
		base = lowest
	}
	order("first fit:", base, sorted...)
	after := check("filled")
	fmt.Println("pages in use:", (after.HeapInuse-before.HeapInuse)/page)

	// Gaps of 100, 200 and 300 pages.
	for _, i := range []int{2, 4, 5, 7, 8, 9} {
		blocks[i] = nil
	}
	debug.FreeOSMemory()
	gaps := check("gaps")
	fmt.Println("fewer by:", (after.HeapInuse-gaps.HeapInuse)/page, "released:", released(gaps))
	a, b, c, d := alloc(250), alloc(150), alloc(60), alloc(40)
	e, f, g := alloc(50), alloc(50), alloc(20)
	order("into gaps:", base, a, b, c, d, e, f, g)
	used := check("used")
	fmt.Println("taken:", (used.HeapInuse-gaps.HeapInuse)/page, (gaps.HeapReleased-used.HeapReleased)/page)
	for i := range blocks {
		blocks[i] = nil
	}
	runtime.GC()
	idle := check("idle")
	fmt.Println("idle again:", (used.HeapInuse-idle.HeapInuse)/page, idle.HeapReleased <= used.HeapReleased)
	debug.FreeOSMemory()
	end := check("end")
	fmt.Println("all released:", released(end))

	// Whatever sizes come and go, in an order that is the same each time.
	seed := uint32(1)
	random := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>8) % n
	}
	blocks = blocks[:0]
	for range 64 {
		alloc(1)
	}
	for i := range 3000 {
		k := random(len(blocks))
		size := 1 + random(24)
		if random(10) == 0 {
			size = 1 + random(700)
		}
		blocks[k] = nil
		blocks[k] = make(block, size*page-random(2)*4096)
		for j := 0; j < len(blocks[k]); j += 4096 {
			if blocks[k][j] != 0 {
				fmt.Println("not zero")
			}
			blocks[k][j] = 1
		}
		switch {
		case i%500 == 499:
			debug.FreeOSMemory()
		case i%50 == 49:
			runtime.GC()
			check("random")
		}
	}
	classes()
}
