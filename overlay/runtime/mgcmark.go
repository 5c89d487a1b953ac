package runtime

import (
	"internal/runtime/sys"
	"unsafe"
)

// A markChunk is a part of the stack of objects that are marked and not scanned yet.
type markChunk struct {
	_    sys.NotInHeap
	next *markChunk
	n    uintptr
	obj  [2044]uint32
}

type markWork struct {
	_           sys.NotInHeap
	top         *markChunk
	free        *markChunk
	bytesMarked uintptr
	stackScan   uintptr
}

var work markWork

func pushObject(p uintptr) {
	c := work.top
	if c == nil || c.n == uintptr(len(c.obj)) {
		c = work.free
		if c == nil {
			c = (*markChunk)(unsafe.Pointer(persistentalloc(unsafe.Sizeof(markChunk{}), 8)))
		} else {
			work.free = c.next
		}
		c.n = 0
		c.next = work.top
		work.top = c
	}
	c.obj[c.n] = uint32(p)
	c.n++
}

// drain scans objects until all that can be reached is marked.
func drain() {
	for {
		c := work.top
		if c == nil {
			return
		}
		if c.n == 0 {
			work.top = c.next
			c.next = work.free
			work.free = c
			continue
		}
		c.n--
		p := uintptr(c.obj[c.n])
		s := spanOf(p)
		if s.elemsize > maxBitmapSize {
			scanObject(p, s)
			continue
		}
		for bits := s.pointerBits(p); bits != 0; bits &= bits - 1 {
			if q := uintptr(*(*uint32)(unsafe.Pointer(p + uintptr(ctz64(bits))*8))); q != 0 {
				markPtr(q)
			}
		}
	}
}

// markPtr marks the object that p points into, if there is one.
func markPtr(p uintptr) {
	if p >= maxAlloc {
		return
	}
	s := (*mspan)(unsafe.Pointer(uintptr(spanOfPage[p>>_PageShift])))
	if s == nil || s.state != spanObjects || p >= s.limit {
		return
	}
	i := (p - s.base) * uintptr(s.divMul) >> 32
	word := bitWord(s.markBits, i)
	bit := uint64(1) << (i & 63)
	if *word&bit != 0 {
		return
	}
	*word |= bit
	work.bytesMarked += s.elemsize
	if s.spanclass&1 != 0 {
		return
	}
	obj := s.base + i*s.elemsize
	if c := work.top; c != nil && c.n < uintptr(len(c.obj)) {
		c.obj[c.n] = uint32(obj)
		c.n++
		return
	}
	pushObject(obj)
}

func setMarked(s *mspan, i uintptr) {
	word := bitWord(s.markBits, i)
	bit := uint64(1) << (i & 63)
	if *word&bit == 0 {
		*word |= bit
		work.bytesMarked += s.elemsize
	}
}

// scanObject marks what the object at p, the start of a slot of s, points to.
func scanObject(p uintptr, s *mspan) {
	size := s.elemsize
	if size <= maxBitmapSize {
		for bits := s.pointerBits(p); bits != 0; bits &= bits - 1 {
			markPtr(uintptr(*(*uint32)(unsafe.Pointer(p + uintptr(ctz64(bits))*8))))
		}
		return
	}
	var t *_type
	if s.spanclass.sizeclass() == 0 {
		t = s.largeType
	} else {
		t = *(**_type)(unsafe.Pointer(p))
		p += mallocHeaderSize
		size -= mallocHeaderSize
	}
	if t != nil {
		markTyped(p, size, t)
	}
}

// pointerBits gives the pointer bitmap of the small object at p.
func (s *mspan) pointerBits(p uintptr) uint64 {
	n := s.elemsize / 8
	if n == 1 {
		return 1
	}
	word := (p - s.base) / 8
	at := (*uint64)(add(s.heapBits(), word/64*8))
	shift := word % 64
	bits := *at >> shift
	if shift+n > 64 {
		bits |= *(*uint64)(add(unsafe.Pointer(at), 8)) << (64 - shift)
	}
	return bits & (^uint64(0) >> (64 - n))
}

