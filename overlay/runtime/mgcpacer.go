package runtime

import "unsafe"

// When a cycle begins, and how fast it goes: Go's rules (mgcpacer.go there), for one thread.

const (
	defaultHeapMinimum = 4 << 20
	// sweepDistance is what may be allocated before sweeping has to be done.
	sweepDistance = 1 << 20
	// minRunway is the least distance from a cycle's beginning to its goal.
	minRunway = 64 << 10
	// growthMargin is what part of the goal a heap that grows may go beyond it.
	growthMargin = 16
	// A cycle begins when so many 64ths of the way to its goal are taken, at the earliest and at the latest. It would begin
	// at the earliest, 45 in Go, in each program that allocates faster than a quarter of the time can mark. There other
	// processors mark, too; here allocations have to, and the longer they take about it the more is born marked, which counts
	// twice in the next goal.
	leastTrigger = 57
	mostTrigger  = 61
)

type pacer struct {
	trigger uintptr
	goal    uintptr
	marked  uintptr // bytes that the last cycle found
	// What the last cycle scanned.
	lastHeapScan uintptr
	stackScan    uintptr
	globalsScan  uintptr
	// Bytes in use when the cycle under way began.
	triggered uintptr
	// Bytes allocated for each byte scanned, in the last cycles; the greatest counts.
	consMark     float64
	lastConsMark [4]float64
	// What allocations owe, in bytes to scan.
	debt float64
	// Spans are swept at this rate since heapLive was sweepFrom.
	pagesPerByte float64
	sweepFrom    uintptr
	pagesSwept   uintptr
}

// heapGoal is the heap size at which the next cycle, or the one under way, is to be done, and the least trigger.
func heapGoal() (goal, least uintptr) {
	goal = ^uintptr(0) >> 1
	if gcs.percent >= 0 {
		goal = gcs.marked + (gcs.marked+gcs.stackScan+gcs.globalsScan)*uintptr(gcs.percent)/100
		goal = max(goal, defaultHeapMinimum*uintptr(gcs.percent)/100)
	}
	if gcs.memoryLimit != maxInt64 {
		if limited := limitGoal(gcs.memoryLimit); limited < goal {
			return limited, 0
		}
	}
	if most := hardLimit(); goal > most/2 {
		// There is no more memory than that: better to collect often than to fail, but not all the time.
		goal = min(goal, max(limitGoal(int64(most)-int64(mheap.start)), gcs.marked+gcs.marked/16+sweepDistance))
	}
	if gcs.sweeping {
		least = gcs.sweepFrom + sweepDistance
		goal = max(goal, least)
	}
	if gcMarking {
		goal = max(goal, gcs.triggered+minRunway)
	}
	return goal, least
}

// hardLimit is how much memory the program can have at all.
func hardLimit() uintptr {
	if maxMemory != 0 {
		return maxMemory
	}
	return maxAlloc - wasmPage
}

// limitGoal is the heap size that keeps the program within a limit for its memory.
func limitGoal(limit int64) uintptr {
	c := countHeap()
	inUse := int64(c.allocBytes - c.freedBytes)
	mapped := int64(mappedReady())
	other := mapped - int64(memstats.heapFree) - inUse + max(mapped-limit, 0)
	if other >= limit {
		return gcs.marked
	}
	goal := limit - other
	headroom := max(goal/100*3, 1<<20)
	if goal-headroom < headroom {
		goal = headroom
	} else {
		goal -= headroom
	}
	return max(uintptr(goal), gcs.marked)
}

// pace sets the goal and the trigger of the next cycle.
func pace() {
	goal, least := heapGoal()
	gcs.goal = goal
	if gcMarking {
		return
	}
	if gcs.marked >= goal {
		gcs.trigger = goal
		return
	}
	room := (goal - gcs.marked) / 64
	least = max(least, gcs.marked+room*leastTrigger)
	most := gcs.marked + room*mostTrigger
	if goal > defaultHeapMinimum {
		most = max(most, goal-defaultHeapMinimum)
	}
	most = max(most, least)
	trigger := least
	scan := float64(gcs.lastHeapScan + gcs.stackScan + gcs.globalsScan)
	if runway := gcs.consMark * (1 - utilization) / utilization * scan; runway <= float64(goal) {
		trigger = goal - uintptr(runway)
	}
	gcs.trigger = min(max(trigger, least), most)
}

