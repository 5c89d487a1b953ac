package runtime

import (
	"internal/runtime/gc"
	"unsafe"
)

// The sanitizer (goesc run -check). Compiled code calls checkAccess, checkStore, checkMoved and checkResult around its
// accesses to memory (src/ssa/passes/sanitize.ts) and poisons frames when functions return; the allocator poisons what
// it frees; verifyHeap looks at the whole heap after each marking.

// checkHeap: the sanitizer is on.
var checkHeap bool

// poison fills dead frames, free stacks and freed objects. As a pointer it is beyond all memory. src/wasm/emit.ts has
// it, too.
const poison = 0xfbfbfbfb

func poisonMemory(p, n uintptr) {
	for end := p + n; p < end; p += 8 {
		*(*uint64)(unsafe.Pointer(p)) = poison<<32 | poison
	}
}

// poisonUnmarked fills the objects of a span that are free or about to be.
func poisonUnmarked(s *mspan) {
	for i := uintptr(0); i < s.nelems; i++ {
		if !bitSet(s.markBits, i) {
			poisonMemory(s.base+i*s.elemsize, s.elemsize)
		}
	}
}

// checkAccess looks at an address before it is read or written.
func checkAccess(p unsafe.Pointer) {
	addr := uintptr(p)
	s := *(*uint32)(add(unsafe.Pointer(&spanOfPage), addr>>_PageShift*4))
	if s == 0 {
		if addr >= mheap.start && mheap.start != 0 {
			checkWild(addr)
		}
		return
	}
	if (*mspan)(unsafe.Pointer(uintptr(s))).state == spanStack {
		checkFrame(addr, uintptr(callersp()))
	}
}

// checkWild: the address belongs to no span.
func checkWild(addr uintptr) {
	if addr >= poison-1<<20 && addr <= poison+1<<20 {
		throw("check: a pointer that was read from a dead frame or a freed object is followed")
	}
	page := addr >> _PageShift
	if addr < mheap.end && *(*uint64)(add(unsafe.Pointer(&pageUsed), page/64*8))>>(page%64)&1 == 0 {
		throw("check: access to freed memory")
	}
}

// checkFrame: the address belongs to a stack; sp is the frame of the function that is about to use it.
func checkFrame(addr, sp uintptr) {
	gp := getg()
	if !inStack(gp.stack, addr) {
		throw("check: access to the stack of another goroutine, or to one that is gone")
	}
	if m0.onsystem {
		sp = gp.sp
	}
	if addr < sp {
		throw("check: access to a dead frame")
	}
}

// checkStore looks at a pointer before it is stored at dst.
func checkStore(dst, val unsafe.Pointer) {
	v := uintptr(val)
	s := *(*uint32)(add(unsafe.Pointer(&spanOfPage), v>>_PageShift*4))
	if s == 0 {
		if v >= mheap.start && mheap.start != 0 {
			checkWild(v)
		}
		return
	}
	if (*mspan)(unsafe.Pointer(uintptr(s))).state != spanStack {
		return
	}
	sp := uintptr(callersp())
	checkFrame(v, sp)
	to := uintptr(dst)
	if to >= sp && to <= v {
		return // an inner frame, or the same
	}
	if !inStack(getg().stack, to) {
		throw("check: a pointer into the stack is stored in the heap")
	}
	if to > v && frameEnd(v, sp) <= to {
		throw("check: a pointer into a frame is stored in the frame of a caller")
	}
}

// frameEnd is the end of the frame that addr belongs to; sp is the innermost one.
func frameEnd(addr, sp uintptr) uintptr {
	for u := unwindFrom(sp); u.valid(); u.next() {
		if end := u.sp + uintptr(u.fn.frameSize); addr < end {
			return end
		}
	}
	return getg().stack.hi
}

// checkResult looks at a pointer that the caller is about to return.
func checkResult(p unsafe.Pointer) {
	addr := uintptr(p)
	s := *(*uint32)(add(unsafe.Pointer(&spanOfPage), addr>>_PageShift*4))
	if s == 0 || (*mspan)(unsafe.Pointer(uintptr(s))).state != spanStack {
		return
	}
	sp := uintptr(callersp())
	checkFrame(addr, sp)
	if addr < frameEnd(sp, sp) {
		throw("check: a function returns a pointer into its own frame")
	}
}

// checkMoved looks at the pointers in n bytes at p, which were just written.
func checkMoved(p unsafe.Pointer, n int32) {
	addr := uintptr(p)
	s := spanOf(addr)
	if s == nil {
		if addr >= mheap.start && mheap.start != 0 {
			checkWild(addr)
		}
		eachDataPointer(addr, addr+uintptr(n), checkHeapPointer)
		return
	}
	if s.state == spanObjects && !s.spanclass.noscan() {
		eachPointer(s, addr, addr+uintptr(n), checkHeapPointer)
	}
}

// checkHeapPointer: what the heap and the program's variables point to is no stack and not free.
func checkHeapPointer(at uintptr) {
	v := uintptr(*(*uint32)(unsafe.Pointer(at)))
	if v < 4096 {
		return
	}
	s := spanOf(v)
	if s == nil {
		if v >= mheap.start && mheap.start != 0 {
			checkWild(v)
		}
		return
	}
	if s.state == spanStack {
		throw("check: a pointer into the stack is stored in the heap")
	}
}

