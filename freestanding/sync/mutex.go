// Package sync lets goroutines wait for each other. They take turns, so plain variables tell what is locked.
package sync

import _ "unsafe"

func throw(s string)
func fatal(s string)

//go:linkname semacquireMutex internal/sync.runtime_SemacquireMutex
func semacquireMutex(s *uint32, lifo bool, skip int)

func runtime_Semacquire(s *uint32)
func runtime_SemacquireWaitGroup(s *uint32, durable bool)
func runtime_SemacquireRWMutexR(s *uint32, lifo bool, skip int)
func runtime_SemacquireRWMutex(s *uint32, lifo bool, skip int)
func runtime_Semrelease(s *uint32, handoff bool, skip int)

type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// A Locker can be locked and unlocked.
type Locker interface {
	Lock()
	Unlock()
}

// A Mutex is unlocked at first. Who unlocks it gives it to the one that has waited for longest.
type Mutex struct {
	state int32 // 1 if it is locked, and 2 for each that waits
	sema  uint32
}

func (m *Mutex) Lock() {
	if m.state == 0 {
		m.state = 1
		return
	}
	m.state += 2
	semacquireMutex(&m.sema, false, 1)
}

func (m *Mutex) TryLock() bool {
	if m.state != 0 {
		return false
	}
	m.state = 1
	return true
}

func (m *Mutex) Unlock() {
	switch {
	case m.state == 0:
		fatal("sync: unlock of unlocked mutex")
	case m.state == 1:
		m.state = 0
	default:
		m.state -= 2 // it stays locked, for that one
		runtime_Semrelease(&m.sema, true, 1)
	}
}

// An RWMutex can be locked by many that read, or by one that writes.
type RWMutex struct {
	w       Mutex // writers
	writer  uint32
	reader  uint32
	readers int32 // less than 0 while a writer waits or writes
	leaving int32 // readers that the writer waits for
}

const maxReaders = 1 << 30

func (rw *RWMutex) RLock() {
	rw.readers++
	if rw.readers < 0 {
		runtime_SemacquireRWMutexR(&rw.reader, false, 1)
	}
}

func (rw *RWMutex) TryRLock() bool {
	if rw.readers < 0 {
		return false
	}
	rw.readers++
	return true
}

func (rw *RWMutex) RUnlock() {
	rw.readers--
	if rw.readers >= 0 {
		return
	}
	if rw.readers == -1 || rw.readers == -maxReaders-1 {
		fatal("sync: RUnlock of unlocked RWMutex")
	}
	rw.leaving--
	if rw.leaving == 0 {
		runtime_Semrelease(&rw.writer, false, 1)
	}
}

func (rw *RWMutex) Lock() {
	rw.w.Lock()
	n := rw.readers
	rw.readers -= maxReaders
	if n != 0 {
		rw.leaving += n
		if rw.leaving != 0 {
			runtime_SemacquireRWMutex(&rw.writer, false, 1)
		}
	}
}

func (rw *RWMutex) TryLock() bool {
	if rw.readers != 0 || !rw.w.TryLock() {
		return false
	}
	rw.readers = -maxReaders
	return true
}

func (rw *RWMutex) Unlock() {
	if rw.readers >= 0 {
		fatal("sync: Unlock of unlocked RWMutex")
	}
	rw.readers += maxReaders
	for range rw.readers {
		runtime_Semrelease(&rw.reader, false, 0)
	}
	rw.w.Unlock()
}

// RLocker is a Locker that locks for reading.
func (rw *RWMutex) RLocker() Locker { return (*rlocker)(rw) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }
