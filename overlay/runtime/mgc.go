package runtime

import "unsafe"

// The collector: mark and sweep, a bit at a time. A cycle begins at an allocation; then marking goes on in slices between
// the program's steps: allocations pay for what they take (gcAssist), and polls and the scheduler spend a quarter of the
// time (gcBackground). Sweeping happens span by span when memory is wanted, in proportion to what is allocated, and at
// the latest before the next cycle.
//
// What could be reached when the cycle began is marked, and what is allocated later is born marked (black). So the stacks
// are looked at once: that of the running goroutine at the beginning, the others before they run again. A pointer that
// the program overwrites in the heap or in a variable is marked by the write barrier (mbarrier.go).

const (
	gcTriggerHeap = iota
	gcTriggerForced
	gcTriggerTime
	gcTriggerStress
)

type gcState struct {
	percent     int32 // GOGC; -1: off
	memoryLimit int64
	pacer

	numGC     uint32
	numForced uint32
	cycles    uint32
	why       int // of the cycle under way, or the last one

	// Times of the cycle under way: when marking began and ended, and what it took from the program's time.
	startTime  int64
	startPause int64
	slices     [3]int64 // by who did them
	atOnce     bool     // the cycle is done in one go
	liveBefore uintptr
	liveAfter  uintptr

	lastEnd    int64 // wall clock
	lastNano   int64
	pauseTotal uint64
	pauseNS    [256]uint64
	pauseEnd   [256]uint64
	cpuTime    int64 // in all cycles
	spent      [3]int64
	pauses     [timeCounts]uint64
	sweeping   bool
}

// Who marks.
const (
	gcByAssist = iota
	gcByBackground
	gcByIdle
)

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
	gcs.globalsScan = measureGlobals()
	pace()
}

// gcenable lets collections happen: package runtime is initialised. In Go the main goroutine waits here until the sweeper
// and the scavenger run, so programs find a sudog that can be used again. The strings of the environment leave no tiny block
// half used, so that what a program allocates does not depend on them.
func gcenable() {
	gcEnabled = true
	releaseSudog(acquireSudog())
	m0.cache.tiny = 0
	m0.cache.tinyoffset = 0
}

func gcShouldStart() bool {
	return memstats.heapLive >= gcs.trigger && gcEnabled && !gcMarking
}

// gcStart begins a cycle. It runs on the system stack.
func gcStart(why int) {
	if gcMarking {
		return
	}
	if threads {
		stopTheWorld()
	}
	start := nanotime()
	m0.gcing = true
	sweepAll()
	flushCache()
	clearpools()
	gcs.why = why
	gcs.startTime = start
	gcs.slices = [3]int64{}
	gcs.liveBefore = memstats.heapLive
	startMark()
	gcMarking = true
	setbarrier(1)
	paceMark()
	m0.gcing = false
	gcs.startPause = nanotime() - start
	if threads || debug.gcstoptheworld > 0 {
		gcComplete()
	}
	if threads {
		startTheWorld()
	}
}

// forceGCPeriod is how long after a cycle the next one begins in any case.
const forceGCPeriod = 2 * 60e9

// gcPeriodic begins a cycle if the last one is long ago. The scheduler calls it, between goroutines.
func gcPeriodic() {
	if when := gcBefore(maxWhen); when != maxWhen && nanotime() >= when {
		gcStart(gcTriggerTime)
	}
}

// gcBefore gives when a cycle is due by the clock, if that is before when. What a program with a seed does does not depend
// on the clock.
func gcBefore(when int64) int64 {
	if !gcEnabled || gcMarking || gcs.lastNano == 0 || gcs.percent < 0 || sched.seeded {
		return when
	}
	return min(when, gcs.lastNano+forceGCPeriod)
}

// gcComplete does the whole cycle that has just begun.
func gcComplete() {
	gcs.atOnce = true
	for gcMarking {
		gcSlice(1 << 30)
		gcTryFinish()
	}
	gcs.atOnce = false
}

// gcTryFinish ends marking if nothing is left to mark. Where it is called, the frames of all goroutines are complete: in
// the allocator and in the scheduler.
func gcTryFinish() {
	if !gcMarking || !markDone() {
		return
	}
	start := nanotime()
	m0.gcing = true
	flushCache()
	flushPages()
	if checkHeap && !gcs.atOnce {
		checkMarks() // at once, nothing can have changed since
	}
	gcMarking = false
	setbarrier(0)
	gcs.liveAfter = memstats.heapLive
	goal := gcs.goal
	gcs.cycles++
	gcs.numGC++
	if gcs.why == gcTriggerForced {
		gcs.numForced++
	}
	mheap.sweepgen += 2
	gcs.sweeping = true
	sweepClass = 0
	paceEnd(start)
	end := nanotime()
	gcs.lastNano = end
	gcs.lastEnd = hostwalltime()
	pause := uint64(end - start + gcs.startPause)
	gcs.pauseNS[(gcs.numGC-1)%256] = pause
	gcs.pauseEnd[(gcs.numGC-1)%256] = uint64(gcs.lastEnd)
	gcs.pauseTotal += pause
	countDuration(&gcs.pauses, gcs.startPause)
	countDuration(&gcs.pauses, end-start)
	for by, ns := range gcs.slices {
		gcs.spent[by] += ns
	}
	gcs.cpuTime += int64(pause) + gcs.slices[gcByAssist] + gcs.slices[gcByBackground]
	m0.gcing = false
	if debug.gctrace > 0 {
		gcPrint(start, end, goal)
	}
	if checkHeap {
		verifyHeap()
	}
}

