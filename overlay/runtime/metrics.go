package runtime

import (
	"internal/runtime/gc"
	"unsafe"
)

// What runtime/metrics reads. What Go's runtime has and this one has not (threads that wait) is 0. The
// goroutines that Go's own runtime keeps are not here, so goroutines are those of the program, and of finalizers.

// A metricSample is runtime/metrics.Sample.
type metricSample struct {
	name   string
	kind   int
	scalar uint64 // a number, or the bits of one
	data   unsafe.Pointer
}

const (
	metricKindBad = iota
	metricKindUint64
	metricKindFloat64
	metricKindHistogram
)

// A metricHistogram is runtime/metrics.Float64Histogram.
type metricHistogram struct {
	counts  []uint64
	buckets []float64
}

// metricStats is not a variable of readMetrics: the stack would grow for it, and what is measured with it.
var metricStats MemStats

//go:linkname readMetrics runtime/metrics.runtime_readMetrics
func readMetrics(samples unsafe.Pointer, n, capacity int) {
	m := &metricStats
	ReadMemStats(m)
	for i := 0; i < n; i++ {
		s := (*metricSample)(add(samples, uintptr(i)*unsafe.Sizeof(metricSample{})))
		if v, ok := countMetric(s.name, m); ok {
			s.kind, s.scalar, s.data = metricKindUint64, v, nil
		} else if v, ok := secondsMetric(s.name); ok {
			s.kind, s.scalar, s.data = metricKindFloat64, *(*uint64)(unsafe.Pointer(&v)), nil
		} else if !s.readHistogram() {
			s.kind = metricKindBad
		}
	}
}

// countMetric reads what is a whole number.
func countMetric(name string, m *MemStats) (n uint64, ok bool) {
	switch name {
	case "/cgo/go-to-c-calls:calls", "/gc/limiter/last-enabled:gc-cycle", "/memory/classes/os-stacks:bytes",
		"/memory/classes/metadata/mcache/free:bytes":
		return 0, true
	case "/memory/classes/metadata/mspan/free:bytes":
		return m.MSpanSys - m.MSpanInuse, true
	case "/gc/cleanups/executed:cleanups":
		return uint64(finq.executed), true
	case "/gc/cleanups/queued:cleanups":
		return uint64(finq.queued), true
	case "/gc/finalizers/executed:finalizers":
		return uint64(finq.finDone), true
	case "/gc/finalizers/queued:finalizers":
		return uint64(finq.finQueued), true
	case "/gc/cycles/automatic:gc-cycles":
		return uint64(m.NumGC - m.NumForcedGC), true
	case "/gc/cycles/forced:gc-cycles":
		return uint64(m.NumForcedGC), true
	case "/gc/cycles/total:gc-cycles":
		return uint64(m.NumGC), true
	case "/gc/gogc:percent":
		return uint64(gcs.percent), true
	case "/gc/gomemlimit:bytes":
		return uint64(gcs.memoryLimit), true
	case "/gc/heap/allocs:bytes":
		return m.TotalAlloc, true
	case "/gc/heap/allocs:objects":
		return m.Mallocs - uint64(memstats.tinyAllocs), true
	case "/gc/heap/frees:bytes":
		return m.TotalAlloc - m.HeapAlloc, true
	case "/gc/heap/frees:objects":
		return m.Frees - uint64(memstats.tinyAllocs), true
	case "/gc/heap/goal:bytes":
		return m.NextGC, true
	case "/gc/heap/live:bytes":
		return uint64(gcs.marked), true
	case "/gc/heap/objects:objects":
		return m.HeapObjects, true
	case "/gc/heap/tiny/allocs:objects":
		return uint64(memstats.tinyAllocs), true
	case "/gc/scan/globals:bytes":
		return uint64(gcs.globalsScan), true
	case "/gc/scan/heap:bytes":
		return uint64(gcs.lastHeapScan), true
	case "/gc/scan/stack:bytes":
		return uint64(gcs.stackScan), true
	case "/gc/scan/total:bytes":
		return uint64(gcs.globalsScan + gcs.lastHeapScan + gcs.stackScan), true
	case "/gc/stack/starting-size:bytes":
		return uint64(startingStackSize), true
	case "/memory/classes/heap/objects:bytes":
		return m.HeapAlloc, true
	case "/memory/classes/heap/free:bytes":
		return m.HeapIdle - m.HeapReleased, true
	case "/memory/classes/heap/released:bytes":
		return m.HeapReleased, true
	case "/memory/classes/heap/unused:bytes":
		return m.HeapInuse - m.HeapAlloc, true
	case "/memory/classes/heap/stacks:bytes":
		return m.StackInuse, true
	case "/memory/classes/metadata/mcache/inuse:bytes":
		return m.MCacheInuse, true
	case "/memory/classes/metadata/mspan/inuse:bytes":
		return m.MSpanInuse, true
	case "/memory/classes/metadata/other:bytes":
		return m.GCSys, true
	case "/memory/classes/profiling/buckets:bytes":
		return m.BuckHashSys, true
	case "/memory/classes/other:bytes":
		return m.OtherSys, true
	case "/memory/classes/total:bytes":
		return m.Sys, true
	case "/sched/gomaxprocs:threads":
		return uint64(gomaxprocs), true
	case "/sched/goroutines:goroutines":
		return uint64(gcount() + sched.nsystem), true
	case "/sched/goroutines-created:goroutines":
		return goidgen - firstGoid + 2, true // the main one, and those from the first number on
	case "/sched/goroutines/running:goroutines":
		return countStatus(_Grunning), true
	case "/sched/goroutines/runnable:goroutines":
		return countStatus(_Grunnable), true
	case "/sched/goroutines/not-in-go:goroutines":
		return countStatus(_Gsyscall), true
	case "/sched/goroutines/waiting:goroutines":
		return countStatus(_Gwaiting), true
	case "/sched/threads/total:threads":
		if threads {
			return uint64(nthreads), true
		}
		return 1, true
	}
	return readGodebugMetric(name)
}

