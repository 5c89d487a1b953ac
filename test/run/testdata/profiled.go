// What the heap profile says of the program's lines: where tiny blocks begin, which waiters' records are there to be used
// again, what is charged to a literal's line, what is data and takes no memory.
package main

import (
	"hash/maphash"
	"reflect"
	"runtime"
	"strings"
)

var _ = func() int { runtime.MemProfileRate = 1; return 0 }()

type pair struct {
	a, b int32
	c    float64
}

var sink any
var bytes [40]*byte

var table = map[string]func() int{
	"one": func() int { return 1 },
	"two": func() int { return 2 },
}

func tiny() {
	for i := range bytes {
		bytes[i] = new(byte)
	}
}

func statistics() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	bytes[0] = new(byte)
	runtime.ReadMemStats(&m)
	bytes[0] = new(byte)
}

func waiting() {
	c := make(chan int)
	go func() {
		c <- 1
	}()
	<-c
	runtime.GC()
	go func() { c <- 2 }()
	<-c
}

func many() {
	var channels [140]chan int
	for i := range channels {
		channels[i] = make(chan int)
		go func() {
			<-channels[i]
		}()
	}
	for range 10 {
		runtime.Gosched()
	}
	for _, c := range channels {
		close(c)
	}
	runtime.Gosched()
	done := make(chan bool)
	go func() {
		for _, c := range channels {
			<-c
		}
		done <- true
	}()
	<-done
}

func constants(n int) {
	x := pair{1, 2, 3}
	sink = x
	y := [4]int{}
	sink = y
	z := pair{4, 5, 6}
	if n > 0 {
		z.a = 7
	}
	sink = z
}

func callers() {
	pcs := make([]uintptr, 5)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	frame, _ := frames.Next()
	sink = frame.Line
}

func reflected() {
	k := pair{1, 2, 3}
	m := reflect.MakeMap(reflect.TypeFor[map[pair]bool]())
	m.SetMapIndex(reflect.ValueOf(k), reflect.ValueOf(true))
}

type square struct{ s int }

func (s square) area() int { return s.s * s.s }

func wrapper() {
	defer func() { recover() }()
	var p *square
	var s interface{ area() int } = p
	s.area()
}

func hashed(seed maphash.Seed) bool {
	x := new(int)
	return maphash.Comparable(seed, x) == 0
}

func main() {
	statistics() // whatever the environment was, the next tiny object begins a block
	tiny()
	hashed(maphash.MakeSeed())
	statistics()
	waiting()
	many()
	constants(1)
	callers()
	reflected()
	wrapper()
	runtime.MemProfileRate = 0
	runtime.GC()
	runtime.GC()
	records := make([]runtime.MemProfileRecord, 1000)
	n, _ := runtime.MemProfile(records, true)
	var objects, sizes [200]int64
	for _, r := range records[:n] {
		collector := false
		line := 0
		frames := runtime.CallersFrames(r.Stack())
		for more := true; more; {
			var f runtime.Frame
			f, more = frames.Next()
			collector = collector || f.Function == "runtime.gcBgMarkStartWorkers"
			if line == 0 && !strings.HasPrefix(f.Function, "runtime.") && !strings.HasPrefix(f.Function, "internal/runtime/") {
				line = -1
				if strings.HasSuffix(f.File, "profiled.go") {
					line = f.Line
				}
			}
		}
		if line > 0 && !collector {
			objects[line] += r.AllocObjects
			sizes[line] += r.AllocBytes
		}
	}
	for line, n := range objects {
		if n > 0 {
			println(line, n, sizes[line])
		}
	}
}
