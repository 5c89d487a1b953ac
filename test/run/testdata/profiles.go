package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"time"
)

var sink int

//go:noinline
func busy(d time.Duration) {
	for t := time.Now(); time.Since(t) < d; {
		for i := range 10000 {
			sink += i * sink
		}
	}
}

var kept any

// allocated prints the stacks of the memory profile that an allocation of allocate has.
func allocated() {
	runtime.MemProfileRate = 1
	allocate()
	runtime.GC()
	runtime.GC()
	records := make([]runtime.MemProfileRecord, 1000)
	n, _ := runtime.MemProfile(records, true)
	for _, r := range records[:n] {
		if r.AllocBytes != 112 && r.AllocBytes != 1<<20 {
			continue
		}
		var names []string
		for _, pc := range r.Stack() {
			names = append(names, runtime.FuncForPC(pc-1).Name())
		}
		if stack := strings.Join(names, " "); strings.Contains(stack, "main.allocate ") {
			fmt.Println(r.AllocBytes, stack)
		}
	}
	runtime.MemProfileRate = 0
}

//go:noinline
func allocate() {
	kept = make([]byte, 100)
	kept = make([]byte, 1<<20)
}

// The CPU profile knows where the program was.
func main() {
	allocated()
	for range 2 {
		var b bytes.Buffer
		if err := pprof.StartCPUProfile(&b); err != nil {
			panic(err)
		}
		fmt.Println(pprof.StartCPUProfile(io.Discard))
		busy(100 * time.Millisecond)
		pprof.StopCPUProfile()
		r, err := gzip.NewReader(&b)
		if err != nil {
			panic(err)
		}
		all, err := io.ReadAll(r)
		fmt.Println(err, strings.Contains(string(all), "main.busy"), strings.Contains(string(all), "cpu"))
	}
	f, err := os.CreateTemp("", "crash")
	if err != nil {
		panic(err)
	}
	defer os.Remove(f.Name())
	fmt.Println(debug.SetCrashOutput(f, debug.CrashOptions{}), debug.SetCrashOutput(nil, debug.CrashOptions{}))
}