// paceMark is called when marking begins.
func paceMark() {
	gcs.triggered = memstats.heapLive
	gcs.debt = 0
	gcs.goal, _ = heapGoal()
}

// assistRatio is how many bytes have to be scanned for each byte that is allocated.
func (p *pacer) assistRatio() float64 {
	done := float64(work.scanned())
	goal := float64(p.goal)
	live := float64(memstats.heapLive)
	expected := float64(p.lastHeapScan + p.stackScan + p.globalsScan)
	worst := float64(memstats.heapScan + work.stackScan + p.globalsScan)
	if done > expected {
		// More than in the last cycle: up to all there is, for a goal as much farther. In Go other threads mark meanwhile, so it
		// rarely comes to that; here it would be what happens whenever the heap grows.
		goal = min((goal-float64(p.triggered))/max(expected, 1)*worst+float64(p.triggered), goal+goal/growthMargin)
		expected = worst
	}
	if live > goal {
		goal *= 1.1
		expected = worst
	}
	return max(expected-done, 1000) / max(goal-live, 1)
}

// paceEnd is called when marking has ended: it learns from the cycle and plans the next one, and the sweep.
func paceEnd(now int64) {
	scanned := work.scanned()
	if memstats.heapLive > gcs.triggered && now > gcs.startTime && scanned > 0 {
		duration := float64(now - gcs.startTime)
		util := min(float64(gcs.slices[gcByAssist]+gcs.slices[gcByBackground])/duration, 0.95)
		idle := float64(gcs.slices[gcByIdle]) / duration
		latest := float64(memstats.heapLive-gcs.triggered) * (util + idle) / (float64(scanned) * (1 - util))
		gcs.consMark = latest
		for _, ratio := range gcs.lastConsMark {
			gcs.consMark = max(gcs.consMark, ratio)
		}
		copy(gcs.lastConsMark[:], gcs.lastConsMark[1:])
		gcs.lastConsMark[len(gcs.lastConsMark)-1] = latest
	}
	gcs.marked = work.bytesMarked
	gcs.lastHeapScan = work.heapScan
	gcs.stackScan = work.stackScan
	memstats.heapLive = work.bytesMarked
	memstats.heapScan = work.heapScan
	gcs.sweepFrom = memstats.heapLive
	gcs.pagesSwept = 0
	lastGoal := gcs.goal
	scavenger.lastHeapInUse = memstats.spansInUse << _PageShift
	pace()
	paceScavenger(lastGoal)
	distance := int64(gcs.trigger) - int64(gcs.sweepFrom) - sweepDistance
	gcs.pagesPerByte = float64(memstats.spansInUse) / float64(max(distance, _PageSize))
}

// sweepDebt sweeps in proportion to what was allocated, so that all is swept when the next cycle begins.
func sweepDebt() {
	if !gcs.sweeping {
		return
	}
	due := float64(memstats.heapLive-gcs.sweepFrom) * gcs.pagesPerByte
	for float64(gcs.pagesSwept) < due {
		if sweepOne() == ^uintptr(0) {
			break
		}
	}
}

// measureGlobals counts the bytes of the program's variables that marking has to look at, in blocks of 512.
func measureGlobals() uintptr {
	n := uintptr(linkinfo[linkDataEnd]-linkinfo[linkDataStart]) / 8
	bits := unsafe.Pointer(uintptr(linkinfo[linkDataBits]))
	blocks := uintptr(0)
	for i := uintptr(0); i+64 <= n; i += 64 {
		if *(*uint64)(add(bits, i/8)) != 0 {
			blocks++
		}
	}
	return blocks * 512
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
