package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

// A _defer is a deferred call that waits: in the frame of its function, or on the heap. The compiler lays out records
// in frames itself and fills in fn.
type _defer struct {
	heap      bool
	rangefunc bool // the head of a list that loop bodies of a range over a function add to
	sp        uintptr
	pc        uintptr
	fn        func()
	link      *_defer
	head      *atomic.Pointer[_defer]
}

// A _panic is a panic (or Goexit) under way; it lies in the frame of gopanic or Goexit.
type _panic struct {
	arg        any
	link       *_panic
	sp         unsafe.Pointer // frame of gopanic or Goexit
	recovered  bool
	repanicked bool
	goexit     bool
}

func panicCheckLocks(e any) {
	if m0.onsystem || m0.mallocing != 0 || m0.gcing {
		print("panic: ")
		printpanicval(e)
		print("\n")
		if m0.mallocing != 0 {
			throw("panic during malloc")
		}
		throw("panic on system stack")
	}
}

// gopanic implements the predeclared function panic.
func gopanic(e any) {
	if threads {
		dropLock()
	}
	if e == nil {
		if debug.panicnil != 1 {
			e = new(PanicNilError)
		} else {
			countPanicNil()
		}
	}
	panicCheckLocks(e)
	gp := getg()
	var record _panic
	p := (*_panic)(noescape(unsafe.Pointer(&record)))
	p.arg = e
	p.sp = frameaddr()
	p.link = gp._panic
	gp._panic = p
	for {
		fn, sp, ok := nextdefer(gp)
		if !ok {
			break
		}
//line $GOROOT/src/runtime/panic.go:860
		fn()
		if p.recovered {
			recovery(gp, p, sp)
		}
	}
//line $GOROOT/src/runtime/panic.go:877
	preprintpanics(p)
	fatalpanic(p)
}

// nextdefer takes the innermost deferred call off the list, if there is one; sp is the frame of its function, as an offset
// from the end of the stack, which may move. The function may be nil: calling it panics.
func nextdefer(gp *g) (fn func(), sp uintptr, ok bool) {
	for {
		d := gp._defer
		if d == nil {
			return nil, 0, false
		}
		if d.rangefunc {
			deferconvert(d)
			popdefer(gp)
			continue
		}
		fn, sp = d.fn, gp.stack.hi-d.sp
		popdefer(gp)
		return fn, sp, true
	}
}

// popdefer takes the head off the list.
func popdefer(gp *g) {
	d := gp._defer
	gp._defer = d.link
	d.fn = nil
	d.link = nil
	if d.heap {
		if m0.ndefers == deferPoolSize {
			spillDefers()
		}
		*d = _defer{heap: true, link: m0.deferpool}
		m0.deferpool = d
		m0.ndefers++
	}
}

// recovery goes on in the function whose deferred call has recovered p: depth says where its frame is.
func recovery(gp *g, p *_panic, depth uintptr) {
	sp := gp.stack.hi - depth
	exit := deferExit(*(*uint32)(unsafe.Pointer(sp)))
	if exit == 0 {
		throw("no deferreturn")
	}
	q := p
	for ; q != nil && uintptr(q.sp) < sp; q = q.link {
		if q.goexit {
			// A panic within Goexit: its frame goes on after the deferred call.
			gp._panic = q
			unwindTo(gp, uintptr(q.sp))
		}
	}
	gp._panic = q
	if q == nil {
		gp.sig = 0
	}
	*(*uint32)(unsafe.Pointer(sp)) = exit
	unwindTo(gp, sp)
}

// unwindTo gives up the frames below sp and goes on with the one there.
func unwindTo(gp *g, sp uintptr) {
	if checkHeap {
		limit := getlimit()
		from := getsp()
		systemstack(func() {
			poisonMemory(from, sp-from)
			m0.onsystem = false
			setlimit(limit)
			gp.sp = sp
			hostunwind()
		})
	}
	gp.sp = sp
	hostunwind()
}