// clearpools drops what is only kept to be used again.
func clearpools() {
	pinnerCache = nil
	if poolcleanup != nil {
		poolcleanup()
	}
	for _, p := range boringCaches {
		*(*unsafe.Pointer)(p) = nil
	}
	sched.sudogcache = nil
	sched.defercache = nil
	if threads {
		for i := int32(0); i < nthreads; i++ {
			if m := otherMachine(i); m != nil {
				m.state.sudogcache = nil
				m.state.defercache = nil
			}
		}
	}
}

var boringCaches []unsafe.Pointer

//go:linkname boring_registerCache crypto/internal/boring/bcache.registerCache
func boring_registerCache(p unsafe.Pointer) {
	boringCaches = append(boringCaches, p)
}

// GC runs a garbage collection and blocks the caller until the garbage collection is complete. It may also block the
// entire program.
func GC() {
	gcWait()
	cycle := gcs.cycles
	systemstack(func() {
		gcStart(gcTriggerForced)
	})
	gcWait()
	for gcs.sweeping && gcs.cycles == cycle+1 {
		systemstack(func() {
			for i := 0; i < 256 && gcs.sweeping; i++ {
				sweepOne()
			}
		})
		if gcs.sweeping && runnable() {
			Gosched()
		}
	}
	// Finalizers and cleanups that are due get a chance to start.
	Gosched()
}

// gcWait brings the cycle under way to its end; other goroutines run in between.
func gcWait() {
	cycle := gcs.cycles
	for gcMarking && gcs.cycles == cycle {
		systemstack(func() {
			start := nanotime()
			for i := int64(0); ; i++ {
				gcSlice(markSlice)
				if markDone() || nanotime()-start > sliceTime {
					break
				}
			}
			gcs.slices[gcByBackground] += nanotime() - start
			gcTryFinish()
		})
		if gcMarking && runnable() {
			Gosched()
		}
	}
}

// runnable tells whether some goroutine waits for its turn.
func runnable() bool {
	return othersRunnable() || timers.count() > 0
}

const (
	// markSlice is how many bytes are scanned between looks at the clock.
	markSlice = 32 << 10
	// sliceTime is how long the program stands still, at most, for marking that need not be done now.
	sliceTime = 1e6
	// utilization is what part of the time goes to marking besides what allocations pay.
	utilization = 0.25
)

// gcAssist marks for an allocation of n bytes, as much as it takes to be done before the heap comes to its goal.
func gcAssist(n uintptr) {
	gcs.debt += float64(n) * gcs.assistRatio()
	if gcs.debt <= 0 || stressGC != 0 {
		return // stress goes on in small steps
	}
	start := nanotime()
	done := gcSlice(max(int64(gcs.debt), 64<<10))
	gcs.debt -= float64(done)
	gcs.slices[gcByAssist] += nanotime() - start
	gcTryFinish()
}

// gcBackground marks if less than a quarter of the time since the cycle began went to that. The scheduler and polls call
// it; only the former may end the cycle.
func gcBackground(now int64) {
	due := int64(float64(now-gcs.startTime)*utilization) - gcs.slices[gcByBackground]
	if due < sliceTime/8 {
		return
	}
	gcMarkFor(min(due, sliceTime), now, gcByBackground)
}

// gcScheduled is called by the scheduler for the goroutine that runs next, which is in no list.
func gcScheduled(gp *g) {
	scanGoroutine(gp)
	gcBackground(nanotime())
	gcTryFinish()
}

// gcMarkFor marks for some time.
func gcMarkFor(time, now int64, by int) {
	start := now
	for !markDone() && now-start < time {
		gcs.debt -= float64(gcSlice(markSlice))
		now = nanotime()
	}
	gcs.slices[by] += now - start
}

// gcIdle marks or sweeps for a moment when no goroutine can run; false if there is nothing to do.
func gcIdle() bool {
	if gcMarking {
		gcMarkFor(sliceTime, nanotime(), gcByIdle)
		gcTryFinish()
		return true
	}
	for i := 0; i < 32 && gcs.sweeping; i++ {
		sweepOne()
	}
	return gcs.sweeping
}

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(in int32) int32 {
	old := gcs.percent
	if in < 0 {
		in = -1
	}
	gcs.percent = in
	lastGoal := gcs.goal
	pace()
	paceScavenger(lastGoal)
	if in < 0 {
		gcWait()
	}
	return old
}

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(in int64) int64 {
	old := gcs.memoryLimit
	if in >= 0 {
		if threads {
			lock()
		}
		gcs.memoryLimit = in
		lastGoal := gcs.goal
		pace()
		paceScavenger(lastGoal)
		if threads {
			unlock()
		}
	}
	return old
}
