package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// Several threads (goesc run -threads=N). Each runs an instance of the module with registers of its own, over the same
// memory. What a thread has for itself, its machine m0 and its queue runq above all, are variables of which it has a copy
// (src/wasm/threads.ts): code finds them through a register.
//
// One lock guards all that threads share: the functions that src/ssa/passes/locked.ts lists hold it while they run. It
// counts, so they may call each other. A function that parks its goroutine hands the lock to the scheduler, which
// remembers how often it was held, and the goroutine has it again when it goes on. Allocation from a cached span needs none.
//
// A thread that waits for the lock, sleeps or is in a system call does not count as running, and its frames are complete.
// So whoever holds the lock stops the world by waiting until nobody else runs: others come to the lock by themselves, or
// at a poll, which loops and recursive functions have. Collections run as a whole while the world stands still.

const mostThreads = 16 // maxThreads of src/runtime/signals.ts

// threadState is what a machine has in programs with several threads.
type threadState struct {
	id      int32
	idle    bool // waits for work
	called  bool // was told that there may be some
	waitsp  uintptr
	stackhi uintptr
	queue   *runQueue
	state   *schedState
	// The next goroutine and the number of turns when an idle thread looked last: what stays next for long is taken.
	seenNext  *g
	seenPicks uint64
	fruitless uint32 // times in a row that it looked for work and found none
}

var (
	rtlock   uint32 // 0 free, 1 held, 2 held and waited for
	running  uint32 // threads that may be at the program's memory
	stopping uint32 // polls are due: somebody waits for the others to stop
	stops    int32
	pages    uintptr // of memory

	nthreads  int32
	nmachines int32
	machines  [mostThreads]*machine
	firstAddr uintptr // of the first thread's m0
	blocks    [mostThreads]uintptr
	nidle     int32
	calling   bool // an idle thread was called and has not come yet

	// firstq has goroutines that wait for the first thread: files and pipes are its own.
	firstq gList
)

// futexsleep and futexwakeup are memory.atomic.wait32 and notify.
func futexsleep(addr *uint32, value uint32, ns int64)
func futexwakeup(addr *uint32, count uint32)

// sleepOn waits until somebody wakes it, if the word still has the value. It keeps nothing across the instruction: engines
// lose what lives in registers there (V8 11.3).
//
//go:noinline
func sleepOn(addr *uint32, value uint32) {
	futexsleep(addr, value, -1)
}

// hostidle waits until the monotonic clock shows when, or somebody calls the thread with hostcall.
func hostidle(thread int32, when int64)
func hostcall(thread int32)

func threadsinit() {
	nthreads = int32(hostnumber(hostThreads))
	gomaxprocs = min(gomaxprocs, nthreads)
	if gogetenv("GOMAXPROCS") == "" {
		gomaxprocs = nthreads
	}
	firstAddr = uintptr(unsafe.Pointer(&m0))
	blocks[0] = uintptr(linkinfo[linkThreads])
	running = 1
	pages = memorypages()
	addMachine(0)
}

// addMachine makes the running thread known to the others.
func addMachine(id int32) {
	m0.id = id
	m0.stackhi = systemStack.hi
	m0.queue = &runq
	m0.state = &sched
	machines[id] = &m0
	nmachines++
}

// threadOffset is how far the thread's own variables are from those of the first one.
func threadOffset() uintptr {
	return uintptr(unsafe.Pointer(&m0)) - firstAddr
}

// newthread makes room for what a thread has for itself: how far its variables are (0), or where its system stack ends (1).
// The host calls it before the thread begins.
func newthread(id, what int32) uint32 {
	start := uintptr(linkinfo[linkThreads])
	size := alignUp(uintptr(linkinfo[linkThreadsEnd])-start, 64)
	if blocks[id] == 0 {
		blocks[id] = persistentalloc(size+systemStackSize, 64, &memstats.otherSys)
	}
	if what == 0 {
		return uint32(blocks[id] - start)
	}
	return uint32(blocks[id] + size + systemStackSize)
}

// mstart is the first that a thread runs, on its system stack.
func mstart(id int32) {
	systemStack.hi = uintptr(newthread(id, 1))
	systemStack.lo = systemStack.hi - systemStackSize
	g0.stack = systemStack
	m0.g0 = &g0
	setg(&g0)
	m0.onsystem = true
	for i := range m0.cache.alloc {
		m0.cache.alloc[i] = &emptySpan
	}
	hostrandom(uint32(uintptr(unsafe.Pointer(&m0.rand))), int32(unsafe.Sizeof(m0.rand)))
	comeBack()
	m0.locks = 1
	addMachine(id)
	unlock()
}

// lock takes the runtime's lock, or holds it once more.
func lock() {
	if m0.locks == 0 && !atomic.Cas(&rtlock, 0, 1) {
		lockSlow()
	}
	m0.locks++
}

