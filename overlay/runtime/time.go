package runtime

import "unsafe"

// Timers wait in a heap, the earliest first. A timer of a channel is in it only while somebody waits for the channel;
// otherwise whoever looks at the channel finds out that its time has come.

const maxWhen = 1<<63 - 1

type timer struct {
	when    int64 // 0: not running
	period  int64
	f       func(arg any, seq uintptr, delay int64)
	arg     any
	seq     uintptr
	index   int // in the heap, from 1 on; 0: not there
	blocked uint32
	isChan  bool
	isFake  bool
	bubble  *synctestBubble
}

// A timeTimer is what package time sees.
type timeTimer struct {
	c    unsafe.Pointer // <-chan time.Time
	init bool
	timer
}

// A timerHeap is a heap with four children to a node.
type timerHeap struct {
	heap []timerEntry
}

type timerEntry struct {
	when int64
	t    *timer
}

var timers timerHeap

//go:linkname haveHighResSleep
var haveHighResSleep = true

func (h *timerHeap) count() int {
	return len(h.heap)
}

func (h *timerHeap) next() (when int64, ok bool) {
	if len(h.heap) == 0 {
		return 0, false
	}
	return h.heap[0].when, true
}

func (h *timerHeap) set(i int, e timerEntry) {
	h.heap[i] = e
	e.t.index = i + 1
}

func (h *timerHeap) add(t *timer) {
	h.heap = append(h.heap, timerEntry{t.when, t})
	h.up(len(h.heap) - 1)
}

func (h *timerHeap) up(i int) {
	e := h.heap[i]
	for i > 0 {
		parent := (i - 1) / 4
		if h.heap[parent].when <= e.when {
			break
		}
		h.set(i, h.heap[parent])
		i = parent
	}
	h.set(i, e)
}

func (h *timerHeap) down(i int) {
	e := h.heap[i]
	n := len(h.heap)
	for {
		first := 4*i + 1
		if first >= n {
			break
		}
		least := first
		for c := first + 1; c < min(first+4, n); c++ {
			if h.heap[c].when < h.heap[least].when {
				least = c
			}
		}
		if h.heap[least].when >= e.when {
			break
		}
		h.set(i, h.heap[least])
		i = least
	}
	h.set(i, e)
}

func (h *timerHeap) remove(t *timer) {
	i := t.index - 1
	last := len(h.heap) - 1
	e := h.heap[last]
	h.heap[last] = timerEntry{}
	h.heap = h.heap[:last]
	t.index = 0
	if i != last {
		h.set(i, e)
		h.down(i)
		if e.t.index == i+1 {
			h.up(i)
		}
	}
}

func (h *timerHeap) update(t *timer) {
	i := t.index - 1
	h.heap[i].when = t.when
	h.down(i)
	if h.heap[t.index-1].t == t && t.index == i+1 {
		h.up(i)
	}
}

// heapOf is the heap that a timer belongs to.
func (t *timer) heapOf() *timerHeap {
	if t.bubble != nil {
		return &t.bubble.timers
	}
	return &timers
}

// place puts the timer into its heap or takes it out, as it should be.
func (t *timer) place() {
	wanted := t.when > 0 && (!t.isChan || t.blocked > 0)
	h := t.heapOf()
	switch {
	case wanted && t.index == 0:
		h.add(t)
	case wanted:
		h.update(t)
	case t.index != 0:
		h.remove(t)
	}
	if threads && t.index == 1 && h == &timers {
		callIdle() // somebody may wait for a later one
	}
}

// clock is the time that timers in the heap of t go by.
func (t *timer) clock() int64 {
	if t.bubble != nil {
		return t.bubble.now
	}
	return nanotime()
}

// fire runs a timer whose time has come.
func (t *timer) fire(now int64) {
	delay := now - t.when
	if t.period > 0 {
		t.when += t.period * (1 + delay/t.period)
		if t.when < 0 {
			t.when = maxWhen
		}
	} else {
		t.when = 0
	}
	t.place()
	t.f(t.arg, t.seq, delay)
}

// fireIn is fire on behalf of the scheduler, not of the goroutine that happens to run.
func (t *timer) fireIn(now int64) {
	gp := getg()
	setg(&g0)
	g0.bubble = t.bubble
	t.fire(now)
	g0.bubble = nil
	setg(gp)
}

