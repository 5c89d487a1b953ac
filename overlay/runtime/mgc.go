package runtime

import "unsafe"

const (
	gcTriggerHeap = iota
	gcTriggerStress
)

var gcMarking, gcEnabled bool

func gcinit()                             {}
func gcenable()                           {}
func gcShouldStart() bool                 { return false }
func gcStart(why int)                     {}
func sweepSpan(s *mspan, cache bool) bool { return false }
func reclaimPages(n uintptr)              {}
func setMarked(s *mspan, i uintptr)       {}
func barrierOn() bool                     { return false }

func bulkBarrierPreWriteSrcOnly(src, n uintptr)   {}
func bulkBarrierPreWrite(dst, src, n uintptr)     {}
func profileAlloc(p unsafe.Pointer, used uintptr) {}

var MemProfileRate int = 512 * 1024

type special struct{}

var memstats struct {
	heapLive, heapScan, tinyAllocs, otherSys, heapMapped, heapSys, spansInUse uintptr
	largeAllocs, largeAllocBytes                                               uintptr
	smallAllocs                                                                [68]uint64
}

func typedmemmove(t *_type, dst, src unsafe.Pointer) {
	if dst == src {
		return
	}
	memcopy(dst, src, t.Size_)
}

func typedmemclr(t *_type, p unsafe.Pointer) {
	memzero(p, t.Size_)
}