func unlock() {
	if m0.locks <= 0 {
		throw("unlock of the runtime's lock, which is free")
	}
	m0.locks--
	if m0.locks == 0 {
		release()
	}
}

// lockSlow waits for the lock. Meanwhile the world may be stopped.
//
//go:noinline
func lockSlow() {
	m0.waitsp = getsp()
	if gp := m0.curg; gp != nil && !m0.onsystem {
		gp.sp = getsp()
	}
	stepBack()
	comeBack()
}

// stepBack ends that the thread counts as running. As a call, so that the frame of the caller says where it is by then.
//
//go:noinline
func stepBack() {
	atomic.Xadd(&running, -1)
	if atomic.Load(&stopping) != 0 {
		futexwakeup(&running, 1)
	}
}

// comeBack takes the lock, and the thread counts as running again. Memory may have grown meanwhile; the engine tells an
// instance some time later, unless that asks: memory only grows while the world stands still.
//
//go:noinline
func comeBack() {
	acquire()
	atomic.Xadd(&running, 1)
	if memorypages() != pages {
		growmemory(0)
	}
}

// lockSpins is how often a thread looks at the lock before it sleeps: that takes as long as most hold it.
const lockSpins = 200

//go:noinline
func acquire() {
	for i := 0; i < lockSpins; i++ {
		if atomic.Load(&rtlock) == 0 && atomic.Cas(&rtlock, 0, 1) {
			return
		}
	}
	for atomic.Xchg(&rtlock, 2) != 0 {
		sleepOn(&rtlock, 2)
	}
}

func release() {
	if atomic.Xchg(&rtlock, 0) == 2 {
		futexwakeup(&rtlock, 1)
	}
}

// dropLock gives the lock up for good: a function that held it panics.
func dropLock() {
	if m0.locks > 0 {
		m0.locks = 0
		release()
	}
}

// stopTheWorld waits until no other thread runs, and keeps the lock until startTheWorld.
func stopTheWorld() {
	lock()
	stops++
	if stops > 1 {
		return
	}
	atomic.Store(&stopping, 1)
	for {
		n := atomic.Load(&running)
		if n <= 1 {
			return
		}
		sleepOn(&running, n)
	}
}

func startTheWorld() {
	stops--
	if stops == 0 {
		atomic.Store(&stopping, 0)
	}
	unlock()
}

// otherMachine gives the machine of a thread, unless it is the one that runs.
func otherMachine(i int32) *machine {
	if m := machines[i]; m != &m0 {
		return m
	}
	return nil
}

// markThreads marks what threads have for themselves, whatever looks like a pointer: also the arguments of a call that
// waits for a larger stack. Then what the others run on their system stacks. The stacks of goroutines are marked like those of
// all that wait.
func markThreads() {
	size := uintptr(linkinfo[linkThreadsEnd] - linkinfo[linkThreads])
	for i := int32(0); i < nthreads; i++ {
		if machines[i] != nil {
			for p := blocks[i]; p < blocks[i]+size; p += 4 {
				markWord(uintptr(load32(uint32(p))))
			}
		}
	}
	for i := int32(0); i < nthreads; i++ {
		if m := otherMachine(i); m != nil && m.onsystem && m.waitsp != 0 {
			markFrames(m.waitsp, m.stackhi)
		}
	}
}

// markWord is markPtr for what may be a number: that may look like the address of an object that is free, which a sweep
// must not take for one that was allocated.
func markWord(p uintptr) {
	if p >= maxAlloc {
		return
	}
	if s := spanAt(p); s != nil && p < s.limit && !s.isFree((p-s.base)*uintptr(s.divMul)>>32) {
		shade(p)
	}
}

// endsSystemStack tells whether the frames on some thread's system stack end there.
func endsSystemStack(sp uintptr) bool {
	for i := int32(0); i < nthreads; i++ {
		if m := machines[i]; m != nil && (sp == m.stackhi || sp == m.stackhi-64) {
			return true
		}
	}
	return false
}

// enterScheduler takes the lock for the scheduler, from the goroutine that has parked.
func enterScheduler() {
	if gp := m0.curg; gp != nil {
		if m0.locks == 0 {
			throw("goroutine parked without the runtime's lock")
		}
		gp.locks = m0.locks
	}
	if m0.locks == 0 {
		lock()
	}
	m0.locks = 1
}

// leaveScheduler passes the lock on to the goroutine that runs next, if that has it.
func leaveScheduler(gp *g) {
	m0.fruitless = 0
	if nidle > 0 && (runq.head != runq.tail || globalq.first != nil) {
		callIdle()
	}
	m0.locks = gp.locks
	gp.locks = 0
	if m0.locks == 0 {
		release()
	}
}

// yieldLocked puts a goroutine that was suspended where it was into the queue.
func yieldLocked(gp *g) {
	locks := m0.locks
	lock()
	gp.locks = locks
	gp.status = _Grunnable
	globalq.put(gp)
	m0.curg = nil
}

