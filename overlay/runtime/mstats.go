package runtime

import (
	"internal/runtime/gc"
	"unsafe"
)

// memstats counts what happens in the heap. Counts of small objects are exact after the cache is flushed.
var memstats memCounts

type memCounts struct {
	heapLive        uintptr // bytes, with the free part of cached spans
	heapScan        uintptr
	heapFree        uintptr // bytes of free pages that are not scavenged
	heapReleased    uintptr // and of those that are
	stackInuse      uintptr
	stackSys        uintptr
	mappedSys       uintptr // of the program's own
	mspanSys        uintptr
	gcSys           uintptr
	bucketSys       uintptr
	otherSys        uintptr
	spansInUse      uintptr // pages of spans with objects
	spans           uintptr // of all kinds
	tinyAllocs      uintptr
	largeAllocs     uintptr
	largeAllocBytes uintptr
	largeFrees      uintptr
	largeFreeBytes  uintptr
	smallAllocs     [gc.NumSizeClasses]uint64
	smallFrees      [gc.NumSizeClasses]uint64
}

// metadata is what the allocator and the collector have for themselves.
func (s *memCounts) metadata() uintptr {
	return s.mspanSys + s.gcSys + s.bucketSys + s.otherSys
}

// A MemStats records statistics about the memory allocator.
type MemStats struct {
	// Alloc is bytes of allocated heap objects.
	Alloc uint64
	// TotalAlloc is cumulative bytes allocated for heap objects.
	TotalAlloc uint64
	// Sys is the total bytes of memory obtained from the OS.
	Sys uint64
	// Lookups is the number of pointer lookups performed by the runtime.
	Lookups uint64
	// Mallocs is the cumulative count of heap objects allocated.
	Mallocs uint64
	// Frees is the cumulative count of heap objects freed.
	Frees uint64

	// HeapAlloc is bytes of allocated heap objects.
	HeapAlloc uint64
	// HeapSys is bytes of heap memory obtained from the OS.
	HeapSys uint64
	// HeapIdle is bytes in idle (unused) spans.
	HeapIdle uint64
	// HeapInuse is bytes in in-use spans.
	HeapInuse uint64
	// HeapReleased is bytes of physical memory returned to the OS.
	HeapReleased uint64
	// HeapObjects is the number of allocated heap objects.
	HeapObjects uint64

	// StackInuse is bytes in stack spans.
	StackInuse uint64
	// StackSys is bytes of stack memory obtained from the OS.
	StackSys uint64

	// Memory of the runtime itself.
	MSpanInuse  uint64
	MSpanSys    uint64
	MCacheInuse uint64
	MCacheSys   uint64
	BuckHashSys uint64
	GCSys       uint64
	OtherSys    uint64

	// NextGC is the target heap size of the next GC cycle.
	NextGC uint64
	// LastGC is the time the last garbage collection finished, as nanoseconds since 1970.
	LastGC uint64
	// PauseTotalNs is the cumulative nanoseconds in GC stop-the-world pauses since the program started.
	PauseTotalNs uint64
	// PauseNs is a circular buffer of recent GC stop-the-world pause times in nanoseconds.
	PauseNs [256]uint64
	// PauseEnd is a circular buffer of recent GC pause end times, as nanoseconds since 1970.
	PauseEnd [256]uint64
	// NumGC is the number of completed GC cycles.
	NumGC uint32
	// NumForcedGC is the number of GC cycles that were forced by the application calling the GC function.
	NumForcedGC uint32
	// GCCPUFraction is the fraction of this program's available CPU time used by the GC since the program started.
	GCCPUFraction float64
	// EnableGC indicates that GC is enabled. It is always true.
	EnableGC bool
	// DebugGC is currently unused.
	DebugGC bool

	// BySize reports per-size class allocation statistics.
	BySize [61]struct {
		// Size is the maximum byte size of an object in this size class.
		Size uint32
		// Mallocs is the cumulative count of heap objects allocated in this size class.
		Mallocs uint64
		// Frees is the cumulative count of heap objects freed in this size class.
		Frees uint64
	}
}

// heapCounts are the sums over all size classes.
type heapCounts struct {
	mallocs, frees         uint64
	allocBytes, freedBytes uint64
}