// gorecover implements the predeclared function recover. Only a function that gopanic has called itself may recover.
func gorecover() any {
	gp := getg()
	p := gp._panic
	if p == nil || p.goexit || p.recovered {
		return nil
	}
	callers := 0
	for u := unwindFrom(uintptr(callersp())); u.valid(); u.next() {
		if u.sp == uintptr(p.sp) {
			if callers == 0 {
				return nil
			}
			p.recovered = true
			return p.arg
		}
		if !u.wrapper() {
			callers++
		}
		// Calls inlined here count as well.
		for at := u.fn.place(u.pc); at != nil && at.outer != 0; at = (*place)(unsafe.Pointer(uintptr(at.outer))) {
			callers++
		}
		if callers > 1 {
			return nil
		}
	}
	return nil
}

// Goexit terminates the goroutine that calls it, after running all deferred calls. No other goroutine is affected.
func Goexit() {
	gp := getg()
	var record _panic
	p := (*_panic)(noescape(unsafe.Pointer(&record)))
	p.goexit = true
	p.sp = frameaddr()
	p.link = gp._panic
	gp._panic = p
	for {
		fn, _, ok := nextdefer(gp)
		if !ok {
			break
		}
//line $GOROOT/src/runtime/panic.go:694
		fn()
	}
	goexit1()
}

func newdefer() *_defer {
	d := m0.deferpool
	if d == nil {
		d = refillDefers()
	}
	if d == nil {
		d = new(_defer)
	} else {
		m0.deferpool = d.link
		m0.ndefers--
		d.link = nil
	}
	d.heap = true
	return d
}

//go:noinline
func refillDefers() *_defer {
	for m0.ndefers < deferPoolSize/2 && sched.defercache != nil {
		d := sched.defercache
		sched.defercache = d.link
		d.link = m0.deferpool
		m0.deferpool = d
		m0.ndefers++
	}
	return m0.deferpool
}

//go:noinline
func spillDefers() {
	for m0.ndefers > deferPoolSize/2 {
		d := m0.deferpool
		m0.deferpool = d.link
		d.link = sched.defercache
		sched.defercache = d
		m0.ndefers--
	}
}

// deferprocStack registers a deferred call whose record is in the caller's frame and whose fn is set.
func deferprocStack(d *_defer) {
	gp := getg()
	d.heap = false
	d.rangefunc = false
	d.sp = uintptr(callersp())
	d.pc = getcallerpc()
	d.head = nil
	d.link = gp._defer
	gp._defer = (*_defer)(noescape(unsafe.Pointer(d)))
}

// deferproc registers a deferred call in a loop.
func deferproc(fn func()) {
	gp := getg()
	d := newdefer()
	d.fn = fn
	d.sp = uintptr(callersp())
	d.pc = getcallerpc()
	d.link = gp._defer
	gp._defer = d
}

// deferrangefunc prepares a function for deferred calls from the bodies of its range-over-func loops: they use the
// token.
func deferrangefunc() any {
	gp := getg()
	d := newdefer()
	d.rangefunc = true
	d.head = new(atomic.Pointer[_defer])
	d.sp = uintptr(callersp())
	d.pc = getcallerpc()
	d.link = gp._defer
	gp._defer = d
	return d.head
}

// badDefer ends the list of a function that has begun to run its deferred calls.
var badDeferRecord _defer

// deferprocat registers a deferred call from a loop body, for the function that has the token.
func deferprocat(fn func(), frame any) {
	head := frame.(*atomic.Pointer[_defer])
	d := newdefer()
	d.fn = fn
	old := head.Load()
	if old == &badDeferRecord {
		throw("defer after range func returned")
	}
	d.link = old
	head.Store(d)
}

// deferconvert puts the calls that loop bodies have deferred in the place of their head.
func deferconvert(d0 *_defer) {
	head := d0.head
	d0.rangefunc = false
	d := head.Load()
	head.Store(&badDeferRecord)
	if d == nil {
		return
	}
	for last := d; ; last = last.link {
		last.sp = d0.sp
		last.pc = d0.pc
		if last.link == nil {
			last.link = d0.link
			break
		}
	}
	d0.link = d
}

// deferreturn runs the deferred calls of its caller.
func deferreturn() {
	gp := getg()
	for {
		d := gp._defer
		if d == nil || d.sp != uintptr(callersp()) {
			return
		}
		if d.rangefunc {
			deferconvert(d)
			popdefer(gp)
			continue
		}
		fn := d.fn
		popdefer(gp)
		fn()
	}
}