// pollThread lets the world be stopped, and goroutines run that wait for the first thread; true if that is all for now.
func pollThread() bool {
	if m0.locks != 0 {
		return true
	}
	if atomic.Load(&stopping) != 0 {
		lock()
		unlock()
	}
	if m0.id == 0 && firstq.first != nil {
		preempt()
		return true
	}
	return false
}

// isActive tells whether GOMAXPROCS lets the thread run goroutines. The first one has to, for system calls.
func (m *machine) isActive() bool {
	return m.id < gomaxprocs || m.id == 0
}

// takeForThread is what comes before the thread's queue. A thread that is not to run leaves what it has to others.
func takeForThread() *g {
	if m0.id == 0 {
		return firstq.take()
	}
	if !m0.isActive() {
		if gp := runq.next; gp != nil {
			runq.next = nil
			globalq.put(gp)
		}
		for gp := runq.take(); gp != nil; gp = runq.take() {
			globalq.put(gp)
		}
	}
	return nil
}

// steal takes half of another thread's queue, or the goroutine that has been next there for long.
func steal() *g {
	for i := int32(1); i < nthreads; i++ {
		m := machines[(m0.id+i)%nthreads]
		if m == nil {
			continue
		}
		q := m.queue
		if n := q.tail - q.head; n > 0 {
			gp := q.take()
			for k := (n+1)/2 - 1; k > 0; k-- {
				runq.put(q.take())
			}
			return gp
		}
		if gp := q.next; gp != nil {
			if m.seenNext == gp && m.seenPicks == m.state.picks {
				q.next = nil
				m.seenNext = nil
				return gp
			}
			m.seenNext, m.seenPicks = gp, m.state.picks
		}
	}
	return nil
}

// callIdle has an idle thread look for work, unless one is on its way to do so.
func callIdle() {
	if calling || nidle == 0 {
		return
	}
	for i := int32(0); i < nthreads; i++ {
		if m := machines[i]; m != nil && m.idle && !m.called && m.isActive() {
			calling = true
			m.called = true
			hostcall(i)
			return
		}
	}
}

// An idle thread looks for goroutines that nobody told it of after a millisecond, and then less and less often.
const (
	lookFirst = 1_000_000
	lookLast  = 10_000_000
)

// awaits is what the first thread, which makes system calls, knew of hostAwaits when it was idle last.
var awaits int64

// idleThread waits until there may be something to do. The scheduler calls it.
func idleThread() {
	if wakeIdle() {
		return
	}
	nidle++
	m0.idle = true
	when, ok := timers.next()
	if m0.id == 0 {
		awaits = hostnumber(hostAwaits)
	}
	if nidle == nmachines {
		if !ok {
			if !sig.inuse && input.waiters == nil && firstq.first == nil && !awaited(awaits) {
				checkdead()
			}
			when = maxWhen
		}
	} else {
		look := nanotime() + min(int64(lookFirst)<<min(m0.fruitless, 4), lookLast)
		if !ok || look < when {
			when = look
		}
	}
	m0.waitsp = getsp()
	m0.locks = 0
	release()
	stepBack()
	hostidle(m0.id, gcBefore(when))
	comeBack()
	m0.locks = 1
	m0.idle = false
	nidle--
	if m0.called {
		m0.called = false
		calling = false
	}
	m0.fruitless++
	checksignals(nil, 0)
	gcPeriodic()
}

// setprocs is GOMAXPROCS: so many threads run goroutines, as far as there are.
func setprocs(n int) {
	gomaxprocs = int32(min(n, 1<<20))
	for i := int32(0); i < nthreads; i++ {
		if machines[i] != nil {
			hostcall(i)
		}
	}
}

// toFirstThread has the goroutine go on on the first thread.
//
//go:nosplit
//go:uintptrkeepalive
func toFirstThread() {
	if m0.id == 0 || m0.onsystem {
		return
	}
	gp := getg()
	gp.firstThread = true
	gp.status = _Grunnable
	firstq.put(gp)
	if m := machines[0]; m.idle && !m.called {
		hostcall(0)
	}
	parkself()
	getg().firstThread = false
}

// blockingSyscall is hostsyscall; meanwhile the world may be stopped.
//
//go:noinline
//go:nosplit
//go:uintptrkeepalive
func blockingSyscall(number int32, p uint32) int64 {
	if m0.locks > 0 || m0.onsystem {
		return hostsyscall(number, p)
	}
	m0.waitsp = getsp()
	m0.curg.sp = getsp()
	stepBack()
	r := hostsyscall(number, p)
	comeBack()
	release()
	return r
}

// beforeExit stops the other threads if the heap is still to be looked at.
func beforeExit() {
	if hostnumber(hostProfile) != 0 {
		stopTheWorld()
	}
}