func countStatus(status uint32) uint64 {
	if threads {
		lock()
	}
	n := uint64(0)
	for _, gp := range allgs {
		if gp.status == status {
			n++
		}
	}
	if threads {
		unlock()
	}
	return n
}

// secondsMetric reads how long the program did what.
func secondsMetric(name string) (seconds float64, ok bool) {
	assist, background, idle := gcs.spent[gcByAssist], gcs.spent[gcByBackground], gcs.spent[gcByIdle]
	pauses := int64(gcs.pauseTotal)
	total := nanotime() - startTime
	n := int64(0)
	switch name {
	case "/cpu/classes/gc/mark/assist:cpu-seconds":
		n = assist
	case "/cpu/classes/gc/mark/dedicated:cpu-seconds":
		n = background
	case "/cpu/classes/gc/mark/idle:cpu-seconds":
		n = idle
	case "/cpu/classes/gc/pause:cpu-seconds":
		n = pauses
	case "/cpu/classes/gc/total:cpu-seconds":
		n = assist + background + idle + pauses
	case "/cpu/classes/idle:cpu-seconds":
		n = idleTime
	case "/cpu/classes/scavenge/assist:cpu-seconds", "/cpu/classes/scavenge/background:cpu-seconds",
		"/cpu/classes/scavenge/total:cpu-seconds", "/sync/mutex/wait/total:seconds":
	case "/cpu/classes/total:cpu-seconds":
		n = total
	case "/cpu/classes/user:cpu-seconds":
		n = max(total-idleTime-assist-background-idle-pauses, 0)
	default:
		return 0, false
	}
	return float64(n) / 1e9, true
}

// readHistogram gives what is counted by size or duration.
func (s *metricSample) readHistogram() bool {
	switch s.name {
	case "/gc/heap/allocs-by-size:bytes":
		s.histogram(sizeBuckets())
		copy(s.counts(), memstats.smallAllocs[1:])
		s.counts()[gc.NumSizeClasses-1] = uint64(memstats.largeAllocs)
	case "/gc/heap/frees-by-size:bytes":
		s.histogram(sizeBuckets())
		copy(s.counts(), memstats.smallFrees[1:])
		s.counts()[gc.NumSizeClasses-1] = uint64(memstats.largeFrees)
	case "/gc/pauses:seconds", "/sched/pauses/total/gc:seconds":
		s.histogram(timeBuckets())
		copy(s.counts(), gcs.pauses[:])
	case "/sched/latencies:seconds", "/sched/pauses/stopping/gc:seconds", "/sched/pauses/stopping/other:seconds",
		"/sched/pauses/total/other:seconds":
		s.histogram(timeBuckets())
	default:
		return false
	}
	return true
}

func (s *metricSample) histogram(buckets []float64) {
	s.kind = metricKindHistogram
	s.data = unsafe.Pointer(&metricHistogram{make([]uint64, len(buckets)-1), buckets})
}

func (s *metricSample) counts() []uint64 {
	return (*metricHistogram)(s.data).counts
}

// sizeBuckets are the size classes; the last bucket has all larger objects.
func sizeBuckets() []float64 {
	b := make([]float64, gc.NumSizeClasses+1)
	b[0] = 1
	for i := 1; i < gc.NumSizeClasses; i++ {
		b[i] = float64(gc.SizeClassToSize[i]) + 1
	}
	b[len(b)-1] = infinity()
	return b
}

// Durations are counted by their highest bit and the two bits below it; those below 2^8 ns by these two bits alone, and those
// from 2^47 ns on in one bucket. The first bucket is for negative ones.
const (
	timeLowBits  = 8
	timeHighBits = 47
	timeSubs     = 4
	timeCounts   = (timeHighBits-timeLowBits+1)*timeSubs + 2
)

func timeBuckets() []float64 {
	b := make([]float64, timeCounts+1)
	b[0] = -infinity()
	for j := 0; j < timeSubs; j++ {
		b[1+j] = float64(uint64(j)<<(timeLowBits-2)) / 1e9
	}
	at := 1 + timeSubs
	for bit := timeLowBits; bit < timeHighBits; bit++ {
		for j := 0; j < timeSubs; j++ {
			b[at] = float64(uint64(timeSubs+j)<<(bit-2)) / 1e9
			at++
		}
	}
	b[at] = float64(uint64(1)<<timeHighBits) / 1e9
	b[at+1] = infinity()
	return b
}

// countDuration counts one in the histogram.
func countDuration(counts *[timeCounts]uint64, ns int64) {
	if ns < 0 {
		counts[0]++
		return
	}
	if ns >= 1<<timeHighBits {
		counts[timeCounts-1]++
		return
	}
	if ns < 1<<timeLowBits {
		counts[1+ns>>(timeLowBits-2)]++
		return
	}
	bit := 63 - int(clz64(uint64(ns)))
	counts[1+timeSubs*(bit-timeLowBits+1)+int(ns>>(bit-2))&(timeSubs-1)]++
}