// eachPointer calls f with the places of the pointers of the object at from, up to the address to.
func eachPointer(s *mspan, from, to uintptr, f func(at uintptr)) {
	if from >= s.limit {
		return
	}
	base := s.base + s.objIndex(from)*s.elemsize
	if s.elemsize <= maxBitmapSize {
		bits := s.pointerBits(base)
		for i := uintptr(0); i < s.elemsize/8; i++ {
			if at := base + i*8; bits>>i&1 != 0 && from <= at && at < to {
				f(at)
			}
		}
		return
	}
	t := s.largeType
	size := s.elemsize
	if s.spanclass.sizeclass() != 0 {
		t = *(**_type)(unsafe.Pointer(base))
		base += mallocHeaderSize
		size -= mallocHeaderSize
	}
	if t == nil || t.PtrBytes == 0 {
		return
	}
	mask := unsafe.Pointer(ptrMask(t))
	to = min(to, base+size)
	for at := max(alignUp(from, 8), base); at < to; at += 8 {
		off := (at - base) % t.Size_
		if at-off+t.PtrBytes > base+size {
			return
		}
		if off < t.PtrBytes && *(*byte)(add(mask, off/64))>>(off/8%8)&1 != 0 {
			f(at)
		}
	}
}

// eachDataPointer calls f with the places of pointers among the program's variables.
func eachDataPointer(from, to uintptr, f func(at uintptr)) {
	start := uintptr(linkinfo[linkDataStart])
	bits := unsafe.Pointer(uintptr(linkinfo[linkDataBits]))
	from = max(alignUp(from, 8), start)
	to = min(to, uintptr(linkinfo[linkDataEnd]))
	for p := from; p < to; p += 8 {
		if i := (p - start) / 8; *(*byte)(add(bits, i/8))>>(i%8)&1 != 0 {
			f(p)
		}
	}
}

// verifyHeap checks what must hold when marking is done and nothing is swept: lists, counts and bitmaps agree, and no
// object that stays points to a free one, or into a stack.
func verifyHeap() {
	h := &mheap
	if h.start == 0 {
		return
	}
	for page := h.start >> _PageShift; page < h.end>>_PageShift; page++ {
		s := spanOf(page << _PageShift)
		used := pageUsed[page/64]>>(page%64)&1 != 0
		if s == nil {
			continue // free, or not the heap's
		}
		if !used {
			throw("check: a free page belongs to a span")
		}
		if page<<_PageShift < s.base || page<<_PageShift >= s.base+s.npages<<_PageShift {
			throw("check: a page is outside of its span")
		}
		if s.base == page<<_PageShift && s.state == spanObjects {
			verifySpan(s)
		}
	}
	for i := range h.central {
		c := &h.central[i]
		for k := range c.full {
			verifyList(&c.partial[k], spanClass(i))
			verifyList(&c.full[k], spanClass(i))
		}
	}
	eachDataPointer(0, ^uintptr(0), verifyPointer)
}

// verifySpan checks a span that is marked and not swept.
func verifySpan(s *mspan) {
	allocated := uintptr(0)
	for i := uintptr(0); i < s.nelems; i++ {
		if !s.isFree(i) {
			allocated++
		} else if bitSet(s.markBits, i) {
			throw("check: a free object is marked")
		}
	}
	if allocated != s.allocCount {
		throw("check: a span has another number of objects than it says")
	}
	if s.spanclass.noscan() {
		return
	}
	for i := uintptr(0); i < s.nelems; i++ {
		if bitSet(s.markBits, i) {
			at := s.base + i*s.elemsize
			eachPointer(s, at, at+s.elemsize, verifyPointer)
		}
	}
}

// verifyPointer: what an object that stays points to stays, too.
func verifyPointer(at uintptr) {
	v := uintptr(*(*uint32)(unsafe.Pointer(at)))
	if v < 4096 {
		return
	}
	s := spanOf(v)
	if s == nil {
		if v >= mheap.start {
			checkWild(v)
		}
		return
	}
	if s.state == spanStack && !ofWaiter(at) {
		throw("check: an object in the heap points into a stack")
	}
	if s.state != spanObjects || v >= s.limit {
		return
	}
	if !bitSet(s.markBits, s.objIndex(v)) {
		throw("check: an object that is not marked can be reached")
	}
}

// ofWaiter: the place belongs to a goroutine's descriptor, or is where a waiting one has or wants its element.
func ofWaiter(at uintptr) bool {
	s := spanOf(at)
	if s == nil || s.spanclass.sizeclass() == 0 {
		return false
	}
	base := s.base + s.objIndex(at)*s.elemsize
	if s.elemsize > maxBitmapSize {
		base += mallocHeaderSize
	}
	if isGoroutine(base, s) {
		return true
	}
	w := (*sudog)(unsafe.Pointer(base))
	if s.elemsize < unsafe.Sizeof(*w) || at != uintptr(unsafe.Pointer(&w.elem)) {
		return false
	}
	gp := uintptr(unsafe.Pointer(w.g))
	owner := spanOf(gp)
	return owner != nil && owner.state == spanObjects && isGoroutine(gp, owner)
}

func isGoroutine(p uintptr, s *mspan) bool {
	gp := (*g)(unsafe.Pointer(p))
	return s.elemsize >= unsafe.Sizeof(*gp) && uint(gp.allindex) < uint(len(allgs)) && allgs[gp.allindex] == gp
}

func verifyList(l *spanList, class spanClass) {
	for s := l.first; s != nil; s = s.next {
		if s.spanclass != class || s.list != l || s.state != spanObjects {
			throw("check: a span is in the wrong list")
		}
		if s.elemsize != uintptr(gc.SizeClassToSize[class.sizeclass()]) || s.allocCount > s.nelems {
			throw("check: a span's size is wrong")
		}
	}
}
