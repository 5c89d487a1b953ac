package main

import (
	"os"
	"runtime/metrics"
	"time"
)

func main() {
	func() {
		defer func() { println(recover() == nil) }()
		panic(nil)
	}()
	t := time.NewTimer(time.Hour)
	println(cap(t.C))
	s := []metrics.Sample{{Name: "/godebug/non-default-behavior/panicnil:events"}, {Name: "/godebug/non-default-behavior/asynctimerchan:events"}, {Name: "/godebug/non-default-behavior/winsymlink:events"}, {Name: "/godebug/non-default-behavior/fips140:events"}}
	metrics.Read(s)
	for _, s := range s {
		if s.Value.Kind() == metrics.KindUint64 {
			println(s.Name, s.Value.Uint64())
		} else {
			println(s.Name, s.Value.Kind())
		}
	}
	os.Setenv("GODEBUG", "panicnil=0")
	func() {
		defer func() { println(recover() == nil) }()
		panic(nil)
	}()
}
