package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// Semaphores for package sync: a goroutine sleeps until a counter at some address is positive.

const semaTableSize = 251

// semaTable has, by address, the first waiters of each semaphore; further waiters of the same one hang on waitlink.
var semaTable [semaTableSize]*sudog

func semaBucket(addr *uint32) **sudog {
	return &semaTable[(uintptr(unsafe.Pointer(addr))>>3)%semaTableSize]
}

func cansemacquire(addr *uint32) bool {
	if *addr > 0 {
		*addr--
		return true
	}
	return false
}

func semacquire(addr *uint32) {
	semacquire1(addr, false, waitReasonSemacquire)
}

func semacquire1(addr *uint32, lifo bool, reason waitReason) {
	if cansemacquire(addr) {
		return
	}
	for {
		gp := getg()
		s := acquireSudog()
		s.g = gp
		s.ticket = 0
		semaQueue(addr, s, lifo)
		gp.waiting = s
		waits(gp, reason)
		parkself()
		s = getg().waiting
		getg().waiting = nil
		ticket := s.ticket
		releaseSudog(s)
		if ticket != 0 || cansemacquire(addr) {
			return
		}
	}
}

func semaQueue(addr *uint32, s *sudog, lifo bool) {
	bucket := semaBucket(addr)
	s.elem = unsafe.Pointer(addr)
	s.waitlink = nil
	s.waittail = nil
	s.next = nil
	prev := bucket
	for head := *bucket; head != nil; prev, head = &head.next, head.next {
		if head.elem != unsafe.Pointer(addr) {
			continue
		}
		if lifo {
			s.next = head.next
			head.next = nil
			s.waitlink = head
			s.waittail = head.waittail
			if s.waittail == nil {
				s.waittail = head
			}
			head.waittail = nil
			*prev = s
		} else {
			if head.waittail == nil {
				head.waitlink = s
			} else {
				head.waittail.waitlink = s
			}
			head.waittail = s
		}
		return
	}
	*prev = s
}

// semaDequeue takes the first waiter for addr.
func semaDequeue(addr *uint32) *sudog {
	bucket := semaBucket(addr)
	prev := bucket
	for head := *bucket; head != nil; prev, head = &head.next, head.next {
		if head.elem != unsafe.Pointer(addr) {
			continue
		}
		if next := head.waitlink; next != nil {
			next.next = head.next
			if head.waittail != next {
				next.waittail = head.waittail
			} else {
				next.waittail = nil
			}
			*prev = next
		} else {
			*prev = head.next
		}
		head.next = nil
		head.waitlink = nil
		head.waittail = nil
		head.elem = nil
		return head
	}
	return nil
}

func semrelease(addr *uint32) {
	semrelease1(addr, false)
}

func semrelease1(addr *uint32, handoff bool) {
	*addr++
	s := semaDequeue(addr)
	if s == nil {
		return
	}
	if handoff && cansemacquire(addr) {
		s.ticket = 1
	}
	goready(s.g)
	if s.ticket == 1 {
		// The waiter has the lock: let it run now.
		goyield()
	}
}

// goyield lets the goroutine that was made ready last run at once.
func goyield() {
	gp := getg()
	gp.status = _Grunnable
	runq.put(gp)
	parkself()
}

//go:linkname sync_runtime_Semacquire sync.runtime_Semacquire
//line $GOROOT/src/runtime/sema.go:70
func sync_runtime_Semacquire(addr *uint32) {
	semacquire1(addr, false, waitReasonSemacquire)
}

//go:linkname sync_runtime_SemacquireWaitGroup sync.runtime_SemacquireWaitGroup
//line $GOROOT/src/runtime/sema.go:109
func sync_runtime_SemacquireWaitGroup(addr *uint32, synctestDurable bool) {
	reason := waitReasonSyncWaitGroupWait
	if synctestDurable {
		reason = waitReasonSynctestWaitGroupWait
	}
	semacquire1(addr, false, reason)
}

//go:linkname poll_runtime_Semacquire internal/poll.runtime_Semacquire
//line $GOROOT/src/runtime/sema.go:75
func poll_runtime_Semacquire(addr *uint32) {
	semacquire1(addr, false, waitReasonSemacquire)
}

//go:linkname sync_runtime_Semrelease sync.runtime_Semrelease
//line $GOROOT/src/runtime/sema.go:89
func sync_runtime_Semrelease(addr *uint32, handoff bool, skipframes int) {
	semrelease1(addr, handoff)
}

//go:linkname internal_sync_runtime_SemacquireMutex internal/sync.runtime_SemacquireMutex
//line $GOROOT/src/runtime/sema.go:94
func internal_sync_runtime_SemacquireMutex(addr *uint32, lifo bool, skipframes int) {
	semacquire1(addr, lifo, waitReasonSyncMutexLock)
}

//go:linkname internal_sync_runtime_Semrelease internal/sync.runtime_Semrelease
//line $GOROOT/src/runtime/sema.go:123
func internal_sync_runtime_Semrelease(addr *uint32, handoff bool, skipframes int) {
	semrelease1(addr, handoff)
}

//go:linkname sync_runtime_SemacquireRWMutexR sync.runtime_SemacquireRWMutexR
//line $GOROOT/src/runtime/sema.go:99
func sync_runtime_SemacquireRWMutexR(addr *uint32, lifo bool, skipframes int) {
	semacquire1(addr, lifo, waitReasonSyncRWMutexRLock)
}