// countHeap sums up what the caches have not counted yet, too.
func countHeap() heapCounts {
	var c heapCounts
	m0.cache.count()
	if threads {
		for i := int32(0); i < nthreads; i++ {
			if m := otherMachine(i); m != nil {
				m.cache.count()
			}
		}
	}
	for i := range memstats.smallAllocs {
		size := uint64(gc.SizeClassToSize[i])
		c.mallocs += memstats.smallAllocs[i]
		c.frees += memstats.smallFrees[i]
		c.allocBytes += memstats.smallAllocs[i] * size
		c.freedBytes += memstats.smallFrees[i] * size
	}
	c.mallocs += uint64(memstats.largeAllocs + memstats.tinyAllocs)
	c.frees += uint64(memstats.largeFrees + memstats.tinyAllocs)
	c.allocBytes += uint64(memstats.largeAllocBytes)
	c.freedBytes += uint64(memstats.largeFreeBytes)
	return c
}

// count adds what the cache has not counted yet to the statistics.
func (c *mcache) count() {
	for i := range c.alloc {
		s := c.alloc[i]
		if s == &emptySpan {
			continue
		}
		countCached(s)
	}
	memstats.tinyAllocs += c.tinyAllocs
	c.tinyAllocs = 0
}

// ReadMemStats populates m with memory allocator statistics.
func ReadMemStats(m *MemStats) {
	systemstack(func() {
		if threads {
			stopTheWorld()
		}
		readMemStats(m)
		// Go empties the caches: the next tiny object begins a block.
		m0.cache.tiny = 0
		m0.cache.tinyoffset = 0
		if threads {
			startTheWorld()
		}
	})
}

func readMemStats(m *MemStats) {
	c := countHeap()
	m.Alloc = c.allocBytes - c.freedBytes
	m.TotalAlloc = c.allocBytes
	m.Lookups = 0
	m.Mallocs = c.mallocs
	m.Frees = c.frees
	m.HeapAlloc = m.Alloc
	m.HeapObjects = c.mallocs - c.frees
	m.HeapInuse = uint64(memstats.spansInUse << _PageShift)
	m.HeapIdle = uint64(memstats.heapFree + memstats.heapReleased)
	m.HeapSys = m.HeapInuse + m.HeapIdle
	m.HeapReleased = uint64(memstats.heapReleased)
	m.StackInuse = uint64(memstats.stackSys)
	m.StackSys = uint64(memstats.stackSys)
	m.MSpanInuse = uint64(memstats.spans * unsafe.Sizeof(mspan{}))
	m.MSpanSys = uint64(memstats.mspanSys)
	m.MCacheInuse = uint64(unsafe.Sizeof(mcache{}))
	m.MCacheSys = m.MCacheInuse
	m.BuckHashSys = uint64(memstats.bucketSys)
	m.GCSys = uint64(memstats.gcSys)
	m.OtherSys = uint64(memstats.otherSys + memstats.mappedSys)
	m.Sys = m.HeapSys + m.StackSys + m.MSpanSys + m.MCacheSys + m.BuckHashSys + m.GCSys + m.OtherSys
	m.NextGC = uint64(gcs.goal)
	m.LastGC = uint64(gcs.lastEnd)
	m.PauseTotalNs = gcs.pauseTotal
	m.PauseNs = gcs.pauseNS
	m.PauseEnd = gcs.pauseEnd
	m.NumGC = gcs.numGC
	m.NumForcedGC = gcs.numForced
	if total := nanotime() - startTime; total > 0 {
		m.GCCPUFraction = float64(gcs.cpuTime) / float64(total)
	}
	m.EnableGC = true
	for i := range m.BySize {
		b := &m.BySize[i]
		b.Size = uint32(gc.SizeClassToSize[i])
		b.Mallocs = memstats.smallAllocs[i]
		b.Frees = memstats.smallFrees[i]
	}
}

//go:linkname readGCStats runtime/debug.readGCStats
func readGCStats(pauses *[]uint64) {
	p := *pauses
	if cap(p) < len(gcs.pauseNS)+3 {
		throw("short slice passed to readGCStats")
	}
	n := min(gcs.numGC, uint32(len(gcs.pauseNS)))
	p = p[:cap(p)]
	for i := uint32(0); i < n; i++ {
		j := (gcs.numGC - 1 - i) % uint32(len(gcs.pauseNS))
		p[i] = gcs.pauseNS[j]
		p[n+i] = gcs.pauseEnd[j]
	}
	p[n+n] = uint64(gcs.lastEnd)
	p[n+n+1] = uint64(gcs.numGC)
	p[n+n+2] = gcs.pauseTotal
	*pauses = p[:n+n+3]
}
