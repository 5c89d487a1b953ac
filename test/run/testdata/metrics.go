package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"strings"
	"time"
)

var kept [][]byte
var stats runtime.MemStats

// What runtime/metrics tells has the kinds that it says, and adds up.
func main() {
	for i := range 100 {
		kept = append(kept, make([]byte, 100*i))
	}
	runtime.GC()
	stop := make(chan bool)
	go func() { <-stop }()
	time.Sleep(time.Millisecond)
	var samples []metrics.Sample
	for _, d := range metrics.All() {
		samples = append(samples, metrics.Sample{Name: d.Name})
	}
	metrics.Read(samples)
	total, classes, objects, goroutines, states := uint64(0), uint64(0), uint64(0), uint64(0), uint64(0)
	bySize := map[string]uint64{}
	for i, d := range metrics.All() {
		v := samples[i].Value
		if v.Kind() != d.Kind {
			fmt.Println(d.Name, "is not what it should be:", v.Kind())
			continue
		}
		switch d.Kind {
		case metrics.KindFloat64:
			fmt.Println(d.Name, v.Float64() >= 0)
		case metrics.KindFloat64Histogram:
			h := v.Float64Histogram()
			fmt.Println(d.Name, len(h.Counts), h.Buckets)
			for _, n := range h.Counts {
				bySize[d.Name] += n
			}
		case metrics.KindUint64:
			n := v.Uint64()
			switch {
			case d.Name == "/memory/classes/total:bytes":
				total = n
			case strings.HasPrefix(d.Name, "/memory/classes/"):
				classes += n
			case d.Name == "/gc/heap/objects:objects":
				objects = n
			case d.Name == "/sched/goroutines:goroutines":
				goroutines = n
			case strings.HasPrefix(d.Name, "/sched/goroutines/"):
				states += n
			}
		}
	}
	fmt.Println(total == classes, goroutines >= 2 && goroutines == states)
	fmt.Println(objects == bySize["/gc/heap/allocs-by-size:bytes"]-bySize["/gc/heap/frees-by-size:bytes"])
	fmt.Println(bySize["/gc/pauses:seconds"] >= 2, bySize["/sched/pauses/total/gc:seconds"] >= 2)
	stop <- true
	// To read them does not change them: no stack grows for it.
	const readers = 40
	same, differ := make(chan bool), 0
	for range readers {
		go func() {
			stacks := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
			runtime.ReadMemStats(&stats)
			metrics.Read(stacks)
			same <- stacks[0].Value.Uint64() == stats.StackInuse
			<-stop
		}()
		if !<-same {
			differ++
		}
	}
	fmt.Println(differ)
}
