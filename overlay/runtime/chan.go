package runtime

import (
	"internal/runtime/math"
	"unsafe"
)

// An hchan is a channel: a ring of elements, and the goroutines that wait to send or to receive.
type hchan struct {
	qcount   uint           // elements in the ring
	dataqsiz uint           // its size
	buf      unsafe.Pointer // the ring
	elemsize uint16
	closed   uint32
	timer    *timer // of a timer's channel
	elemtype *_type
	sendx    uint
	recvx    uint
	recvq    waitq
	sendq    waitq
	bubble   *synctestBubble
	_        uintptr // as large as Go's, which has a lock here
}

type waitq struct {
	first *sudog
	last  *sudog
}

func (q *waitq) enqueue(s *sudog) {
	s.next = nil
	last := q.last
	if last == nil {
		s.prev = nil
		q.first = s
		q.last = s
		return
	}
	s.prev = last
	last.next = s
	q.last = s
}

// dequeue takes the first waiter that nobody else has woken up: a select waits in several queues.
func (q *waitq) dequeue() *sudog {
	for {
		s := q.first
		if s == nil {
			return nil
		}
		next := s.next
		if next == nil {
			q.first = nil
			q.last = nil
		} else {
			next.prev = nil
			q.first = next
			s.next = nil
		}
		if s.isSelect {
			if s.g.selectDone != 0 {
				continue
			}
			s.g.selectDone = 1
		}
		return s
	}
}

func (q *waitq) remove(s *sudog) {
	if s.prev != nil {
		s.prev.next = s.next
		if s.next != nil {
			s.next.prev = s.prev
		} else {
			q.last = s.prev
		}
		s.next, s.prev = nil, nil
		return
	}
	if s.next != nil {
		s.next.prev = nil
		q.first = s.next
		s.next = nil
		return
	}
	if q.first == s {
		q.first = nil
		q.last = nil
	}
}

// The machine keeps so many sudogs and records of deferred calls to use them again; half of them go to and come from lists
// that collections empty.
const (
	sudogPoolSize = 128
	deferPoolSize = 32
)

func acquireSudog() *sudog {
	s := m0.sudogpool
	if s == nil {
		s = refillSudogs()
		if s == nil {
			return new(sudog)
		}
	}
	m0.sudogpool = s.next
	m0.nsudogs--
	s.next = nil
	return s
}

// refillSudogs takes sudogs from the list that is common.
//
//go:noinline
func refillSudogs() *sudog {
	for m0.nsudogs < sudogPoolSize/2 && sched.sudogcache != nil {
		s := sched.sudogcache
		sched.sudogcache = s.next
		s.next = m0.sudogpool
		m0.sudogpool = s
		m0.nsudogs++
	}
	return m0.sudogpool
}

func releaseSudog(s *sudog) {
	s.elem = nil
	s.c = nil
	s.g = nil
	s.isSelect = false
	s.success = false
	s.waitlink = nil
	s.prev = nil
	if m0.nsudogs == sudogPoolSize {
		spillSudogs()
	}
	s.next = m0.sudogpool
	m0.sudogpool = s
	m0.nsudogs++
}

//go:noinline
func spillSudogs() {
	for m0.nsudogs > sudogPoolSize/2 {
		s := m0.sudogpool
		m0.sudogpool = s.next
		s.next = sched.sudogcache
		sched.sudogcache = s
		m0.nsudogs--
	}
}

//go:linkname reflect_makechan reflect.makechan
func reflect_makechan(t *chantype, size int) *hchan {
	return makechan(t, size)
}

func makechan64(t *chantype, size int64) *hchan {
	return makechan(t, int(size))
}

const hchanSize = unsafe.Sizeof(hchan{})

