package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
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

// The CPU profile knows where the program was.
func main() {
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
