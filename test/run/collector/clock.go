// What happens after minutes: collections that nobody asked for, and how long goroutines wait.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

func main() {
	c := make(chan int)
	go func() { <-c }()
	time.Sleep(time.Second)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	time.Sleep(5 * time.Minute)
	runtime.ReadMemStats(&after)
	fmt.Println(after.NumGC-before.NumGC, "collections,", after.NumForcedGC-before.NumForcedGC, "forced")
	stacks := make([]byte, 1<<16)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for line := range strings.Lines(string(stacks)) {
		if strings.Contains(line, "chan receive") {
			fmt.Print(line)
		}
	}
}
