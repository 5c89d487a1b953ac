package runtime

import "unsafe"

// A synctestBubble is a group of goroutines with a clock of its own, which goes on when all of them wait for each other
// (package testing/synctest).
type synctestBubble struct {
	id      uint64
	total   int // goroutines
	running int // those that do not wait durably
	active  int // other reasons not to move on
	now     int64
	timers  timerHeap
	root    *g // called Run
	waiter  *g // called Wait
	main    *g
	waiting bool
	done    bool // main has ended
}

var bubbleGen uint64

// durable tells whether only goroutines of the same bubble can end this kind of waiting.
func (w waitReason) durable() bool {
	switch w {
	case waitReasonChanReceiveNilChan, waitReasonChanSendNilChan, waitReasonSelectNoCases, waitReasonSleep,
		waitReasonSyncCondWait, waitReasonSynctestWaitGroupWait, waitReasonCoroutine, waitReasonSynctestRun,
		waitReasonSynctestWait, waitReasonSynctestChanReceive, waitReasonSynctestChanSend, waitReasonSynctestSelect:
		return true
	}
	return false
}

// bubblePark counts a goroutine that begins to wait.
func bubblePark(gp *g, reason waitReason) {
	b := gp.bubble
	if reason.durable() {
		b.running--
		b.maybeWake()
	}
}

// bubbleReady counts a goroutine that goes on.
func bubbleReady(gp *g) {
	if gp.waitreason.durable() {
		gp.bubble.running++
	}
}

func bubbleStart(gp *g, b *synctestBubble) {
	gp.bubble = b
	b.total++
	b.running++
}

func bubbleExit(gp *g) {
	b := gp.bubble
	gp.bubble = nil
	if gp == b.main {
		b.done = true
	}
	b.total--
	b.running--
	b.maybeWake()
}

// maybeWake lets the bubble move on if everybody waits.
func (b *synctestBubble) maybeWake() {
	if b.running > 0 || b.active > 0 {
		return
	}
	b.active++ // once only
	if when, ok := b.timers.next(); !ok || when > b.now {
		if b.waiter != nil {
			goready(b.waiter)
			return
		}
	}
	goready(b.root)
}

//go:linkname synctestRun internal/synctest.Run
func synctestRun(f func()) {
	if debug.asynctimerchan != 0 {
		panic("synctest.Run not supported with asynctimerchan!=0")
	}
	gp := getg()
	if gp.bubble != nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	bubbleGen++
	b := &synctestBubble{id: bubbleGen, total: 1, running: 1, root: gp}
	b.now = 946684800000000000 // midnight UTC 2000-01-01
	gp.bubble = b
	defer func() {
		getg().bubble = nil
	}()
	b.main = newg(f, getcallerpc())
	b.main.parentid = gp.goid
	b.main.labels = gp.labels
	bubbleStart(b.main, b)
	b.active++
	for {
		systemstack(func() {
			b.runTimers()
		})
		gp := getg()
		if b.running != 1 || b.active != 1 {
			b.active--
			gp.status = _Gwaiting
			gp.waitreason = waitReasonSynctestRun
			bubblePark(gp, waitReasonSynctestRun)
			parkself()
		}
		next, ok := b.timers.next()
		if !ok || b.done {
			break
		}
		if next < b.now {
			throw("time went backwards")
		}
		b.now = next
	}
	if b.total != 1 {
		reason := "deadlock: all goroutines in bubble are blocked"
		if b.done {
			reason = "deadlock: main bubble goroutine has exited but blocked goroutines remain"
		}
		panic(synctestDeadlockError{reason, b})
	}
}

// runTimers fires what is due by the bubble's clock, as if by a goroutine of the bubble.
func (b *synctestBubble) runTimers() {
	gp := getg()
	setg(&g0)
	g0.bubble = b
	b.timers.run(b.now)
	g0.bubble = nil
	setg(gp)
}

type synctestDeadlockError struct {
	reason string
	bubble *synctestBubble
}

func (e synctestDeadlockError) Error() string {
	return e.reason
}

//go:linkname synctestWait internal/synctest.Wait
func synctestWait() {
	gp := getg()
	b := gp.bubble
	if b == nil {
		panic("goroutine is not in a bubble")
	}
	if b.waiting {
		panic("wait already in progress")
	}
	b.waiting = true
	b.waiter = gp
	gopark(waitReasonSynctestWait)
	b = getg().bubble
	b.active--
	b.waiter = nil
	b.waiting = false
}

//go:linkname synctest_isInBubble internal/synctest.IsInBubble
func synctest_isInBubble() bool {
	return getg().bubble != nil
}

//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	if b := getg().bubble; b != nil {
		b.active++
		return b
	}
	return nil
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(bubble any) {
	b := bubble.(*synctestBubble)
	b.active--
	b.maybeWake()
}

//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(bubble any, f func()) {
	gp := getg()
	if gp.bubble != nil {
		panic("goroutine is already bubbled")
	}
	bubbleStart(gp, bubble.(*synctestBubble))
	defer func() {
		gp := getg()
		b := gp.bubble
		gp.bubble = nil
		b.total--
		b.running--
		b.maybeWake()
	}()
	f()
}

const (
	bubbleAssocUnbubbled = iota
	bubbleAssocCurrent
	bubbleAssocOther
)

// bubbleOf tells which bubble the object at p belongs to, after making it the current one's if it has none and add is
// set.
func bubbleOf(p unsafe.Pointer, add bool) int {
	s := spanOf(uintptr(p))
	if s == nil || s.state != spanObjects {
		return bubbleAssocUnbubbled
	}
	id := getg().bubble.id
	assoc := bubbleAssocUnbubbled
	systemstack(func() {
		ensureSwept(s)
		for sp := s.specials; sp != nil; sp = sp.next {
			if sp.kind == specialBubble && sp.offset == uintptr(p)-s.base {
				assoc = bubbleAssocOther
				if sp.id == id {
					assoc = bubbleAssocCurrent
				}
				return
			}
		}
		if add {
			sp := newSpecial(specialBubble)
			sp.id = id
			addSpecial(uintptr(p), sp)
			assoc = bubbleAssocCurrent
		}
	})
	return assoc
}

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int {
	return bubbleOf(p, true)
}

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) {
	systemstack(func() {
		if sp := removeSpecial(uintptr(p), specialBubble); sp != nil {
			freeSpecial(sp)
		}
	})
}

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool {
	return bubbleOf(p, false) == bubbleAssocCurrent
}
