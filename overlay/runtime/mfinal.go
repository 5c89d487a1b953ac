package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

// A special says that something is to happen when an object dies. The specials of a span are in order of their objects.
type special struct {
	_         sys.NotInHeap
	next      *special
	offset    uintptr // of the object, or of the word in it that the special is for
	kind      uint8
	spanIndex uint32

	fn     unsafe.Pointer // *funcval of a finalizer or cleanup
	nret   uintptr
	fint   *_type
	ot     *ptrtype
	id     uint64
	handle unsafe.Pointer // of weak pointers
	bucket *bucket
}

const (
	specialTiny = iota
	specialFinalizer
	specialWeak
	specialCleanup
	specialProfile
	specialBubble
)

var freeSpecials *special

// specialSpans lists the spans that have specials; a span leaves it lazily.
var specialSpans []uintptr

func newSpecial(kind uint8) *special {
	s := freeSpecials
	if s != nil {
		freeSpecials = s.next
		*s = special{}
	} else {
		s = (*special)(unsafe.Pointer(persistentalloc(unsafe.Sizeof(special{}), 8, &memstats.otherSys)))
	}
	s.kind = kind
	return s
}

func freeSpecial(s *special) {
	s.next = freeSpecials
	freeSpecials = s
}

// addSpecial attaches sp to the object at p. It gives false if there is one of its kind already (cleanups and profile
// records may be several).
func addSpecial(p uintptr, sp *special) bool {
	s := spanOf(p)
	if s == nil {
		throw("addspecial on invalid pointer")
	}
	ensureSwept(s)
	sp.offset = p - s.base
	at := &s.specials
	for *at != nil && ((*at).offset < sp.offset || (*at).offset == sp.offset && (*at).kind < sp.kind) {
		at = &(*at).next
	}
	if *at != nil && (*at).offset == sp.offset && (*at).kind == sp.kind && sp.kind != specialCleanup {
		return false
	}
	if s.specials == nil {
		if !s.listedSpecials {
			s.listedSpecials = true
			listSpecialSpan(s.base)
		}
	}
	sp.next = *at
	*at = sp
	return true
}

// listSpecialSpan adds a span to the list, which is not in the heap: profiling must not allocate what it counts.
func listSpecialSpan(base uintptr) {
	n := len(specialSpans)
	if n == cap(specialSpans) {
		size := max(64, 2*n)
		grown := unsafe.Slice((*uintptr)(unsafe.Pointer(persistentalloc(uintptr(size)*8, 8, &memstats.gcSys))), size)
		copy(grown, specialSpans)
		specialSpans = grown[:n]
	}
	specialSpans = specialSpans[:n+1]
	specialSpans[n] = base
}

// removeSpecial detaches the special of a kind from the object at p.
func removeSpecial(p uintptr, kind uint8) *special {
	s := spanOf(p)
	if s == nil {
		return nil
	}
	ensureSwept(s)
	off := p - s.base
	for at := &s.specials; *at != nil; at = &(*at).next {
		if sp := *at; sp.offset == off && sp.kind == kind {
			*at = sp.next
			return sp
		}
	}
	return nil
}

// markSpecials marks what the finalizers and cleanups of the next span in the list refer to: for a finalizer all that its
// object refers to, but not the object. Spans without specials leave the list.
func markSpecials() {
	base := specialSpans[work.specials]
	work.specials++
	s := spanOf(base)
	if s == nil || s.state != spanObjects || s.base != base || !s.listedSpecials {
		return
	}
	if s.specials == nil {
		s.listedSpecials = false
		return
	}
	specialSpans[work.specialsKept] = base
	work.specialsKept++
	noscan := s.spanclass.noscan()
	var last unsafe.Pointer // mostly all have the same function
	for sp := s.specials; sp != nil; sp = sp.next {
		switch sp.kind {
		case specialFinalizer:
			if !noscan {
				p := s.base + s.objIndex(s.base+sp.offset)*s.elemsize
				scanObject(p, s)
			}
			if sp.fn != last {
				last = sp.fn
				markPtr(uintptr(last))
			}
		case specialCleanup:
			markPtr(uintptr(sp.fn))
		case specialWeak:
			markPtr(uintptr(sp.handle))
		}
	}
}

