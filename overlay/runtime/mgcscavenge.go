package runtime

import _ "unsafe" // for linkname

// Scavenging (runtime/mgcscavenge.go in Go): free pages that the program will hardly want again count as given back, so that
// its statistics and its memory limit are about what it needs. WebAssembly cannot give them back, and their contents stay.

const (
	// densePages: chunks with more pages in use are left alone, in this cycle and the next.
	densePages = chunkPages * 31 / 32
	// scavengeQuantum is how much is scavenged at once in the background.
	scavengeQuantum = 64 << 10
	// scavengeWork is how long that works before it sleeps, in ns, and scavengeSleep how long it sleeps, for one percent of
	// the time; each 4 KiB count as so many ns: the real work is the system's, and there is none.
	scavengeWork  = 1e6
	scavengeSleep = 99 * scavengeWork
	scavengeCost  = 10e3
	noGoal        = ^uintptr(0)
)

type scavengeChunk struct {
	inUse, lastInUse uint16 // pages, now and when the generation began
	hasFree          bool   // something may be left to scavenge
	gen              uint32
}

// A scavengeIndex knows where there are pages to scavenge.
type scavengeIndex struct {
	chunks [heapChunks]scavengeChunk
	gen    uint32
	// Above these addresses there is nothing to scavenge, in the background and by force; 0: nowhere.
	searchBg, searchForce uintptr
	freeHigh              uintptr // the highest page that was freed in this generation
}

type scavengeState struct {
	wakeAt int64 // when the background goes on; 0: not before the next sweep is done
	// How much the heap and all memory may keep.
	heapGoal, limitGoal uintptr
	lastHeapInUse       uintptr // when the last cycle ended
	// Bytes since the last trace.
	background, eager uintptr
}

var scavenger = scavengeState{heapGoal: noGoal, limitGoal: noGoal}

func (s *scavengeIndex) chunk(c uint) *scavengeChunk {
	k := &s.chunks[c]
	if k.gen != s.gen {
		k.lastInUse = k.inUse
		k.gen = s.gen
	}
	return k
}

func (s *scavengeIndex) alloc(c, n uint) {
	k := s.chunk(c)
	k.inUse += uint16(n)
	if k.inUse == chunkPages {
		k.hasFree = false
	}
}

// free: n pages of a chunk were freed, the highest of which is last.
func (s *scavengeIndex) free(c, last, n uint) {
	k := s.chunk(c)
	k.inUse -= uint16(n)
	k.hasFree = true
	addr := chunkBase(c) + uintptr(last)<<_PageShift
	s.freeHigh = max(s.freeHigh, addr)
	s.searchForce = max(s.searchForce, addr)
}

// nextGen begins a generation, when everything is swept.
func (s *scavengeIndex) nextGen() {
	s.gen++
	s.searchBg = max(s.searchBg, s.freeHigh)
	s.freeHigh = 0
}

// find gives the highest chunk that may have pages to scavenge, and the highest such page of it.
func (s *scavengeIndex) find(force bool) (chunk, page uint, ok bool) {
	search := &s.searchBg
	if force {
		search = &s.searchForce
	}
	if *search == 0 {
		return 0, 0, false
	}
	from := chunkOf(*search)
	for c, least := from, chunkOf(mheap.start); c >= least; c-- {
		k := &s.chunks[c]
		if !k.hasFree || !force && (k.inUse >= densePages || k.gen == s.gen && k.lastInUse >= densePages) {
			continue
		}
		if c != from {
			*search = chunkBase(c) + chunkBytes - _PageSize
		}
		return c, pageInChunk(*search), true
	}
	*search = 0
	return 0, 0, false
}

// scavenge scavenges n bytes, or as much as there is, from the highest pages on; the result is how much it was.
func (p *pageAlloc) scavenge(n uintptr, force bool) uintptr {
	released := uintptr(0)
	for released < n {
		c, from, ok := p.scav.find(force)
		if !ok {
			break
		}
		most := (min(n-released, chunkBytes) + _PageSize - 1) >> _PageShift
		k := p.chunks[c].scavengeRun(from, uint(most))
		if k == 0 {
			p.scav.chunks[c].hasFree = false
			continue
		}
		size := uintptr(k) << _PageShift
		released += size
		memstats.heapReleased += size
		memstats.heapFree -= size
	}
	return released
}