//go:linkname sync_runtime_SemacquireRWMutex sync.runtime_SemacquireRWMutex
//line $GOROOT/src/runtime/sema.go:104
func sync_runtime_SemacquireRWMutex(addr *uint32, lifo bool, skipframes int) {
	semacquire1(addr, lifo, waitReasonSyncRWMutexLock)
}

//go:linkname poll_runtime_Semrelease internal/poll.runtime_Semrelease
func poll_runtime_Semrelease(addr *uint32) {
	semrelease(addr)
}

// A notifyList is the list of waiters of a sync.Cond, by ticket.
type notifyList struct {
	wait   atomic.Uint32
	notify uint32
	lock   uintptr
	head   *sudog
	tail   *sudog
}

//go:linkname notifyListAdd sync.runtime_notifyListAdd
func notifyListAdd(l *notifyList) uint32 {
	return l.wait.Add(1) - 1
}

func less(a, b uint32) bool {
	return int32(a-b) < 0
}

//go:linkname notifyListWait sync.runtime_notifyListWait
//line $GOROOT/src/runtime/sema.go:601
func notifyListWait(l *notifyList, t uint32) {
	if less(t, l.notify) {
		return // already notified
	}
	gp := getg()
	s := acquireSudog()
	s.g = gp
	s.ticket = t
	s.next = nil
	if l.tail == nil {
		l.head = s
	} else {
		l.tail.next = s
	}
	l.tail = s
	gp.waiting = s
	gopark(waitReasonSyncCondWait)
	s = getg().waiting
	getg().waiting = nil
	releaseSudog(s)
}

//go:linkname notifyListNotifyAll sync.runtime_notifyListNotifyAll
func notifyListNotifyAll(l *notifyList) {
	if l.wait.Load() == l.notify {
		return
	}
	s := l.head
	l.head = nil
	l.tail = nil
	l.notify = l.wait.Load()
	for s != nil {
		next := s.next
		s.next = nil
		goready(s.g)
		s = next
	}
}

//go:linkname notifyListNotifyOne sync.runtime_notifyListNotifyOne
func notifyListNotifyOne(l *notifyList) {
	if l.wait.Load() == l.notify {
		return
	}
	t := l.notify
	l.notify++
	var prev *sudog
	for s := l.head; s != nil; prev, s = s, s.next {
		if s.ticket != t {
			continue
		}
		next := s.next
		if prev != nil {
			prev.next = next
		} else {
			l.head = next
		}
		if next == nil {
			l.tail = prev
		}
		s.next = nil
		goready(s.g)
		return
	}
}

//go:linkname notifyListCheck sync.runtime_notifyListCheck
func notifyListCheck(size uintptr) {
	if size != unsafe.Sizeof(notifyList{}) {
		throw("bad notifyList size")
	}
}

//go:linkname internal_sync_runtime_canSpin internal/sync.runtime_canSpin
func internal_sync_runtime_canSpin(i int) bool {
	return false
}

//go:linkname internal_sync_runtime_doSpin internal/sync.runtime_doSpin
func internal_sync_runtime_doSpin() {}

//go:linkname sync_runtime_canSpin sync.runtime_canSpin
func sync_runtime_canSpin(i int) bool {
	return false
}

//go:linkname sync_runtime_doSpin sync.runtime_doSpin
func sync_runtime_doSpin() {}

//go:linkname internal_sync_nanotime internal/sync.runtime_nanotime
func internal_sync_nanotime() int64 {
	if sched.seeded {
		return int64(sched.picks) * 1000
	}
	return nanotime()
}

//go:linkname internal_sync_throw internal/sync.throw
//line $GOROOT/src/runtime/panic.go:1185
func internal_sync_throw(s string) {
	throw(s)
}

//go:linkname internal_sync_fatal internal/sync.fatal
//line $GOROOT/src/runtime/panic.go:1190
func internal_sync_fatal(s string) {
	fatal(s)
}

//go:linkname sync_throw sync.throw
//line $GOROOT/src/runtime/panic.go:1155
func sync_throw(s string) {
	throw(s)
}

//go:linkname sync_fatal sync.fatal
//line $GOROOT/src/runtime/panic.go:1160
func sync_fatal(s string) {
	fatal(s)
}

//go:linkname sync_runtime_procPin sync.runtime_procPin
func sync_runtime_procPin() int {
	if threads {
		lock() // there is one pool for all threads
	}
	return 0
}

//go:linkname sync_runtime_procUnpin sync.runtime_procUnpin
func sync_runtime_procUnpin() {
	if threads {
		unlock()
	}
}

//go:linkname sync_atomic_runtime_procPin sync/atomic.runtime_procPin
func sync_atomic_runtime_procPin() int {
	if threads {
		lock()
	}
	return 0
}

//go:linkname sync_atomic_runtime_procUnpin sync/atomic.runtime_procUnpin
func sync_atomic_runtime_procUnpin() {
	if threads {
		unlock()
	}
}

// poolcleanup clears the pools of package sync at each collection.
var poolcleanup func()

//go:linkname sync_runtime_registerPoolCleanup sync.runtime_registerPoolCleanup
func sync_runtime_registerPoolCleanup(f func()) {
	poolcleanup = f
}