// markTyped marks what an array of t's that takes size bytes at p points to; what is behind the last whole one is not
// looked at.
func markTyped(p, size uintptr, t *_type) {
	mask := unsafe.Pointer(ptrMask(t))
	words := t.PtrBytes / 8
	for end := p + size; p+t.PtrBytes <= end; p += t.Size_ {
		for i := uintptr(0); i < words; i += 8 {
			bits := uint64(*(*byte)(add(mask, i/8)))
			if i+8 > words {
				bits &= 1<<(words-i) - 1
			}
			for ; bits != 0; bits &= bits - 1 {
				markPtr(uintptr(*(*uint32)(unsafe.Pointer(p + (i+uintptr(ctz64(bits)))*8))))
			}
		}
	}
}

// markRange marks what part of a heap object points to.
func markRange(p, n uintptr) {
	s := spanOf(p)
	if s == nil || s.state != spanObjects || s.spanclass.noscan() {
		if s == nil {
			markData(p, p+n)
		}
		return
	}
	base := s.base + s.objIndex(p)*s.elemsize
	if s.elemsize <= maxBitmapSize {
		bits := s.pointerBits(base)
		for i := (p - base) / 8; i < (p+n-base+7)/8; i++ {
			if bits>>i&1 != 0 {
				markPtr(uintptr(*(*uint32)(unsafe.Pointer(base + i*8))))
			}
		}
		return
	}
	t := s.largeType
	if s.spanclass.sizeclass() != 0 {
		t = *(**_type)(unsafe.Pointer(base))
		base += mallocHeaderSize
	}
	if t == nil {
		return
	}
	mask := unsafe.Pointer(ptrMask(t))
	for q := alignUp(p, 8); q < p+n; q += 8 {
		off := (q - base) % t.Size_
		if off < t.PtrBytes && *(*byte)(add(mask, off/64))>>(off/8%8)&1 != 0 {
			markPtr(uintptr(*(*uint32)(unsafe.Pointer(q))))
		}
	}
}

// markData marks what the program's variables between two addresses point to.
func markData(from, to uintptr) {
	start, end := uintptr(linkinfo[linkDataStart]), uintptr(linkinfo[linkDataEnd])
	from = max(alignUp(from, 8), start)
	to = min(to, end)
	bits := unsafe.Pointer(uintptr(linkinfo[linkDataBits]))
	for p := from; p < to; {
		i := (p - start) / 8
		b := uint64(*(*byte)(add(bits, i/8))) >> (i % 8)
		if b == 0 {
			p += (8 - i%8) * 8
			continue
		}
		skip := uintptr(ctz64(b))
		p += skip * 8
		if p >= to {
			return
		}
		markPtr(uintptr(*(*uint32)(unsafe.Pointer(p))))
		p += 8
	}
}

func markRoots() {
	work.bytesMarked = 0
	work.stackScan = 0
	markData(0, ^uintptr(0))
	markSpecials()
	markPending()
	for _, gp := range allgs {
		markPtr(uintptr(unsafe.Pointer(gp)))
		if gp.status == _Gdead {
			if gp.stack.lo != 0 {
				if gp.stack.hi-gp.stack.lo != startingStackSize {
					stackfree(gp.stack)
					gp.stack = stack{}
				}
			}
			continue
		}
		if gp != m0.curg {
			shrinkstack(gp)
		}
		markStack(gp, gp.sp)
	}
	// What runs on the system stack.
	markFrames(uintptr(frameaddr()))
}

// markStack marks what a goroutine's frames point to, and its deferred calls, whose records are not described.
func markStack(gp *g, sp uintptr) {
	work.stackScan += gp.stack.hi - sp
	gp.stackUsed = gp.stack.hi - sp
	if *(*uint32)(unsafe.Pointer(sp)) != 0 {
		markFrames(sp)
	}
	for d := gp._defer; d != nil; d = d.link {
		markPtr(uintptr(unsafe.Pointer(d)))
		markPtr(uintptr(*(*unsafe.Pointer)(unsafe.Pointer(&d.fn))))
		markPtr(uintptr(unsafe.Pointer(d.head)))
	}
}

func markFrames(sp uintptr) {
	for u := unwindFrom(sp); u.valid(); u.next() {
		for _, off := range tableList(u.fn.slots) {
			markPtr(uintptr(*(*uint32)(unsafe.Pointer(u.sp + uintptr(off)))))
		}
		for _, off := range tableList(u.fn.pcEntry(u.pc)[0]) {
			markPtr(uintptr(*(*uint32)(unsafe.Pointer(u.sp + uintptr(off)))))
		}
	}
}