// makechan implements make(chan T, size). A channel without pointers in its ring is not scanned: whoever waits in it
// refers to it.
func makechan(t *chantype, size int) *hchan {
	elem := t.Elem
	mem, overflow := math.MulUintptr(elem.Size_, uintptr(size))
	if overflow || mem > maxAllocAMD64-hchanSize || size < 0 {
		panic(plainError("makechan: size out of range"))
	}
	var c *hchan
	switch {
	case mem == 0:
		c = (*hchan)(mallocgc(hchanSize, nil, true))
		c.buf = unsafe.Pointer(c)
	case !elem.Pointers():
		// The ring lies behind the channel.
		c = (*hchan)(mallocgc(hchanSize+mem, nil, true))
		c.buf = add(unsafe.Pointer(c), hchanSize)
	default:
		c = new(hchan)
		c.buf = mallocgc(mem, elem, true)
	}
	c.elemsize = uint16(elem.Size_)
	c.elemtype = elem
	c.dataqsiz = uint(size)
	if b := getg().bubble; b != nil {
		c.bubble = b
	}
	return c
}

func (c *hchan) at(i uint) unsafe.Pointer {
	return add(c.buf, uintptr(i)*uintptr(c.elemsize))
}

// chansend sends *ep; without block it gives false where it would wait.
func chansend(c *hchan, ep unsafe.Pointer, block bool) bool {
	if c == nil {
		if !block {
			return false
		}
		gopark(waitReasonChanSendNilChan)
		throw("unreachable")
	}
	if c.bubble != nil && getg().bubble != c.bubble {
		fatal("send on synctest channel from outside bubble")
	}
	if c.closed != 0 {
		panic(plainError("send on closed channel"))
	}
	if s := c.recvq.dequeue(); s != nil {
		// A receiver waits: it gets the value directly.
		if s.elem != nil {
			sendDirect(c.elemtype, s.elem, ep)
			s.elem = nil
		}
		wake(s, true)
		return true
	}
	if c.qcount < c.dataqsiz {
		typedmemmove(c.elemtype, c.at(c.sendx), ep)
		c.sendx++
		if c.sendx == c.dataqsiz {
			c.sendx = 0
		}
		c.qcount++
		return true
	}
	if !block {
		return false
	}
	gp := getg()
	s := acquireSudog()
	s.elem = ep
	s.g = gp
	s.c = c
	gp.waiting = s
	gp.param = nil
	c.sendq.enqueue(s)
	reason := waitReasonChanSend
	if c.bubble != nil {
		reason = waitReasonSynctestChanSend
	}
	waits(gp, reason)
	parkself()
	KeepAlive(ep) // the record of the waiter is no root for the stack
	gp = getg()
	s = gp.waiting
	gp.waiting = nil
	success := s.success
	gp.param = nil
	releaseSudog(s)
	if !success {
		panic(plainError("send on closed channel"))
	}
	return true
}

// sendDirect writes to another goroutine's stack or to the heap.
func sendDirect(t *_type, dst, src unsafe.Pointer) {
	typedmemmove(t, dst, src)
}

// wake makes the goroutine of a dequeued waiter run.
func wake(s *sudog, success bool) {
	gp := s.g
	gp.param = unsafe.Pointer(s)
	s.success = success
	goready(gp)
}

func closechan(c *hchan) {
	if c == nil {
		panic(plainError("close of nil channel"))
	}
	if c.bubble != nil && getg().bubble != c.bubble {
		fatal("close of synctest channel from outside bubble")
	}
	if c.closed != 0 {
		panic(plainError("close of closed channel"))
	}
	c.closed = 1
	var list *g
	var tail *g
	for {
		s := c.recvq.dequeue()
		if s == nil {
			break
		}
		if s.elem != nil {
			typedmemclr(c.elemtype, s.elem)
			s.elem = nil
		}
		list, tail = wakeLater(list, tail, s)
	}
	for {
		s := c.sendq.dequeue()
		if s == nil {
			break
		}
		s.elem = nil
		list, tail = wakeLater(list, tail, s)
	}
	for list != nil {
		gp := list
		list = gp.schedlink
		gp.schedlink = nil
		goready(gp)
	}
}

// wakeLater puts the goroutine of s in front of a list.
func wakeLater(list, tail *g, s *sudog) (*g, *g) {
	gp := s.g
	gp.param = unsafe.Pointer(s)
	s.success = false
	gp.schedlink = list
	return gp, tail
}

