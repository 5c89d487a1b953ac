// Command pgo writes a profile of package work: the tests analyse that under it.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"example.com/pgo/work"
)

func main() {
	if len(os.Args) > 1 {
		f, err := os.Create(os.Args[1])
		if err != nil {
			panic(err)
		}
		runtime.SetCPUProfileRate(1000) // finer than the usual 100
		if err := pprof.StartCPUProfile(f); err != nil {
			panic(err)
		}
		defer pprof.StopCPUProfile()
	}
	t, n := 0.0, 0
	for start := time.Now(); time.Since(start) < 10*time.Second; {
		x, y := work.Work()
		t, n = t+x, n^y
	}
	fmt.Println(t > 0, n != 0)
}
