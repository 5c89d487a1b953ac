package runtime

import "unsafe"

// Stacks of goroutines: small ones from lists by size, large ones from the heap. They grow by copying; frames are walked
// and pointers into the stack adjusted.

const (
	startingStackSize = 2048
	stackGuard        = 928
	numStackOrders    = 4 // 2, 4, 8, 16 KiB
	stackCacheSize    = 32 << 10
)

// stackPool has free stacks, linked through their first words.
var stackPool [numStackOrders]uintptr

var maxStackSize uintptr = 1000000000

func stackalloc(n uintptr) (s stack) {
	systemstack(func() {
		s = stackalloc1(n)
	})
	return s
}

func stackalloc1(n uintptr) stack {
	memstats.stackInuse += n
	order := 0
	for size := uintptr(2048); size < n; size <<= 1 {
		order++
	}
	if order < numStackOrders {
		p := stackPool[order]
		if p == 0 {
			span := allocStackSpan(stackCacheSize >> _PageShift)
			size := uintptr(2048) << order
			for q := span + stackCacheSize - size; q > span; q -= size {
				*(*uintptr)(unsafe.Pointer(q)) = p
				p = q
			}
			*(*uintptr)(unsafe.Pointer(span)) = p
			p = span
		}
		stackPool[order] = *(*uintptr)(unsafe.Pointer(p))
		return stack{p, p + n}
	}
	p := allocStackSpan(n >> _PageShift)
	return stack{p, p + n}
}

func allocStackSpan(npages uintptr) uintptr {
	reclaimPages(npages)
	return allocSpan(npages, spanStack).base
}

func stackfree(s stack) {
	n := s.hi - s.lo
	memstats.stackInuse -= n
	if checkHeap {
		poisonMemory(s.lo, n)
	}
	order := 0
	for size := uintptr(2048); size < n; size <<= 1 {
		order++
	}
	if order < numStackOrders {
		*(*uintptr)(unsafe.Pointer(s.lo)) = stackPool[order]
		stackPool[order] = s.lo
		return
	}
	freeSpan(spanOf(s.lo))
}

func setstacklimit(gp *g) {
	gp.limit = gp.stack.lo + stackGuard
}

// growstack doubles the stack of the goroutine that called a function without room for its frame; what the function is
// to be called with waits in the argument area. The run loop calls it.
//
// If there is room, the frame is larger than what the native stack was thought to have room for.
func growstack() {
	m0.onsystem = true
	if threads {
		lock()
	}
	gp := m0.curg
	args := ownArea(linkArgs)
	f := findfunc(uintptr(*(*uint32)(unsafe.Pointer(args))))
	if f != nil {
		gp.extra = uintptr(f.frameSize)
		if gp.sp-gp.limit > gp.extra && gp.sp > gp.limit {
			if threads {
				unlock()
			}
			m0.onsystem = false
			return
		}
	}
	used := gp.stack.hi - gp.sp
	size := (gp.stack.hi - gp.stack.lo) * 2
	if f != nil {
		for size-used < uintptr(f.frameSize)+stackGuard {
			size *= 2
		}
	}
	if size > maxStackSize {
		stackOverflow(gp)
	}
	old := gp.stack
	delta := copystack(gp, size)
	if f != nil {
		slot := (*uint32)(unsafe.Pointer(args + 4))
		if inStack(old, uintptr(*slot)) {
			*slot += uint32(delta)
		}
		for _, k := range tableList(f.params) {
			slot := (*uint32)(unsafe.Pointer(args + 8 + uintptr(k)*8))
			if inStack(old, uintptr(*slot)) {
				*slot += uint32(delta)
			}
		}
	}
	stackfree(old)
	if threads {
		unlock()
	}
	m0.onsystem = false
}

func stackOverflow(gp *g) {
	limit := maxStackSize
	printlock()
	print("runtime: goroutine stack exceeds ", limit, "-byte limit\n")
	print("runtime: sp=", hex(gp.sp), " stack=[", hex(gp.stack.lo), ", ", hex(gp.stack.hi), "]\n")
	print("fatal error: stack overflow\n")
	m0.throwing = true
	if level, _ := gotraceback(); level > 0 {
		print("\nruntime stack:\n")
		traceback(&g0, uintptr(frameaddr()))
		print("\n")
		goroutineheader(gp)
		traceback(gp, gp.sp)
		tracebackothers(gp)
	}
	printunlock()
	die()
}

func inStack(s stack, p uintptr) bool {
	return s.lo <= p && p < s.hi
}

// copystack moves the stack of a goroutine that does not run to a new one; the result is the distance.
func copystack(gp *g, size uintptr) uintptr {
	old := gp.stack
	used := old.hi - gp.sp
	fresh := stackalloc1(size)
	delta := fresh.hi - old.hi
	memcopy(unsafe.Pointer(fresh.hi-used), unsafe.Pointer(gp.sp), used)
	gp.sp += delta
	gp.stack = fresh
	setstacklimit(gp)
	adjustFrames(gp, old, delta)
	return delta
}

// adjustFrames corrects all pointers into the old stack.
func adjustFrames(gp *g, old stack, delta uintptr) {
	if *(*uint32)(unsafe.Pointer(gp.sp)) != 0 {
		for u := unwindFrom(gp.sp); u.valid(); u.next() {
			for _, off := range tableList(u.fn.slots) {
				adjust(u.sp+uintptr(off), old, delta)
			}
			for _, off := range tableList(u.fn.pcEntry(u.pc)[0]) {
				adjust(u.sp+uintptr(off), old, delta)
			}
		}
	}
	adjust(uintptr(unsafe.Pointer(&gp._defer)), old, delta)
	for d := gp._defer; d != nil; d = d.link {
		adjust(uintptr(unsafe.Pointer(&d.fn)), old, delta)
		adjust(uintptr(unsafe.Pointer(&d.sp)), old, delta)
		adjust(uintptr(unsafe.Pointer(&d.link)), old, delta)
	}
	adjust(uintptr(unsafe.Pointer(&gp._panic)), old, delta)
	for p := gp._panic; p != nil; p = p.link {
		adjust(uintptr(unsafe.Pointer(&p.sp)), old, delta)
		adjust(uintptr(unsafe.Pointer(&p.link)), old, delta)
	}
	for s := gp.waiting; s != nil; s = s.waitlink {
		adjust(uintptr(unsafe.Pointer(&s.elem)), old, delta)
	}
}

func adjust(slot uintptr, old stack, delta uintptr) {
	p := (*uint32)(unsafe.Pointer(slot))
	if inStack(old, uintptr(*p)) {
		*p += uint32(delta)
	}
}

// shrinkstack halves a stack of which less than a quarter is in use.
func shrinkstack(gp *g) {
	if gp.status == _Gsyscall || threads && (gp.status == _Grunning || gp.firstThread) {
		return // a thread is on it, or a system call has addresses of it
	}
	size := gp.stack.hi - gp.stack.lo
	if size/2 < startingStackSize || debug.gcshrinkstackoff != 0 {
		return
	}
	used := gp.stack.hi - gp.sp + 800
	if used >= size/4 {
		return
	}
	old := gp.stack
	copystack(gp, size/2)
	stackfree(old)
}

//go:linkname setMaxStack runtime/debug.setMaxStack
func setMaxStack(in int) int {
	old := int(maxStackSize)
	maxStackSize = uintptr(in)
	return old
}