// chanrecv receives into *ep (nil: the value is dropped). selected is false where it would wait without block;
// received is false for the zero value of a closed channel.
func chanrecv(c *hchan, ep unsafe.Pointer, block bool) (selected, received bool) {
	if c == nil {
		if !block {
			return false, false
		}
		gopark(waitReasonChanReceiveNilChan)
		throw("unreachable")
	}
	if c.bubble != nil && getg().bubble != c.bubble {
		fatal("receive on synctest channel from outside bubble")
	}
	if c.timer != nil {
		c.timer.maybeRunChan()
	}
	if c.closed != 0 {
		if c.qcount == 0 {
			if ep != nil {
				typedmemclr(c.elemtype, ep)
			}
			return true, false
		}
	} else if s := c.sendq.dequeue(); s != nil {
		recv(c, s, ep)
		return true, true
	}
	if c.qcount > 0 {
		c.take(ep)
		return true, true
	}
	if !block {
		return false, false
	}
	gp := getg()
	s := acquireSudog()
	s.elem = ep
	s.g = gp
	s.c = c
	gp.waiting = s
	gp.param = nil
	c.recvq.enqueue(s)
	if c.timer != nil {
		c.timer.blockChan()
	}
	reason := waitReasonChanReceive
	if c.bubble != nil {
		reason = waitReasonSynctestChanReceive
	}
	waits(gp, reason)
	parkself()
	gp = getg()
	s = gp.waiting
	if s.c.timer != nil {
		s.c.timer.unblockChan()
	}
	gp.waiting = nil
	success := s.success
	gp.param = nil
	releaseSudog(s)
	return true, success
}

// take receives from the ring.
func (c *hchan) take(ep unsafe.Pointer) {
	p := c.at(c.recvx)
	if ep != nil {
		typedmemmove(c.elemtype, ep, p)
	}
	typedmemclr(c.elemtype, p)
	c.recvx++
	if c.recvx == c.dataqsiz {
		c.recvx = 0
	}
	c.qcount--
}

// recv receives from a sender that waits: its value, or, if the ring is full, the first one of the ring, whose place
// its value takes.
func recv(c *hchan, s *sudog, ep unsafe.Pointer) {
	if c.dataqsiz == 0 {
		if ep != nil {
			typedmemmove(c.elemtype, ep, s.elem)
		}
	} else {
		p := c.at(c.recvx)
		if ep != nil {
			typedmemmove(c.elemtype, ep, p)
		}
		typedmemmove(c.elemtype, p, s.elem)
		c.recvx++
		if c.recvx == c.dataqsiz {
			c.recvx = 0
		}
		c.sendx = c.recvx
	}
	s.elem = nil
	wake(s, true)
}

func selectnbsend(c *hchan, elem unsafe.Pointer) bool {
	return chansend(c, elem, false)
}

func selectnbrecv(elem unsafe.Pointer, c *hchan) (selected, received bool) {
	return chanrecv(c, elem, false)
}

func chanlen(c *hchan) int {
	if c == nil {
		return 0
	}
	if c.timer != nil {
		if debug.asynctimerchan == 0 {
			return 0 // they have a buffer, but look as if they had none
		}
		c.timer.maybeRunChan()
	}
	return int(c.qcount)
}

func chancap(c *hchan) int {
	if c == nil || c.timer != nil && debug.asynctimerchan == 0 {
		return 0
	}
	return int(c.dataqsiz)
}

//go:linkname reflect_chansend reflect.chansend0
func reflect_chansend(c *hchan, elem unsafe.Pointer, nb bool) bool {
	return chansend(c, elem, !nb)
}

//go:linkname reflect_chanrecv reflect.chanrecv
func reflect_chanrecv(c *hchan, nb bool, elem unsafe.Pointer) (selected, received bool) {
	return chanrecv(c, elem, !nb)
}

//go:linkname reflect_chanlen reflect.chanlen
func reflect_chanlen(c *hchan) int {
	return chanlen(c)
}

//go:linkname reflectlite_chanlen internal/reflectlite.chanlen
func reflectlite_chanlen(c *hchan) int {
	return chanlen(c)
}

//go:linkname reflect_chancap reflect.chancap
func reflect_chancap(c *hchan) int {
	return chancap(c)
}

//go:linkname reflect_chanclose reflect.chanclose
func reflect_chanclose(c *hchan) {
	closechan(c)
}