// run fires all timers of the heap up to now.
func (h *timerHeap) run(now int64) {
	for len(h.heap) > 0 && h.heap[0].when <= now {
		h.heap[0].t.fire(now)
	}
}

func runtimers() {
	if len(timers.heap) > 0 {
		timers.run(nanotime())
	}
}

// maybeRunChan fires the timer of a channel if its time has come unnoticed.
func (t *timer) maybeRunChan() bool {
	if t.index != 0 || t.when == 0 {
		return false
	}
	now := t.clock()
	if t.when > now {
		return false
	}
	systemstack(func() {
		t.fireIn(now)
	})
	return true
}

// blockChan and unblockChan tell that somebody begins or ends to wait for the timer's channel.
func (t *timer) blockChan() {
	t.blocked++
	t.place()
}

func (t *timer) unblockChan() {
	t.blocked--
	t.place()
}

// drain drops a value that was sent before the timer was changed.
func (t *timer) drain() bool {
	c := (*hchan)(efaceOf(&t.arg).data)
	if c.qcount == 0 {
		return false
	}
	for c.qcount > 0 {
		c.take(nil)
	}
	return true
}

func (t *timer) stop() bool {
	if t.bubble != nil && getg().bubble != t.bubble {
		fatal("stop of synctest timer from outside bubble")
	}
	async := debug.asynctimerchan != 0
	if t.isChan && async {
		t.maybeRunChan()
	}
	pending := t.when > 0
	t.when = 0
	if t.isChan && !async {
		t.seq++
		if t.drain() {
			pending = true
		}
	}
	t.place()
	return pending
}

func (t *timer) modify(when, period int64) bool {
	if t.bubble != nil && getg().bubble != t.bubble {
		fatal("reset of synctest timer from outside bubble")
	}
	if when <= 0 {
		throw("timer when must be positive")
	}
	if period < 0 {
		throw("timer period must be non-negative")
	}
	async := debug.asynctimerchan != 0
	if t.isChan && async {
		t.maybeRunChan()
	}
	pending := t.when > 0
	t.when = when
	t.period = period
	if t.isChan && !async {
		t.seq++
		if t.drain() {
			pending = true
		}
	}
	if t.bubble != nil && t.index == 0 && when <= t.bubble.now && !t.isChan {
		systemstack(func() {
			t.fireIn(t.bubble.now)
		})
		return pending
	}
	t.place()
	return pending
}

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(arg any, seq uintptr, delay int64), arg any, c *hchan) *timeTimer {
	t := new(timeTimer)
	t.bubble = getg().bubble
	t.isFake = t.bubble != nil
	t.f = f
	t.arg = arg
	if c != nil {
		t.isChan = true
		c.timer = &t.timer
	}
	t.modify(when, period)
	t.init = true
	return t
}

//go:linkname stopTimer time.stopTimer
func stopTimer(t *timeTimer) bool {
	return t.stop()
}

//go:linkname resetTimer time.resetTimer
func resetTimer(t *timeTimer, when, period int64) bool {
	return t.modify(when, period)
}

// wakeSleeper ends a time.Sleep.
func wakeSleeper(arg any, seq uintptr, delay int64) {
	goready(arg.(*g))
}

//go:linkname timeSleep time.Sleep
//line $GOROOT/src/runtime/time.go:344
func timeSleep(ns int64) {
	if ns <= 0 {
		return
	}
	gp := getg()
	t := gp.timer
	if t == nil {
		t = new(timer)
		t.f = wakeSleeper
		t.arg = gp
		gp.timer = t
	}
	t.bubble = gp.bubble
	when := t.clock() + ns
	if when < 0 {
		when = maxWhen
	}
	t.when = when
	t.place()
	gopark(waitReasonSleep)
}

func nanotime() int64 {
	return hostnanotime()
}

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	w := hostwalltime()
	return w / 1e9, int32(w % 1e9), nanotime()
}

//go:linkname time_runtimeNow time.runtimeNow
func time_runtimeNow() (sec int64, nsec int32, mono int64) {
	if b := getg().bubble; b != nil {
		return b.now / 1e9, int32(b.now % 1e9), b.now
	}
	return time_now()
}

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 {
	if b := getg().bubble; b != nil {
		return b.now
	}
	return nanotime()
}

//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool {
	return getg().bubble != nil
}

func cputicks() int64 {
	return nanotime()
}
