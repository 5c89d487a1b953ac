package sync

import "unsafe"

// A WaitGroup waits for as many calls of Done as were announced.
type WaitGroup struct {
	_       noCopy
	count   int32
	waiters uint32
	sema    uint32
}

func (wg *WaitGroup) Add(delta int) {
	wg.count += int32(delta)
	if wg.count < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if wg.count > 0 {
		return
	}
	for ; wg.waiters > 0; wg.waiters-- {
		runtime_Semrelease(&wg.sema, false, 0)
	}
}

func (wg *WaitGroup) Done() { wg.Add(-1) }

func (wg *WaitGroup) Wait() {
	if wg.count == 0 {
		return
	}
	wg.waiters++
	runtime_SemacquireWaitGroup(&wg.sema, false)
}

// Go runs f in a goroutine that Wait waits for.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
}

// notifyList is laid out as package runtime has it.
type notifyList struct {
	wait, notify uint32
	lock         uintptr
	head, tail   unsafe.Pointer
}

func runtime_notifyListAdd(l *notifyList) uint32
func runtime_notifyListWait(l *notifyList, ticket uint32)
func runtime_notifyListNotifyAll(l *notifyList)
func runtime_notifyListNotifyOne(l *notifyList)

// A Cond wakes those that wait for something to happen.
type Cond struct {
	_ noCopy
	// L is locked by who looks at what is waited for.
	L       Locker
	waiting notifyList
}

func NewCond(l Locker) *Cond { return &Cond{L: l} }

// Wait unlocks L, waits to be woken, and locks it again.
func (c *Cond) Wait() {
	ticket := runtime_notifyListAdd(&c.waiting)
	c.L.Unlock()
	runtime_notifyListWait(&c.waiting, ticket)
	c.L.Lock()
}

func (c *Cond) Signal() { runtime_notifyListNotifyOne(&c.waiting) }

func (c *Cond) Broadcast() { runtime_notifyListNotifyAll(&c.waiting) }

// A Once does something the first time only; others that come meanwhile wait for it.
type Once struct {
	_    noCopy
	done bool
	m    Mutex
}

func (o *Once) Do(f func()) {
	if o.done {
		return
	}
	o.m.Lock()
	defer o.m.Unlock()
	if o.done {
		return
	}
	defer o.setDone()
	f()
}

func (o *Once) setDone() { o.done = true }

// OnceFunc calls f when it is called first. If f panics, every call does.
func OnceFunc(f func()) func() {
	g := OnceValue(func() struct{} {
		f()
		return struct{}{}
	})
	return func() { g() }
}

// OnceValue gives what f gave when it was called first.
func OnceValue[T any](f func() T) func() T {
	var once Once
	var result T
	var valid bool
	var reason any
	return func() T {
		once.Do(func() {
			defer func() {
				if !valid {
					reason = recover()
					panic(reason)
				}
			}()
			result = f()
			f = nil
			valid = true
		})
		if !valid {
			panic(reason)
		}
		return result
	}
}

// OnceValues is OnceValue for two results.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	type pair struct {
		a T1
		b T2
	}
	g := OnceValue(func() pair {
		a, b := f()
		return pair{a, b}
	})
	return func() (T1, T2) {
		p := g()
		return p.a, p.b
	}
}
