package runtime

import (
	"internal/runtime/exithook"
	"unsafe"
)

// The scheduler: one thread runs goroutines from the queues of runq.go.

type schedState struct {
	picks      uint64 // goroutines chosen so far
	tick       uint32
	dead       *g // goroutines to use again
	sudogcache *sudog
	defercache *_defer
	nsystem    int // goroutines of the runtime
	polls      uint32
	pollSkip   uint32 // of the polls whose number has bits of it, none looks at the clock
	pollTime   int64  // when the last one did
	sliceStart int64  // when the time slice was first looked at
	slicePolls uint32
	afterSlice bool // a slice has ended, so that the timers are to be looked at
	sliceOver  bool // it is over: the goroutine is to be stopped at its next write to a map or at its next poll
	// The run has a seed: what happens follows from it, and not from the clock. Goroutines that could go first do so only
	// half of the time, so that other seeds show other orders.
	seeded bool
}

var runq runQueue

var sched schedState

// goidgen is the number of the last goroutine.
var goidgen uint64

// allgs has every goroutine, dead ones too.
var allgs []*g

const stackMin = 2048

// newproc implements the go statement.
func newproc(fn func()) {
	if fn == nil {
		fatal("go of nil func value")
	}
	if checkHeap {
		checkHeapPointer(uintptr(unsafe.Pointer(&fn)))
	}
	gp := newg(fn, getcallerpc())
	if sched.loses() {
		unready(gp)
		runq.put(gp)
	}
	parent := getg()
	gp.parentid = parent.goid
	gp.labels = parent.labels
	gp.ditWanted = parent.ditWanted
	if parent.bubble != nil {
		bubbleStart(gp, parent.bubble)
	}
}

// newg makes a goroutine that will run fn, ready to run.
func newg(fn func(), pc uintptr) *g {
	gp := sched.dead
	if gp != nil {
		sched.dead = gp.schedlink
		gp.schedlink = nil
		if gp.stack.lo == 0 {
			gp.stack = stackalloc(startingStackSize)
		} else if checkHeap {
			poisonMemory(gp.stack.lo, gp.stack.hi-gp.stack.lo)
		}
	} else {
		// Goroutines' descriptors are no allocations of the program.
		profiled := profiling
		profiling = true
		gp = new(g)
		gp.stack = stackalloc(startingStackSize)
		gp.allindex = len(allgs)
		allgs = append(allgs, gp)
		profiling = profiled
	}
	gp.startfn = fn
	gp.startpc = uintptr(**(**uint32)(unsafe.Pointer(&fn)))
	gp.gopc = pc
	gp.parentid = 0
	gp.locks = 0
	goidgen++
	gp.goid = goidgen
	gp.sp = gp.stack.hi - 16
	*(*uint64)(unsafe.Pointer(gp.sp)) = 0
	setstacklimit(gp)
	gp.scanned = work.cycle // nothing on its stack
	ready(gp, true)
	return gp
}

// goexit is what every goroutine begins with: the outermost frame, named as in Go. The run loop calls it on the
// goroutine's stack.
func goexit() {
	gp := getg()
	fn := gp.startfn
	gp.startfn = nil
	fn()
	goexit1()
}

// goexit1 ends the goroutine.
func goexit1() {
	gp := getg()
	gp.status = _Gdead
	gp._defer = nil
	gp._panic = nil
	gp.param = nil
	gp.labels = nil
	gp.timer = nil
	gp.sig = 0
	gp.waiting = nil
	gp.lockedExt = 0
	gp.paniconfault = false
	gp.coroarg = nil
	gp.fipsOnly = false
	if gp.bubble != nil {
		bubbleExit(gp)
	}
	if gp.system {
		gp.system = false
		sched.nsystem--
	}
	if gp.goid == 1 && gp.allindex == 0 {
		mainExited = true
	}
	parkself()
}

var mainExited bool

// ready puts a goroutine into the queue; next: in front of the others.
func ready(gp *g, next bool) {
	gp.status = _Grunnable
	if next {
		old := runq.next
		runq.next = gp
		if old == nil {
			return
		}
		gp = old
	}
	runq.put(gp)
	if threads {
		callIdle()
	}
}

// loses tells, at random under a seed, that a goroutine which could go first does not.
func (s *schedState) loses() bool {
	return s.seeded && cheaprand()&1 != 0
}

func goready(gp *g) {
	if gp.status != _Gwaiting {
		throw("bad g->status in ready")
	}
	if gp.bubble != nil {
		bubbleReady(gp)
	}
	ready(gp, !sched.loses())
}

// gopark puts the goroutine to sleep until goready.
func gopark(reason waitReason) {
	waits(getg(), reason)
	parkself()
}

// waits is what comes before parkself in gopark; what parks often does both itself, since every frame is entered by itself
// when the goroutine goes on.
func waits(gp *g, reason waitReason) {
	gp.status = _Gwaiting
	gp.waitreason = reason
	gp.waitsince = 0
	if gp.bubble != nil {
		bubblePark(gp, reason)
	}
}

