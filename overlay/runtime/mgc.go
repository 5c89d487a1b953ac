package runtime

import "unsafe"

// The collector: mark and sweep. Marking starts from the program's variables, the stacks and what finalizers refer to;
// sweeping happens span by span when memory is wanted, and at the latest before the next cycle.

const (
	gcTriggerHeap = iota
	gcTriggerForced
	gcTriggerTime
	gcTriggerStress
)

const defaultHeapMinimum = 4 << 20

type gcState struct {
	percent     int32 // GOGC; -1: off
	memoryLimit int64
	heapMinimum uintptr
	trigger     uintptr
	goal        uintptr
	marked      uintptr // bytes that the last cycle found
	stackScan   uintptr
	globalsScan uintptr
	numGC       uint32
	numForced   uint32
	cycles      uint32
	lastEnd     int64 // wall clock
	lastNano    int64
	pauseTotal  uint64
	pauseNS     [256]uint64
	pauseEnd    [256]uint64
	markTime    int64 // in all cycles
	sweeping    bool
	fraction    float64
}

var gcs gcState

var gcEnabled, gcMarking bool

func gcinit() {
	gcs.percent = 100
	switch v := gogetenv("GOGC"); v {
	case "":
	case "off":
		gcs.percent = -1
	default:
		if n, ok := atoi32(v); ok {
			gcs.percent = n
		}
	}
	gcs.memoryLimit = readMemoryLimit(gogetenv("GOMEMLIMIT"))
	maxMemory = uintptr(hostnumber(hostMaxMemory))
	if hostnumber(hostProfile) != 0 {
		MemProfileRate = 1
	}
	stressGC = hostnumber(hostStressGC)
	checkHeap = hostnumber(hostCheck) != 0
	gcs.globalsScan = uintptr(linkinfo[linkDataEnd] - linkinfo[linkDataStart])
	pace()
}

// gcenable lets collections happen: package runtime is initialised.
func gcenable() {
	gcEnabled = true
}

func readMemoryLimit(s string) int64 {
	if s == "" || s == "off" {
		return maxInt64
	}
	n, ok := parseByteCount(s)
	if !ok {
		print("GOMEMLIMIT=", s, "\n")
		throw("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`")
	}
	return n
}

const maxInt64 = 1<<63 - 1

// parseByteCount reads a number of bytes with one of the suffixes B, KiB, MiB, GiB, TiB or none.
func parseByteCount(s string) (int64, bool) {
	shift := uint(0)
	n := len(s)
	if n > 0 && s[n-1] == 'B' {
		n--
		if n >= 2 && s[n-1] == 'i' {
			switch s[n-2] {
			case 'K':
				shift = 10
			case 'M':
				shift = 20
			case 'G':
				shift = 30
			case 'T':
				shift = 40
			default:
				return 0, false
			}
			n -= 2
		}
	}
	v, ok := atoi64(s[:n])
	if !ok || v < 0 {
		return 0, false
	}
	if v > maxInt64>>shift {
		return maxInt64, true
	}
	return v << shift, true
}

// pace sets the goal and the trigger of the next cycle.
func pace() {
	gcs.heapMinimum = defaultHeapMinimum
	if gcs.percent >= 0 {
		gcs.heapMinimum = defaultHeapMinimum * uintptr(gcs.percent) / 100
	}
	goal := ^uintptr(0) >> 1
	if gcs.percent >= 0 {
		goal = gcs.marked + (gcs.marked+gcs.stackScan+gcs.globalsScan)*uintptr(gcs.percent)/100
		goal = max(goal, gcs.heapMinimum)
	}
	if gcs.memoryLimit != maxInt64 {
		if limited := limitGoal(); limited < goal {
			goal = limited
		}
	}
	gcs.goal = goal
	trigger := goal
	if goal > gcs.marked {
		trigger = gcs.marked + (goal-gcs.marked)/64*61
		if goal > defaultHeapMinimum && goal-defaultHeapMinimum > trigger {
			trigger = goal - defaultHeapMinimum
		}
	}
	gcs.trigger = trigger
}