// preprintpanics turns errors and Stringers into text, while panicking is still possible.
func preprintpanics(p *_panic) {
	defer func() {
		const text = "panic while printing panic value"
		switch r := recover().(type) {
		case nil:
		case string:
			throw(text + ": " + r)
		default:
			throw(text + ": type " + typeString(efaceOf(&r)._type))
		}
	}()
	for p != nil {
		if p.link != nil && *efaceOf(&p.link.arg) == *efaceOf(&p.arg) {
			p.link.repanicked = true
			p = p.link
			continue
		}
		switch v := p.arg.(type) {
		case error:
			p.arg = v.Error()
		case stringer:
			p.arg = v.String()
		}
		p = p.link
	}
}

func printpanics(p *_panic) {
	if p.link != nil {
		printpanics(p.link)
		if p.link.repanicked {
			return
		}
		if !p.link.goexit {
			print("\t")
		}
	}
	if p.goexit {
		return
	}
	print("panic: ")
	printpanicval(p.arg)
	if p.recovered && p.repanicked {
		print(" [recovered, repanicked]")
	} else if p.recovered {
		print(" [recovered]")
	}
	print("\n")
}

func fatalpanic(p *_panic) {
	gp := getg()
	from := uintptr(p.sp)
	systemstack(func() {
		printlock()
		startCrash()
		printpanics(p)
		dopanic(gp, from, false)
		printunlock()
		die()
	})
}

// die ends the program after a report: with GOTRACEBACK=crash by a signal, so that the system may keep an image of it.
func die() {
	if traceWanted.crash {
		hostkill(_SIGABRT)
	}
	hostexit(2)
}

// dopanic prints what follows the message of a panic or fatal error: the goroutine that had it, or all.
func dopanic(gp *g, from uintptr, internal bool) {
	startCrash()
	if gp.sig != 0 {
		print("[signal SIGSEGV: segmentation violation code=", hex(gp.sigcode), " addr=", hex(gp.sigaddr), " pc=", hex(gp.sigpc), "]\n")
	}
	level, all := gotraceback()
	if level == 0 {
		return
	}
	if from < systemStack.hi && from >= systemStack.lo {
		// The runtime's own stack; the goroutine's follows with the others.
		all = true
		if internal || level >= 2 {
			print("\nruntime stack:\n")
			traceback(&g0, from)
		}
		gp = nil
	} else {
		print("\n")
		goroutineheader(gp)
		traceback(gp, from)
	}
	if all {
		tracebackothers(gp)
	}
}

type hex uint64

// throw reports an inconsistency of the runtime itself, or a state that no program can go on from.
//
//line $GOROOT/src/runtime/panic.go:1226
func throw(s string) {
	gp := getg()
	from := uintptr(frameaddr())
	systemstack(func() {
		printlock()
		print("fatal error: ")
		printindented(s)
		print("\n")
		m0.throwing = true
		dopanic(gp, from, true)
		printunlock()
		die()
	})
}

// fatal reports an error of the program that cannot be recovered.
func fatal(s string) {
	gp := getg()
	from := uintptr(callersp())
	systemstack(func() {
		printlock()
		if gp._panic != nil {
			printPreFatalDeferPanic(gp._panic)
		}
		print("fatal error: ")
		printindented(s)
		print("\n")
		dopanic(gp, from, false)
		printunlock()
		die()
	})
}

// printPreFatalDeferPanic prints the panic whose deferred call met a fatal error.
func printPreFatalDeferPanic(p *_panic) {
	for q := p; q != nil; q = q.link {
		switch v := q.arg.(type) {
		case error:
			q.arg = errorText(v)
		case stringer:
			q.arg = stringText(v)
		}
	}
	printpanics(p)
}

func errorText(e error) string     { return e.Error() }
func stringText(s stringer) string { return s.String() }

// Panics of the language.

func panicdivide() {
	panic(divideError)
}

func panicoverflow() {
	panic(overflowError)
}

func panicshift() {
	panic(shiftError)
}