// Gosched yields the processor, allowing other goroutines to run. It does not suspend the current goroutine, so
// execution resumes automatically.
func Gosched() {
	gp := getg()
	gp.status = _Grunnable
	globalq.put(gp)
	parkself()
}

func goschedguarded() {
	Gosched()
}

// yielded is called by the run loop for a goroutine that was preempted or whose native stack was too deep.
func yielded() {
	m0.onsystem = true
	gp := m0.curg
	if threads {
		yieldLocked(gp)
		return
	}
	gp.status = _Grunnable
	globalq.put(gp)
}

// poll is called in loops every so many iterations: a goroutine that has run for 10 ms lets others run.
func poll() {
	if m0.onsystem || m0.curg == nil {
		return
	}
	if threads && pollThread() {
		return
	}
	sched.polls++
	if sched.polls&sched.pollSkip != 0 {
		return
	}
	if gomaxprocs > 1 {
		mapTurn = true
	}
	now := nanotime()
	sched.pacePolls(now)
	checksignals(getg(), uintptr(frameaddr()))
	if cpuprof.on {
		cpuprofSample(getg(), uintptr(frameaddr()), 1, now)
	}
	if gcMarking {
		systemstack(func() {
			gcBackground(now)
		})
	}
	if !sched.sliceUsed(now) {
		return
	}
	if !sched.sliceOver && othersRunnable() {
		// A goroutine that writes to maps is stopped in the midst of that.
		sched.sliceOver = true
		mapTurn = true
		return
	}
	// Even if nobody else waits: a function that goes on is entered anew, in better code if there is some by now.
	preempt()
}

// preempt lets others run.
func preempt() {
	sched.sliceOver = false
	sched.afterSlice = true
	gp := getg()
	gp.status = _Grunnable
	globalq.put(gp)
	parkself()
}

func othersRunnable() bool {
	return !runq.empty()
}

// pacePolls decides how many polls look at the clock: iterations take from nanoseconds to forever, and a look takes as long
// as some hundred instructions.
func (s *schedState) pacePolls(now int64) {
	if s.seeded {
		s.pollSkip = maxPollSkip // what happens must not depend on the clock
		return
	}
	switch elapsed := now - s.pollTime; {
	case elapsed < 50e3:
		s.pollSkip = min(s.pollSkip<<1|1, maxPollSkip)
	case elapsed > 200e3:
		s.pollSkip = 0
	}
	s.pollTime = now
}

const maxPollSkip = 7

// sliceUsed tells whether the time slice is over.
func (s *schedState) sliceUsed(now int64) bool {
	if s.seeded {
		s.slicePolls++
		return s.slicePolls%seededSlice == 0
	}
	if s.sliceStart == 0 {
		s.sliceStart = now
	}
	slice := int64(timeSlice)
	if !othersRunnable() {
		slice = renewSlice
	}
	return now-s.sliceStart >= slice
}

// seededSlice is how often the time is looked at in a time slice that does not depend on the clock.
const seededSlice = 16

// timeSlice is how long a goroutine may run while others wait.
const timeSlice = 10e6

// renewSlice is how long it may run if nobody waits, before it is entered anew: until then it runs in the code that it
// began in, which the engine made in haste.
const renewSlice = 2e6

// schedule gives the goroutine to run; nil when the program has ended. The run loop calls it.
func schedule() *g {
	m0.onsystem = true
	setg(&g0)
	if threads {
		enterScheduler()
	}
	if gp := m0.curg; gp != nil {
		if gp.status == _Gdead {
			gfree(gp)
		} else if cpuprof.on {
			cpuprofSample(gp, gp.sp, 0, nanotime())
		}
	}
	m0.curg = nil
	for {
		if timers.count() > 0 || polls.waiters > 0 || input.waiters != nil {
			if sched.tick&15 == 0 || sched.afterSlice || runq.empty() {
				sched.afterSlice = false
				runtimers()
				netpoll()
			}
		}
		sched.tick++
		if sched.tick&63 == 0 {
			checksignals(nil, 0)
			gcPeriodic()
			scavenger.tick()
		}
		if pendingFins != nil && (finq.fing == nil || finq.fingIdle) {
			wakeFinalizers()
		}
		gp, inherits := runq.pick()
		if gp != nil {
			if gcMarking {
				gcScheduled(gp)
			}
			gp.status = _Grunning
			sched.picks++
			mapTurn = false // what others did does not end its turn
			if (sched.picks&63 == 0 || sched.picks&(sched.picks-1) == 0) && gomaxprocs > 1 {
				// On several processors goroutines meet in maps.
				mapTurn = true
			}
			if !inherits {
				sched.sliceStart = 0
				if !sched.seeded {
					sched.pollSkip = 0
				}
				sched.slicePolls = 0
				sched.sliceOver = false
			}
			m0.curg = gp
			m0.onsystem = false
			if threads {
				leaveScheduler(gp)
			}
			return gp
		}
		if threads {
			idleThread()
			continue
		}
		idle()
	}
}

