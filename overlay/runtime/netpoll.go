package runtime

import "unsafe"

// The poller: goroutines wait for the pipes and sockets of the program. Everything else that has a descriptor is a file,
// which is always ready. The host remembers where something has happened since it was last asked, so what is waited for
// without end costs nothing.

// What internal/poll makes errors of.
const (
	pollNoError        = 0
	pollErrClosing     = 1
	pollErrTimeout     = 2
	pollErrNotPollable = 3
)

// Numbers of Linux.
const (
	sysEpollWait = 232
	sysEpollCtl  = 233

	epollAdd = 1
	epollDel = 2

	_POLLIN  = 1
	_POLLOUT = 4
	_POLLERR = 8
	_POLLHUP = 16
)

// A pollDesc is a descriptor that goroutines can wait for. Package internal/poll has its address as a number; what
// keeps it is the list of those that are open.
type pollDesc struct {
	next, prev *pollDesc
	fd         int32
	closing    bool
	r, w       pollSide
}

// A pollSide is one direction of a descriptor.
type pollSide struct {
	waiting  *g
	ready    bool  // an operation may be tried, since it was last reset
	deadline int64 // 0: none; -1: it has passed
	timer    timer
}

var polls struct {
	open    *pollDesc
	waiters int // goroutines that wait
}

// awaited tells whether goroutines wait for what comes from outside: 1 if system calls wait for it, 2 if sockets may get it.
func awaited(outside int64) bool {
	return outside&1 != 0 || outside&2 != 0 && polls.waiters > 0
}

func (pd *pollDesc) side(mode int) *pollSide {
	if mode == 'r' {
		return &pd.r
	}
	return &pd.w
}

// check gives the reason not to wait.
func (pd *pollDesc) check(s *pollSide) int {
	if pd.closing {
		return pollErrClosing
	}
	if s.deadline < 0 {
		return pollErrTimeout
	}
	return pollNoError
}

// wake lets the goroutine that waits look again.
func (s *pollSide) wake() {
	if gp := s.waiting; gp != nil {
		s.waiting = nil
		polls.waiters--
		goready(gp)
	}
}

func pollExpired(arg any, seq uintptr, delay int64) {
	s := arg.(*pollSide)
	s.deadline = -1
	s.wake()
}

// setDeadline takes the time on the monotonic clock, 0 for none, -1 for one that has passed.
func (s *pollSide) setDeadline(when int64) {
	s.deadline = when
	t := &s.timer
	t.f = pollExpired
	t.arg = s
	t.when = max(when, 0)
	t.place()
	if when < 0 {
		s.wake()
	}
}

// An epollEvent is what the host says of one descriptor: what has become possible, and the address of its pollDesc.
type epollEvent struct {
	events uint32
	data   [8]byte
}

// netpoll wakes the goroutines whose descriptors are ready. The scheduler calls it.
func netpoll() {
	if polls.waiters == 0 && input.waiters == nil || threads && m0.id != 0 {
		return
	}
	var events [32]epollEvent
	for {
		n, _, errno := syscall6(sysEpollWait, 0, uintptr(noescape(unsafe.Pointer(&events))), uintptr(len(events)), 0, 0, 0)
		if errno != 0 || n == 0 {
			return
		}
		for i := range events[:n] {
			ev := &events[i]
			pd := pollDescAt(*(*uintptr)(unsafe.Pointer(&ev.data)))
			if pd == nil {
				inputCame()
				continue
			}
			if ev.events&(_POLLIN|_POLLHUP|_POLLERR) != 0 {
				pd.r.ready = true
				pd.r.wake()
			}
			if ev.events&(_POLLOUT|_POLLHUP|_POLLERR) != 0 {
				pd.w.ready = true
				pd.w.wake()
			}
		}
	}
}

func pollDescAt(ctx uintptr) *pollDesc {
	return (*pollDesc)(unsafe.Pointer(ctx))
}

//go:linkname poll_runtime_pollServerInit internal/poll.runtime_pollServerInit
func poll_runtime_pollServerInit() {}

//go:linkname poll_runtime_isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func poll_runtime_isPollServerDescriptor(fd uintptr) bool {
	return false
}

//go:linkname poll_runtime_pollOpen internal/poll.runtime_pollOpen
func poll_runtime_pollOpen(fd uintptr) (uintptr, int) {
	pd := &pollDesc{fd: int32(fd)}
	var ev epollEvent
	*(*uintptr)(unsafe.Pointer(&ev.data)) = uintptr(unsafe.Pointer(pd))
	if _, _, errno := syscall6(sysEpollCtl, 0, epollAdd, fd, uintptr(noescape(unsafe.Pointer(&ev))), 0, 0); errno != 0 {
		return 0, int(errno)
	}
	pd.next = polls.open
	if pd.next != nil {
		pd.next.prev = pd
	}
	polls.open = pd
	return uintptr(unsafe.Pointer(pd)), 0
}

//go:linkname poll_runtime_pollClose internal/poll.runtime_pollClose
func poll_runtime_pollClose(ctx uintptr) {
	pd := pollDescAt(ctx)
	if !pd.closing {
		throw("runtime: close polldesc w/o unblock")
	}
	if pd.r.waiting != nil || pd.w.waiting != nil {
		throw("runtime: blocked goroutine on closing polldesc")
	}
	syscall6(sysEpollCtl, 0, epollDel, uintptr(pd.fd), 0, 0, 0)
	if pd.prev != nil {
		pd.prev.next = pd.next
	} else {
		polls.open = pd.next
	}
	if pd.next != nil {
		pd.next.prev = pd.prev
	}
}

//go:linkname poll_runtime_pollReset internal/poll.runtime_pollReset
func poll_runtime_pollReset(ctx uintptr, mode int) int {
	pd := pollDescAt(ctx)
	s := pd.side(mode)
	err := pd.check(s)
	if err == pollNoError {
		s.ready = false
	}
	return err
}

//go:linkname poll_runtime_pollWait internal/poll.runtime_pollWait
func poll_runtime_pollWait(ctx uintptr, mode int) int {
	pd := pollDescAt(ctx)
	s := pd.side(mode)
	if err := pd.check(s); err != pollNoError {
		return err
	}
	if s.ready {
		s.ready = false
		return pollNoError
	}
	if s.waiting != nil {
		throw("runtime: double wait")
	}
	s.waiting = getg()
	polls.waiters++
	gopark(waitReasonIOWait)
	if err := pd.check(s); err != pollNoError {
		return err
	}
	s.ready = false
	return pollNoError
}

//go:linkname poll_runtime_pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func poll_runtime_pollWaitCanceled(ctx uintptr, mode int) {}

//go:linkname poll_runtime_pollSetDeadline internal/poll.runtime_pollSetDeadline
func poll_runtime_pollSetDeadline(ctx uintptr, d int64, mode int) {
	pd := pollDescAt(ctx)
	if pd.closing {
		return
	}
	if d > 0 {
		d += nanotime()
		if d <= 0 {
			d = maxWhen
		}
	}
	if mode == 'r' || mode == 'r'+'w' {
		pd.r.setDeadline(d)
	}
	if mode == 'w' || mode == 'r'+'w' {
		pd.w.setDeadline(d)
	}
}

//go:linkname poll_runtime_pollUnblock internal/poll.runtime_pollUnblock
func poll_runtime_pollUnblock(ctx uintptr) {
	pd := pollDescAt(ctx)
	if pd.closing {
		throw("runtime: unblock on closing polldesc")
	}
	pd.closing = true
	pd.r.setDeadline(0)
	pd.w.setDeadline(0)
	pd.r.wake()
	pd.w.wake()
}
