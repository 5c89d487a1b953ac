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
	if mheap.pages.has(addr) {
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
	verifyPages()
	for page := h.start >> _PageShift; page < h.end>>_PageShift; page++ {
		s := spanOf(page << _PageShift)
		if s == nil {
			continue // free, or not the heap's
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

// verifyPages compares the bitmaps of the page allocator with the spans, and its summaries and counts with the bitmaps.
func verifyPages() {
	p := &mheap.pages
	free, scavenged := uintptr(0), uintptr(0)
	for c := uint(0); c < heapChunks; c++ {
		if !p.has(chunkBase(c)) {
			if p.sums[leafStart+c] != 0 {
				throw("check: a chunk that is not the heap's has free pages")
			}
			continue
		}
		chunk := &p.chunks[c]
		inUse := uint(0)
		for i := uint(0); i < chunkPages; i++ {
			addr := chunkBase(c) + uintptr(i)<<_PageShift
			used, scav := chunk.used.count(i, 1) != 0, chunk.scavenged.count(i, 1) != 0
			if used {
				inUse++
			} else if spanOf(addr) != nil {
				throw("check: a free page belongs to a span")
			} else if addr < p.searchAddr {
				throw("check: a page is free below the search address")
			}
			if cached, cachedScav := pageCached(addr); cached {
				if !used || scav || spanOf(addr) != nil {
					throw("check: a page of a page cache is not its own")
				}
				used, scav = false, cachedScav
			} else if used && spanOf(addr) == nil {
				throw("check: a page is lost")
			}
			if used {
				if scav {
					throw("check: a page that is in use is scavenged")
				}
				continue
			}
			free += _PageSize
			if scav {
				scavenged += _PageSize
			}
		}
		verifyChunk(c, inUse)
	}
	for l := 0; l < summaryLevels-1; l++ {
		for i := uint(0); i < heapChunks>>(3*(summaryLevels-1-l)); i++ {
			if p.sums[levelStart[l]+i] != p.merge(l+1, i) {
				throw("check: a summary is not that of the level below")
			}
		}
	}
	if free != memstats.heapFree+memstats.heapReleased || scavenged != memstats.heapReleased {
		throw("check: free pages are not counted right")
	}
}

// verifyChunk compares the summary of a chunk with one that is found page by page.
func verifyChunk(c, inUse uint) {
	p := &mheap.pages
	chunk := &p.chunks[c]
	start, most, run, all := uint(0), uint(0), uint(0), true
	for i := uint(0); i < chunkPages; i++ {
		if chunk.used.count(i, 1) != 0 {
			run, all = 0, false
			continue
		}
		run++
		most = max(most, run)
		if all {
			start = run
		}
	}
	if p.sums[leafStart+c] != packSum(start, most, run) {
		throw("check: a summary is not that of its chunk")
	}
	if uint(p.scav.chunks[c].inUse) != inUse {
		throw("check: the scavenger has counted pages wrong")
	}
}

// pageCached tells whether a page is in some allocator's page cache, and scavenged.
func pageCached(addr uintptr) (cached, scavenged bool) {
	cached, scavenged = m0.cache.pages.has(addr)
	if threads {
		for i := int32(0); i < nthreads && !cached; i++ {
			if m := otherMachine(i); m != nil {
				cached, scavenged = m.cache.pages.has(addr)
			}
		}
	}
	return cached, scavenged
}

func (c *pageCache) has(addr uintptr) (cached, scavenged bool) {
	if c.free == 0 || addr < c.base || addr >= c.base+cachedPages<<_PageShift {
		return false, false
	}
	i := (addr - c.base) >> _PageShift
	return c.free>>i&1 != 0, c.scav>>i&1 != 0
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