// idle waits for the next timer or reports that nothing will ever happen.
func idle() {
	if wakeIdle() || gcIdle() {
		return
	}
	when, ok := timers.next()
	if !ok {
		if !sig.inuse && input.waiters == nil && !awaited(hostnumber(hostAwaits)) {
			checkdead()
		}
		when = maxWhen // a signal may come
	}
	start := nanotime()
	hostsleep(scavenger.before(gcBefore(when)))
	idleTime += nanotime() - start
	if cpuprof.on {
		cpuprofIdle()
	}
	checksignals(nil, 0)
	gcPeriodic()
	scavenger.tick()
}

// idleTime is how long there was nothing to do, in ns.
var idleTime int64

// hostsleep waits until the monotonic clock shows when.
func hostsleep(when int64)

// checkdead reports a deadlock: no goroutine can go on.
func checkdead() {
	printlock()
	if mainExited {
		print("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n")
	} else {
		print("fatal error: all goroutines are asleep - deadlock!\n")
	}
	if level, _ := gotraceback(); level > 0 {
		tracebackothers(nil)
	}
	printunlock()
	die()
}

func gfree(gp *g) {
	if gp.stack.hi-gp.stack.lo != startingStackSize {
		stackfree(gp.stack)
		gp.stack = stack{}
	}
	gp.schedlink = sched.dead
	sched.dead = gp
}

// A coro hands control to and fro without the scheduler's queue, for iter.Pull.
type coro struct {
	gp *g
	f  func(*coro)
}

//go:linkname newcoro
func newcoro(f func(*coro)) *coro {
	c := new(coro)
	c.f = f
	parent := getg()
	gp := newg(corostart, getcallerpc())
	unready(gp)
	gp.status = _Gwaiting
	gp.waitreason = waitReasonCoroutine
	gp.coroarg = c
	gp.parentid = parent.goid
	if parent.bubble != nil {
		gp.bubble = parent.bubble
		gp.bubble.total++
	}
	c.gp = gp
	return c
}

// unready takes back a goroutine that was just made.
func unready(gp *g) {
	if runq.next != gp {
		throw("new goroutine is not next")
	}
	runq.next = nil
}

func corostart() {
	gp := getg()
	c := gp.coroarg
	gp.coroarg = nil
	defer coroexit(c)
	c.f(c)
}

// coroexit ends the goroutine of a coro and goes on with the one that waits in it.
func coroexit(c *coro) {
	next := c.gp
	c.gp = nil
	coroready(next)
	goexit1()
}

//go:linkname coroswitch
func coroswitch(c *coro) {
	gp := getg()
	next := c.gp
	if next == nil {
		throw("coroswitch on exited coro")
	}
	c.gp = gp
	gp.status = _Gwaiting
	gp.waitreason = waitReasonCoroutine
	coroready(next)
	if gp.bubble != nil {
		bubblePark(gp, waitReasonCoroutine)
	}
	parkself()
}

// coroready runs next right after the current goroutine, in its turn.
func coroready(next *g) {
	old := runq.next
	if next.bubble != nil {
		bubbleReady(next)
	}
	next.status = _Grunnable
	runq.next = next
	if old != nil {
		// It keeps its place in front of the queue.
		runq.putFirst(old)
	}
}

// GOMAXPROCS sets the maximum number of CPUs that can be executing simultaneously and returns the previous setting. If
// n < 1, it does not change the current setting.
func GOMAXPROCS(n int) int {
	old := int(gomaxprocs)
	if threads {
		if n > 0 {
			setprocs(n)
		}
		return old
	}
	if n > 0 {
		gomaxprocs = int32(min(n, 1<<20))
	}
	return old
}

// SetDefaultGOMAXPROCS updates the GOMAXPROCS setting to the runtime default.
func SetDefaultGOMAXPROCS() {
	gomaxprocs = ncpu
}

// NumCPU returns the number of logical CPUs usable by the current process.
func NumCPU() int {
	return int(ncpu)
}

// NumCgoCall returns the number of cgo calls made by the current process.
func NumCgoCall() int64 {
	return 0
}

// NumGoroutine returns the number of goroutines that currently exist.
func NumGoroutine() int {
	return gcount()
}

func gcount() int {
	if threads {
		lock()
	}
	n := 0
	for _, gp := range allgs {
		if gp.status != _Gdead && !gp.system {
			n++
		}
	}
	if threads {
		unlock()
	}
	return n
}

// LockOSThread wires the calling goroutine to its current operating system thread. There is only one.
func LockOSThread() {
	getg().lockedExt++
}

// UnlockOSThread undoes an earlier call to LockOSThread.
func UnlockOSThread() {
	if gp := getg(); gp.lockedExt > 0 {
		gp.lockedExt--
	}
}

// Breakpoint executes a breakpoint trap.
func Breakpoint() {
	throw("breakpoint")
}

func runExitHooks(code int) {
	exithook.Run(code)
}

//go:linkname os_beforeExit os.runtime_beforeExit
func os_beforeExit(exitCode int) {
	runExitHooks(exitCode)
}

func init() {
	exithook.Gosched = Gosched
	exithook.Goid = func() uint64 { return getg().goid }
	exithook.Throw = throw
}

// block implements select {}.
func block() {
	gopark(waitReasonSelectNoCases)
}