// limitGoal is the heap size that keeps the program within its memory limit.
func limitGoal() uintptr {
	overhead := int64(memstats.otherSys + memstats.stackInuse)
	limit := gcs.memoryLimit - overhead
	limit -= max(limit/100*3, 1<<20)
	if limit < int64(gcs.marked) {
		return gcs.marked
	}
	return uintptr(limit)
}

func gcShouldStart() bool {
	return gcEnabled && !m0.gcing && memstats.heapLive >= gcs.trigger
}

// gcStart runs a whole cycle up to the sweep. It runs on the system stack.
func gcStart(why int) {
	if m0.gcing {
		return
	}
	start := nanotime()
	m0.gcing = true
	before := memstats.heapLive
	sweepAll()
	flushCache()
	clearpools()
	before = memstats.heapLive
	gcMarking = true
	markRoots()
	drain()
	gcMarking = false
	after := memstats.heapLive
	finishMark()
	gcs.cycles++
	gcs.numGC++
	if why == gcTriggerForced {
		gcs.numForced++
	}
	goal := gcs.goal
	pace()
	end := nanotime()
	gcs.lastNano = end
	gcs.lastEnd = hostwalltime()
	pause := uint64(end - start)
	gcs.pauseNS[(gcs.numGC-1)%256] = pause
	gcs.pauseEnd[(gcs.numGC-1)%256] = uint64(gcs.lastEnd)
	gcs.pauseTotal += pause
	gcs.markTime += end - start
	m0.gcing = false
	if debug.gctrace > 0 {
		gcPrint(start, end, before, after, goal, why)
	}
	if checkHeap {
		verifyHeap()
	}
}

// finishMark turns what was marked into the state before sweeping.
func finishMark() {
	h := &mheap
	h.sweepgen += 2
	for i := range h.central {
		c := &h.central[i]
		c.partialUnswept.takeAll(&c.partial)
		c.fullUnswept.takeAll(&c.full)
	}
	h.largeUnswept.takeAll(&h.large)
	gcs.sweeping = true
	gcs.marked = work.bytesMarked
	gcs.stackScan = work.stackScan
	memstats.heapLive = work.bytesMarked
	memstats.heapScan = 0
	sweepClass = 0
}

// clearpools drops what is only kept to be used again.
func clearpools() {
	if poolcleanup != nil {
		poolcleanup()
	}
	for _, p := range boringCaches {
		*(*unsafe.Pointer)(p) = nil
	}
	m0.sudogpool = nil
	m0.deferpool = nil
}

var boringCaches []unsafe.Pointer

//go:linkname boring_registerCache crypto/internal/boring/bcache.registerCache
func boring_registerCache(p unsafe.Pointer) {
	boringCaches = append(boringCaches, p)
}

// GC runs a garbage collection and blocks the caller until the garbage collection is complete. It may also block the
// entire program.
func GC() {
	systemstack(func() {
		gcStart(gcTriggerForced)
		sweepAll()
	})
	// Finalizers and cleanups that are due get a chance to start.
	Gosched()
}

// gcPrint writes a line for GODEBUG=gctrace=1.
func gcPrint(start, end int64, before, after, goal uintptr, why int) {
	printlock()
	util := int(0)
	if total := end - startTime; total > 0 {
		util = int(gcs.markTime * 100 / total)
	}
	print("gc ", gcs.numGC, " @")
	printSeconds(start - startTime)
	print("s ", util, "%: 0+")
	printMillis(end - start)
	print("+0 ms clock, 0+0/")
	printMillis(end - start)
	print("/0+0 ms cpu, ", before>>20, "->", after>>20, "->", gcs.marked>>20, " MB, ", goal>>20, " MB goal, ",
		memstats.stackInuse>>20, " MB stacks, ", gcs.globalsScan>>20, " MB globals, ", gomaxprocs, " P")
	if why == gcTriggerForced {
		print(" (forced)")
	}
	print("\n")
	printunlock()
}

func printSeconds(ns int64) {
	ms := ns / 1e6
	print(ms/1000, ".")
	rest := ms % 1000
	if rest < 100 {
		print("0")
	}
	if rest < 10 {
		print("0")
	}
	print(rest)
}