func panicfloat() {
	panic(error(errorString("floating point error")))
}

// panicmem is a nil pointer that was followed.
func panicmem() {
	nilfault(0, getcallerpc())
}

// panicmemAddr is a nil pointer of which something at some distance was wanted.
func panicmemAddr(addr uintptr) {
	nilfault(addr, getcallerpc())
}

func nilfault(addr, pc uintptr) {
	gp := getg()
	if !m0.onsystem {
		gp.sig = 11
		gp.sigcode = 1
		gp.sigaddr = addr
		gp.sigpc = pc
	}
	if gp.paniconfault {
		panic(errorAddressString{msg: string(memoryError.(errorString)), addr: addr})
	}
	panic(memoryError)
}

func panicnil() {
	panicmemAddr(0)
}

func goPanicIndex(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsIndex})
}

func goPanicIndexU(x uint, y int) {
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsIndex})
}

func goPanicSliceAlen(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsSliceAlen})
}

func goPanicSliceAlenU(x uint, y int) {
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsSliceAlen})
}

func goPanicSliceAcap(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsSliceAcap})
}

func goPanicSliceAcapU(x uint, y int) {
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsSliceAcap})
}

func goPanicSliceB(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsSliceB})
}

func goPanicSliceBU(x uint, y int) {
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsSliceB})
}

func goPanicSlice3Alen(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsSlice3Alen})
}

func goPanicSlice3AlenU(x uint, y int) {
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsSlice3Alen})
}

func goPanicSlice3Acap(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsSlice3Acap})
}

func goPanicSlice3AcapU(x uint, y int) {
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsSlice3Acap})
}

func goPanicSlice3B(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsSlice3B})
}

func goPanicSlice3BU(x uint, y int) {
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsSlice3B})
}

func goPanicSlice3C(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsSlice3C})
}

func goPanicSlice3CU(x uint, y int) {
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsSlice3C})
}

func goPanicSliceConvert(x int, y int) {
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsConvert})
}

func panicdottypeE(have, want, iface *_type) {
	panic(&TypeAssertionError{iface, have, want, ""})
}

func panicdottypeI(have *itab, want, iface *_type) {
	var t *_type
	if have != nil {
		t = have.Type
	}
	panicdottypeE(t, want, iface)
}

func panicnildottype(want *_type) {
	panic(&TypeAssertionError{nil, nil, want, ""})
}

func panicunsafeslicelen() {
	panic(error(errorString("unsafe.Slice: len out of range")))
}

func panicunsafeslicenilptr() {
	panic(error(errorString("unsafe.Slice: ptr is nil and len is not zero")))
}

func panicunsafestringlen() {
	panic(error(errorString("unsafe.String: len out of range")))
}

func panicunsafestringnilptr() {
	panic(error(errorString("unsafe.String: ptr is nil and len is not zero")))
}

func panicmakeslicelen() {
	panic(error(errorString("makeslice: len out of range")))
}

func panicmakeslicecap() {
	panic(error(errorString("makeslice: cap out of range")))
}

// panicrangestate reports misuse of the yield function of a range over a function.
func panicrangestate(state int) {
	switch abi.RF_State(state) {
	case abi.RF_DONE:
		panic(rangeDoneError)
	case abi.RF_PANIC:
		panic(rangePanicError)
	case abi.RF_EXHAUSTED:
		panic(rangeExhaustedError)
	case abi.RF_MISSING_PANIC:
		panic(rangeMissingPanicError)
	}
	throw("unexpected state set by range function")
}

var rangeDoneError = error(errorString("range function continued iteration after function for loop body returned false"))
var rangePanicError = error(errorString("range function continued iteration after loop body panic"))
var rangeExhaustedError = error(errorString("range function continued iteration after whole loop exit"))
var rangeMissingPanicError = error(errorString("range function recovered a loop body panic and did not resume panicking"))

// missingfunc ends the program: it has called a function that nobody defines, or not as it is declared; the linker says which.
func missingfunc(text string) {
	fatal(text)
}

func throwinit() {
	throw("recursive call during initialization - linker skew")
}

func unreachableMethod() {
	throw("unreachable method called. linker bug?")
}
