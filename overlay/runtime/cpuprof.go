package runtime

import "unsafe"

// The CPU profile: polls, and the scheduler when a goroutine gives up its turn, look whether a sample is due, and note where
// the goroutine is, as often as the time that has passed is worth. What takes long without a poll is charged to the next one.
// Of several threads only the first one is looked at.

const (
	cpuLogWords   = 1 << 15
	cpuLogSamples = 1 << 11
	cpuStackDepth = 64
)

var cpuprof struct {
	on     bool
	begun  bool // the reader has the rate
	hz     uint64
	period int64
	last   int64 // until when samples were taken
	reader *g
	words  []uint64 // samples that were not read yet: length, time, count, stack
	tags   []unsafe.Pointer
	lost   uint64
	stack  [cpuStackDepth]uintptr
}

// SetCPUProfileRate sets the CPU profiling rate to hz samples per second. If hz <= 0, SetCPUProfileRate turns off profiling.
func SetCPUProfileRate(hz int) {
	if threads {
		lock()
	}
	p := &cpuprof
	switch {
	case hz <= 0:
		p.on = false
		cpuprofWake()
	case p.on || p.begun:
		print("runtime: cannot set rate until previous profile has finished.\n")
	default:
		hz = min(hz, 1000000)
		p.words = make([]uint64, 0, cpuLogWords)
		p.tags = make([]unsafe.Pointer, 0, cpuLogSamples)
		p.hz = uint64(hz)
		p.period = 1e9 / int64(hz)
		p.lost = 0
		p.last = nanotime()
		p.on = true
	}
	if threads {
		unlock()
	}
}

func cpuprofWake() {
	if gp := cpuprof.reader; gp != nil {
		cpuprof.reader = nil
		goready(gp)
	}
}

// cpuprofSample takes what is due for a goroutine whose frames begin at sp, without the first skip.
func cpuprofSample(gp *g, sp uintptr, skip int, now int64) {
	p := &cpuprof
	count := (now - p.last) / p.period
	if count <= 0 || threads && m0.id != 0 {
		return
	}
	if threads {
		lock()
	}
	p.last += count * p.period
	n := callersFrom(sp, skip, p.stack[:])
	if n > 0 && len(p.words)+3+n <= cap(p.words) && len(p.tags) < cap(p.tags) {
		p.words = append(p.words, uint64(3+n), uint64(now), uint64(count))
		for _, pc := range p.stack[:n] {
			p.words = append(p.words, uint64(pc))
		}
		p.tags = append(p.tags, gp.labels)
	} else {
		p.lost += uint64(count)
	}
	if len(p.tags) >= cpuLogSamples/2 || len(p.words) >= cpuLogWords/2 {
		cpuprofWake()
	}
	if threads {
		unlock()
	}
}

// cpuprofIdle leaves out time in which nothing ran.
func cpuprofIdle() {
	cpuprof.last = nanotime()
}

//go:linkname runtime_pprof_readProfile runtime/pprof.readProfile
func runtime_pprof_readProfile() (words []uint64, tags []unsafe.Pointer, eof bool) {
	p := &cpuprof
	if threads {
		lock()
	}
	for {
		if !p.begun {
			p.begun = true
			words, tags = []uint64{3, uint64(nanotime()), p.hz}, make([]unsafe.Pointer, 1)
			break
		}
		if len(p.tags) > 0 {
			words, tags = append(words, p.words...), append(tags, p.tags...)
			p.words, p.tags = p.words[:0], p.tags[:0]
			clear(p.tags[:cap(p.tags)])
			break
		}
		if p.lost > 0 {
			// A record that says how many there were.
			words, tags = []uint64{4, uint64(nanotime()), 0, p.lost}, make([]unsafe.Pointer, 1)
			p.lost = 0
			break
		}
		if !p.on {
			p.begun = false
			eof = true
			break
		}
		p.reader = getg()
		gopark(waitReasonZero)
	}
	if threads {
		unlock()
	}
	return words, tags, eof
}