// printMillis prints milliseconds with two significant digits, at most three decimals.
func printMillis(ns int64) {
	if ns >= 10e6 {
		print(ns / 1e6)
		return
	}
	us := ns / 1000
	if us == 0 {
		print("0")
		return
	}
	decimals := 3
	for us >= 100 {
		us /= 10
		decimals--
	}
	scale := int64(1)
	for i := 0; i < decimals; i++ {
		scale *= 10
	}
	print(us/scale, ".")
	frac := us % scale
	for scale /= 10; scale > 0; scale /= 10 {
		print(frac / scale)
		frac %= scale
	}
}

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(in int32) int32 {
	old := gcs.percent
	if in < 0 {
		in = -1
	}
	gcs.percent = in
	pace()
	return old
}

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(in int64) int64 {
	old := gcs.memoryLimit
	if in >= 0 {
		gcs.memoryLimit = in
		pace()
	}
	return old
}

//go:linkname runtime_debug_freeOSMemory runtime/debug.freeOSMemory
func runtime_debug_freeOSMemory() {
	GC()
}

// The write barrier: while marking, pointers that are stored in the heap are marked. Stacks are scanned again at the end.

func barrierOn() bool {
	return gcMarking
}

func gcWriteBarrier(slot *unsafe.Pointer, value unsafe.Pointer) {
	markPtr(uintptr(value))
}

func wbMove(t *_type, dst, src unsafe.Pointer) {
	if t.PtrBytes != 0 {
		markTyped(uintptr(src), t.Size_, t)
	}
}

func wbZero(t *_type, dst unsafe.Pointer) {}

// bulkBarrierPreWriteSrcOnly marks what n bytes of heap memory at src point to.
func bulkBarrierPreWriteSrcOnly(src, n uintptr) {
	if gcMarking {
		markRange(src, n)
	}
}

func bulkBarrierPreWrite(dst, src, n uintptr) {
	if gcMarking && src != 0 {
		markRange(src, n)
	}
}

func typedmemmove(t *_type, dst, src unsafe.Pointer) {
	if dst == src {
		return
	}
	if gcMarking && t.PtrBytes != 0 {
		markTyped(uintptr(src), t.Size_, t)
	}
	memcopy(dst, src, t.Size_)
	if checkHeap && t.PtrBytes != 0 {
		checkMoved(dst, int32(t.Size_))
	}
}

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(t *_type, dst, src unsafe.Pointer) {
	typedmemmove(t, dst, src)
}

//go:linkname reflectlite_typedmemmove internal/reflectlite.typedmemmove
func reflectlite_typedmemmove(t *_type, dst, src unsafe.Pointer) {
	typedmemmove(t, dst, src)
}

func typedmemclr(t *_type, p unsafe.Pointer) {
	memzero(p, t.Size_)
}

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(t *_type, p unsafe.Pointer) {
	memzero(p, t.Size_)
}

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(t *_type, p unsafe.Pointer, off, size uintptr) {
	memzero(p, size)
}

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(t *_type, p unsafe.Pointer, n int) {
	memzero(p, t.Size_*uintptr(n))
}

func typedslicecopy(t *_type, dstPtr unsafe.Pointer, dstLen int, srcPtr unsafe.Pointer, srcLen int) int {
	n := min(dstLen, srcLen)
	if n == 0 || dstPtr == srcPtr {
		return n
	}
	size := uintptr(n) * t.Size_
	if gcMarking && t.PtrBytes != 0 {
		markTyped(uintptr(srcPtr), size, t)
	}
	memcopy(dstPtr, srcPtr, size)
	if checkHeap && t.PtrBytes != 0 {
		checkMoved(dstPtr, int32(size))
	}
	return n
}

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(t *_type, dst, src slice) int {
	return typedslicecopy(t, dst.array, dst.len, src.array, src.len)
}

//go:linkname atomic_storePointer internal/runtime/atomic.storePointer
func atomic_storePointer(ptr *unsafe.Pointer, new unsafe.Pointer) {
	*ptr = new
}

//go:linkname atomic_casPointer internal/runtime/atomic.casPointer
func atomic_casPointer(ptr *unsafe.Pointer, old, new unsafe.Pointer) bool {
	if *ptr == old {
		*ptr = new
		return true
	}
	return false
}