// scavengeRun marks the highest run of free pages that are not scavenged, not above the page from, as scavenged: at most so
// many pages of it. The result is how many.
func (c *chunkData) scavengeRun(from, most uint) uint {
	run, start := uint(0), uint(0)
	for w := int(from / 64); w >= 0 && run < most; w-- {
		left := ^(c.used[w] | c.scavenged[w])
		if run == 0 {
			if left == 0 {
				continue
			}
			// Down from the highest one.
			high := uint(clz64(left))
			run = uint(clz64(^(left << high)))
			start = uint(w)*64 + 64 - high - run
			if high+run < 64 {
				break
			}
			continue
		}
		more := uint(clz64(^left))
		run += more
		start -= more
		if more < 64 {
			break
		}
	}
	if run > most {
		start += run - most
		run = most
	}
	c.scavenged.set(start, run)
	return run
}

// heapRetained is the memory that the heap's objects and free pages take.
func heapRetained() uintptr {
	return memstats.spansInUse<<_PageShift + memstats.heapFree
}

// mappedReady is all memory that the program has from the system, without its own data.
func mappedReady() uintptr {
	return heapRetained() + memstats.stackSys + memstats.mappedSys + memstats.metadata()
}

// paceScavenger sets the goals when those of the collector are set.
func paceScavenger(lastGoal uintptr) {
	s := &scavenger
	s.limitGoal = noGoal
	if gcs.memoryLimit != maxInt64 {
		if goal := uintptr(float64(gcs.memoryLimit) * 0.95); mappedReady() > goal {
			s.limitGoal = goal
		}
	}
	s.heapGoal = noGoal
	if lastGoal == 0 || gcs.numGC == 0 {
		return
	}
	goal := uintptr(float64(s.lastHeapInUse) * (float64(gcs.goal) / float64(lastGoal)))
	goal = alignUp(goal+goal/10, 4096)
	if now := heapRetained(); now > goal && now-goal >= 4096 {
		s.heapGoal = goal
	}
}

// sweepDone is called when all is swept: a generation ends, and scavenging in the background goes on.
func (s *scavengeState) sweepDone() {
	if debug.scavtrace > 0 {
		printScavenge(s.background, s.eager, false)
	}
	s.background, s.eager = 0, 0
	mheap.pages.scav.nextGen()
	if !sched.seeded {
		s.wakeAt = 1 // at once
	}
}

// tick scavenges in the background if it is time. The scheduler calls it, between goroutines.
func (s *scavengeState) tick() {
	if s.wakeAt == 0 {
		return
	}
	now := nanotime()
	if now < s.wakeAt {
		return
	}
	released := uintptr(0)
	for worked := 0.0; worked < scavengeWork && (heapRetained() > s.heapGoal || mappedReady() > s.limitGoal); {
		n := mheap.pages.scavenge(scavengeQuantum, false)
		worked += scavengeCost * float64(n/4096)
		released += n
		if n < scavengeQuantum {
			break
		}
	}
	s.background += released
	s.wakeAt = 0
	if released != 0 {
		s.wakeAt = now + scavengeSleep
	}
}

// before gives when the background goes on, if that is before when.
func (s *scavengeState) before(when int64) int64 {
	if s.wakeAt == 0 {
		return when
	}
	return min(when, s.wakeAt)
}

// afterAlloc makes up for an allocation that has taken scav bytes that were scavenged, for which the heap has grown by so many
// bytes: the program stays within its limit, and a heap that cannot use its fragments does not keep them.
func (s *scavengeState) afterAlloc(scav, growth uintptr) {
	n, force := uintptr(0), false
	if gcs.memoryLimit != maxInt64 {
		if ready := scav + mappedReady(); ready > uintptr(gcs.memoryLimit) {
			n, force = ready-uintptr(gcs.memoryLimit), true
		}
	}
	if growth > 0 && s.heapGoal != noGoal {
		if retained := heapRetained() + growth; retained > s.heapGoal {
			n = max(n, min(growth, retained-s.heapGoal))
		}
	}
	if n > 0 {
		s.eager += mheap.pages.scavenge(n, force)
	}
}

// runtime_debug_freeOSMemory collects and scavenges all that is free.
//
//go:linkname runtime_debug_freeOSMemory runtime/debug.freeOSMemory
func runtime_debug_freeOSMemory() {
	GC()
	systemstack(func() {
		if threads {
			stopTheWorld()
		}
		flushPages()
		released := mheap.pages.scavenge(noGoal, true)
		if debug.scavtrace > 0 {
			printScavenge(0, released, true)
		}
		if threads {
			startTheWorld()
		}
	})
}

// printScavenge writes a line for GODEBUG=scavtrace=1.
func printScavenge(background, eager uintptr, forced bool) {
	printlock()
	print("scav ", background>>10, " KiB work (bg), ", eager>>10, " KiB work (eager), ", memstats.heapReleased>>10,
		" KiB now, ", memstats.spansInUse<<_PageShift*100/heapRetained(), "% util")
	if forced {
		print(" (forced)")
	}
	print("\n")
	printunlock()
}