// sweepSpecials does what is due for the dead objects of a span.
func sweepSpecials(s *mspan) {
	at := &s.specials
	for *at != nil {
		i := (*at).offset / s.elemsize
		if bitSet(s.markBits, i) {
			at = &(*at).next
			continue
		}
		// All specials of the object: a finalizer gives it one more cycle.
		end := (i + 1) * s.elemsize
		finalized := false
		for sp := *at; sp != nil && sp.offset < end; sp = sp.next {
			if sp.kind == specialFinalizer {
				setMarked(s, i)
				finalized = true
				break
			}
		}
		for *at != nil && (*at).offset < end {
			sp := *at
			if finalized && sp.kind != specialFinalizer && sp.kind != specialWeak {
				at = &sp.next
				continue
			}
			*at = sp.next
			p := s.base + sp.offset
			switch sp.kind {
			case specialFinalizer:
				queueFinalizer(unsafe.Pointer(p), sp)
			case specialWeak:
				*(*unsafe.Pointer)(sp.handle) = nil
			case specialCleanup:
				queueCleanup(sp.fn)
			case specialProfile:
				profileFree(sp.bucket, s.elemsize)
			}
			freeSpecial(sp)
		}
	}
}

// A finalizer that is to run.
type finalizer struct {
	fn   *funcval
	arg  unsafe.Pointer
	nret uintptr
	fint *_type
	ot   *ptrtype
}

type finalizerQueue struct {
	fing      *g // the goroutine that runs finalizers; parked if idle
	fingIdle  bool
	queued    uint64
	executed  uint64
	finQueued uint64
	finDone   uint64
}

var finq finalizerQueue

// Sweeping must not allocate from the heap: entries wait in memory of their own.
type pendingFinalizer struct {
	_    sys.NotInHeap
	next *pendingFinalizer
	fin  finalizer
}

var pendingFins, pendingFinsTail, freeFins *pendingFinalizer

func queuePending(f finalizer) {
	p := freeFins
	if p != nil {
		freeFins = p.next
	} else {
		p = (*pendingFinalizer)(unsafe.Pointer(persistentalloc(unsafe.Sizeof(pendingFinalizer{}), 8, &memstats.otherSys)))
	}
	p.fin = f
	p.next = nil
	if pendingFinsTail == nil {
		pendingFins = p
	} else {
		pendingFinsTail.next = p
	}
	pendingFinsTail = p
}

func queueFinalizer(arg unsafe.Pointer, sp *special) {
	finq.finQueued++
	queuePending(finalizer{fn: (*funcval)(sp.fn), arg: arg, nret: sp.nret, fint: sp.fint, ot: sp.ot})
}

func queueCleanup(fn unsafe.Pointer) {
	finq.queued++
	queuePending(finalizer{fn: (*funcval)(fn)})
}

// markPending marks what waits to be finalized.
func markPending() {
	for p := pendingFins; p != nil; p = p.next {
		markPtr(uintptr(unsafe.Pointer(p.fin.fn)))
		markPtr(uintptr(p.fin.arg))
	}
}

// wakeIdle starts the goroutines of finalizers and cleanups if there is something for them to do.
func wakeIdle() bool {
	if pendingFins == nil {
		return false
	}
	return wakeFinalizers()
}

func wakeFinalizers() bool {
	woken := false
	if finq.fing == nil {
		finq.fing = newSystemG(runFinalizers)
		woken = true
	} else if finq.fingIdle {
		finq.fingIdle = false
		goready(finq.fing)
		woken = true
	}
	return woken
}

// newSystemG starts a goroutine of the runtime.
func newSystemG(fn func()) *g {
	gp := newg(fn, getcallerpc())
	gp.system = true
	sched.nsystem++
	// Numbers from 7 on are for the program's goroutines.
	goidgen--
	gp.goid = 5
	return gp
}

// runFinalizers runs what is pending, for ever: cleanups in goroutine of their own.
func runFinalizers() {
	for {
		if threads {
			lock()
		}
		for pendingFins != nil {
			p := pendingFins
			pendingFins = p.next
			if pendingFins == nil {
				pendingFinsTail = nil
			}
			f := p.fin
			if gcMarking {
				// No root any more, and this stack may have been scanned.
				markPtr(uintptr(unsafe.Pointer(f.fn)))
				markPtr(uintptr(f.arg))
			}
			p.fin = finalizer{}
			p.next = freeFins
			freeFins = p
			if threads {
				unlock()
			}
			if f.arg == nil {
				fn := f.fn
				call := *(*func())(unsafe.Pointer(&fn))
				call()
				finq.executed++
			} else {
				callFinalizer(&f)
				finq.finDone++
			}
			if threads {
				lock()
			}
		}
		finq.fingIdle = true
		gopark(waitReasonFinalizerWait)
		if threads {
			unlock()
		}
	}
}

// callFinalizer calls f.fn with the object in the form that its parameter wants.
func callFinalizer(f *finalizer) {
	// Pointers, so that the argument is kept; the results are not looked at.
	frame := make([]unsafe.Pointer, 2+(f.nret+7)/8)
	switch {
	case f.fint.Kind() == abi.Pointer:
		frame[0] = f.arg
	default:
		it := (*interfacetype)(unsafe.Pointer(f.fint))
		frame[0] = unsafe.Pointer(f.ot)
		if len(it.Methods) != 0 {
			frame[0] = unsafe.Pointer(assertE2I(it, &f.ot.Type))
		}
		frame[1] = f.arg
	}
	f.arg = nil
	reflectcall(nil, unsafe.Pointer(f.fn), unsafe.Pointer(&frame[0]), 0, 0, uint32(len(frame)*8), nil)
}

// SetFinalizer sets the finalizer associated with obj to the provided finalizer function. When the garbage collector
// finds an unreachable block with an associated finalizer, it clears the association and runs finalizer(obj) in a
// separate goroutine.
func SetFinalizer(obj any, finalizer any) {
	e := efaceOf(&obj)
	etyp := e._type
	if etyp == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if etyp.Kind() != abi.Pointer {
		throw("runtime.SetFinalizer: first argument is " + typeString(etyp) + ", not pointer")
	}
	ot := (*ptrtype)(unsafe.Pointer(etyp))
	if ot.Elem == nil {
		throw("nil elem type!")
	}
	p := uintptr(e.data)
	if p == 0 {
		throw("runtime.SetFinalizer: nil pointer")
	}
	s := spanOf(p)
	if s == nil || s.state != spanObjects {
		if inData(p) || e.data == unsafe.Pointer(&zerobase) {
			return
		}
		throw("runtime.SetFinalizer: pointer not in heap")
	}
	base := objectBase(s, p)
	if p != base {
		// A tiny object shares its block.
		if ot.Elem.Pointers() || ot.Elem.Size_ >= maxTinySize {
			throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
		}
	}
	f := efaceOf(&finalizer)
	ftyp := f._type
	if ftyp == nil {
		if sp := removeSpecial(p, specialFinalizer); sp != nil {
			freeSpecial(sp)
		}
		return
	}
	if ftyp.Kind() != abi.Func {
		throw("runtime.SetFinalizer: second argument is " + typeString(ftyp) + ", not a function")
	}
	ft := (*functype)(unsafe.Pointer(ftyp))
	if ft.IsVariadic() {
		throw("runtime.SetFinalizer: cannot pass " + typeString(etyp) + " to finalizer " + typeString(ftyp) + " because dotdotdot")
	}
	if ft.InCount != 1 {
		throw("runtime.SetFinalizer: cannot pass " + typeString(etyp) + " to finalizer " + typeString(ftyp))
	}
	fint := ft.In(0)
	okarg := false
	switch {
	case fint == etyp:
		okarg = true
	case fint.Kind() == abi.Pointer:
		if (fint.Uncommon() == nil || etyp.Uncommon() == nil) && (*ptrtype)(unsafe.Pointer(fint)).Elem == ot.Elem {
			okarg = true
		}
	case fint.Kind() == abi.Interface:
		it := (*interfacetype)(unsafe.Pointer(fint))
		if len(it.Methods) == 0 {
			okarg = true
		} else if assertE2I2(it, efaceOf(&obj)._type) != nil {
			okarg = true
		}
	}
	if !okarg {
		throw("runtime.SetFinalizer: cannot pass " + typeString(etyp) + " to finalizer " + typeString(ftyp))
	}
	nret := uintptr(0)
	for _, t := range ft.OutSlice() {
		nret = alignUp(nret, uintptr(t.Align_)) + t.Size_
	}
	already := false
	fn := f.data
	systemstack(func() {
		sp := newSpecial(specialFinalizer)
		sp.fn = fn
		sp.nret = nret
		sp.fint = fint
		sp.ot = ot
		if !addSpecial(p, sp) {
			freeSpecial(sp)
			already = true
		}
	})
	if already {
		throw("runtime.SetFinalizer: finalizer already set")
	}
	KeepAlive(obj)
}

func inData(p uintptr) bool {
	return p >= 4096 && p < uintptr(linkinfo[linkHeapBase])
}

// objectBase is where the object begins that p points into, as its user sees it.
func objectBase(s *mspan, p uintptr) uintptr {
	base := s.base + s.objIndex(p)*s.elemsize
	if !s.spanclass.noscan() && s.elemsize > maxBitmapSize && s.spanclass.sizeclass() != 0 {
		base += mallocHeaderSize
	}
	return base
}

// KeepAlive marks its argument as currently reachable.
func KeepAlive(x any) {}

// Cleanup is a handle to a cleanup call for a specific object.
type Cleanup struct {
	id  uint64
	ptr uintptr
}

var cleanupID uint64

// AddCleanup attaches a cleanup function to ptr. Some time after ptr is no longer reachable, the runtime will call
// cleanup(arg) in a separate goroutine.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	ptr = abi.Escape(ptr)
	if ptr == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	p := uintptr(unsafe.Pointer(ptr))
	if kind := abi.TypeOf(arg).Kind(); kind == abi.Pointer || kind == abi.UnsafePointer {
		if unsafe.Pointer(ptr) == *((*unsafe.Pointer)(unsafe.Pointer(&arg))) {
			panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
		}
	}
	fn := func() {
		cleanup(arg)
	}
	c := addCleanup(p, *(*unsafe.Pointer)(unsafe.Pointer(&fn)))
	KeepAlive(ptr)
	return c
}

func addCleanup(p uintptr, fn unsafe.Pointer) Cleanup {
	s := spanOf(p)
	if s == nil || s.state != spanObjects {
		if inData(p) {
			return Cleanup{}
		}
		panic("runtime.AddCleanup: ptr not in allocated block")
	}
	cleanupID++
	id := cleanupID
	base := objectBase(s, p)
	if s.spanclass == tinySpanClass {
		base = s.base + s.objIndex(p)*s.elemsize
	}
	systemstack(func() {
		sp := newSpecial(specialCleanup)
		sp.fn = fn
		sp.id = id
		addSpecial(base, sp)
	})
	return Cleanup{id, base}
}

// Stop cancels the cleanup call.
func (c Cleanup) Stop() {
	if c.id == 0 {
		return
	}
	systemstack(func() {
		s := spanOf(c.ptr)
		if s == nil || s.state != spanObjects {
			return
		}
		ensureSwept(s)
		for at := &s.specials; *at != nil; at = &(*at).next {
			if sp := *at; sp.kind == specialCleanup && sp.id == c.id {
				*at = sp.next
				freeSpecial(sp)
				return
			}
		}
	})
}

//go:linkname unique_runtime_blockUntilEmptyCleanupQueue unique.runtime_blockUntilEmptyCleanupQueue
func unique_runtime_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return blockUntilEmpty(timeout)
}

//go:linkname sync_test_runtime_blockUntilEmptyCleanupQueue sync_test.runtime_blockUntilEmptyCleanupQueue
func sync_test_runtime_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return blockUntilEmpty(timeout)
}

func blockUntilEmpty(timeout int64) bool {
	start := nanotime()
	for pendingFins != nil || !finq.fingIdle && finq.fing != nil {
		if nanotime()-start > timeout {
			return false
		}
		wakeFinalizers()
		Gosched()
	}
	return true
}

// Weak pointers share one handle for each object: a word with its address, cleared when it dies.

//go:linkname internal_weak_runtime_registerWeakPointer weak.runtime_registerWeakPointer
func internal_weak_runtime_registerWeakPointer(p unsafe.Pointer) unsafe.Pointer {
	return unsafe.Pointer(getOrAddWeakHandle(p))
}

//go:linkname internal_weak_runtime_makeStrongFromWeak weak.runtime_makeStrongFromWeak
func internal_weak_runtime_makeStrongFromWeak(u unsafe.Pointer) unsafe.Pointer {
	handle := (*atomic.Uintptr)(u)
	if handle == nil {
		return nil
	}
	p := handle.Load()
	if p == 0 {
		return nil
	}
	s := spanOf(p)
	if s == nil || s.state != spanObjects {
		if inData(p) {
			return unsafe.Pointer(p)
		}
		return nil
	}
	systemstack(func() {
		ensureSwept(s)
	})
	p = handle.Load()
	if gcMarking && p != 0 {
		markPtr(p)
	}
	return unsafe.Pointer(p)
}

// A weakHandle is too large to share a block with tiny objects, such as its own: the handle would keep that alive.
type weakHandle struct {
	word atomic.Uintptr
	_    [maxTinySize - 8]byte
}

// immortalHandles are those of variables, which never die.
var immortalHandles map[uintptr]*atomic.Uintptr

func getOrAddWeakHandle(p unsafe.Pointer) *atomic.Uintptr {
	addr := uintptr(p)
	s := spanOf(addr)
	if s == nil || s.state != spanObjects {
		if h := immortalHandles[addr]; h != nil {
			return h
		}
		if immortalHandles == nil {
			immortalHandles = map[uintptr]*atomic.Uintptr{}
		}
		h := &new(weakHandle).word
		h.Store(addr)
		immortalHandles[addr] = h
		return h
	}
	var found unsafe.Pointer
	systemstack(func() {
		ensureSwept(s)
		for sp := s.specials; sp != nil; sp = sp.next {
			if sp.kind == specialWeak && sp.offset == addr-s.base {
				found = sp.handle
				return
			}
		}
	})
	if found != nil {
		return (*atomic.Uintptr)(found)
	}
	h := &new(weakHandle).word
	h.Store(addr)
	handle := unsafe.Pointer(h)
	systemstack(func() {
		sp := newSpecial(specialWeak)
		sp.handle = handle
		addSpecial(addr, sp)
	})
	KeepAlive(p)
	return h
}
