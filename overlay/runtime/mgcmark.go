package runtime

import (
	"internal/abi"
	"internal/runtime/sys"
	"unsafe"
)

// Marking. What is reached has its bit in markBits; what was scanned for pointers, too, has it in scanBits. Spans with
// objects that are marked and not scanned (grey) are in a queue, first in, first out: while a span waits, more of its
// objects become grey, and then neighbours in memory are scanned together. The queue needs no memory, so that the write
// barrier can add to it anywhere.

type markWork struct {
	_    sys.NotInHeap
	head *mspan
	tail *mspan
	// What was found and scanned, in bytes.
	bytesMarked uintptr
	heapScan    uintptr
	stackScan   uintptr
	dataScan    uintptr
	// The roots up to here are done: bytes of variables, spans with specials (which move to specialsKept), goroutines.
	data         uintptr
	specials     int
	specialsKept int
	pendingDone  bool
	goroutines   int
	cycle        uint32 // of goroutines that were scanned
	touched      uint32 // nobody reads it: touchGrey must not be for nothing
}

var work markWork

func (w *markWork) scanned() uintptr {
	return w.heapScan + w.stackScan + w.dataScan
}

// startMark prepares a cycle: nothing is marked; what runs now is scanned.
func startMark() {
	cycle := work.cycle + 1
	work = markWork{}
	work.cycle = cycle
	if gp := m0.curg; gp != nil {
		scanGoroutine(gp)
	}
	// What runs on the system stack.
	markFrames(uintptr(frameaddr()), systemStack.hi)
	if threads {
		markThreads()
	}
}

// markDone tells whether all is marked that can be reached.
func markDone() bool {
	return work.head == nil && work.goroutines >= len(allgs)
}

// gcSlice marks until n bytes were scanned or nothing is left; the result is how many were.
func gcSlice(n int64) int64 {
	start := work.scanned()
	for int64(work.scanned()-start) < n {
		if s := work.head; s != nil {
			work.head = s.nextGrey
			if s.nextGrey == nil {
				work.tail = nil
			}
			s.nextGrey = nil
			s.grey = false
			scanSpan(s)
		} else if !markRoot() {
			break
		}
	}
	return int64(work.scanned() - start)
}

// rootBlock is how many bytes of variables are marked at once.
const rootBlock = 256 << 10

// markRoot does the next part of the roots; false if all are done.
func markRoot() bool {
	start, end := uintptr(linkinfo[linkDataStart]), uintptr(linkinfo[linkDataEnd])
	if from := start + work.data; from < end {
		to := min(from+rootBlock, end)
		markData(from, to)
		work.data = to - start
		work.dataScan += min(to-from, gcs.globalsScan-min(work.dataScan, gcs.globalsScan))
		return true
	}
	if work.specials < len(specialSpans) {
		for i := 0; i < 64 && work.specials < len(specialSpans); i++ {
			markSpecials()
		}
		if work.specials == len(specialSpans) {
			specialSpans = specialSpans[:work.specialsKept]
			work.specials = work.specialsKept
		}
		return true
	}
	if !work.pendingDone {
		work.pendingDone = true
		markPending()
		return true
	}
	if work.goroutines < len(allgs) {
		scanGoroutine(allgs[work.goroutines])
		work.goroutines++
		return true
	}
	return false
}

// scanSpan scans the grey objects of a span.
//
//go:nowritebarrierrec
func scanSpan(s *mspan) {
	if s.elemsize > maxBitmapSize {
		scanLargeObjects(s)
		return
	}
	found, scanned := uint32(0), uint32(0)
	size := uint32(s.elemsize)
	base := uint32(s.base)
	common := s.ptrBits
	pages := uint32(uintptr(unsafe.Pointer(&spanOfPage)))
	marks := uint32(uintptr(unsafe.Pointer(s.markBits)))
	words := uint32(s.bitWords) * 8
	work.touched += touchGrey(marks, words, base, size)
	for end := marks + words; marks != end; marks += 8 {
		scans := load64(marks + words)
		grey := load64(marks) &^ scans
		store64(marks+words, scans|grey)
		for ; grey != 0; grey &= grey - 1 {
			p := base + uint32(ctz64(grey))*size
			scanned += size
			bits := common
			if bits == 0 {
				bits = s.pointerBits(uintptr(p))
			}
			for ; bits != 0; bits &= bits - 1 {
				// As in shade. No span begins at page 0: nil is nowhere.
				q := load32(p + uint32(ctz64(bits))*8)
				t := (*mspan)(unsafe.Pointer(uintptr(load32(pages + q>>_PageShift*4))))
				if t == nil || uintptr(q) >= t.limit {
					continue
				}
				i := (uintptr(q) - t.base) * uintptr(t.divMul) >> 32
				word := uint32(uintptr(unsafe.Pointer(t.markBits))) + uint32(i)/64*8
				old := load64(word)
				if old>>(i&63)&1 != 0 {
					continue
				}
				store64(word, old|1<<(i&63))
				found += uint32(t.elemsize)
				if !t.grey {
					queueSpan(t)
				}
			}
		}
		base += 64 * size
	}
	work.bytesMarked += uintptr(found)
	work.heapScan += uintptr(scanned)
}

// touchGrey reads from each grey object of a span. They are rarely at hand, and what is found in one decides on so many branches
// that the processor would wait for one after the other; without those it waits for all at once. The result is of no use.
//
//go:nowritebarrierrec
func touchGrey(marks, words, base, size uint32) uint32 {
	sum := uint32(0)
	for end := marks + words; marks != end; marks += 8 {
		for grey := load64(marks) &^ load64(marks+words); grey != 0; grey &= grey - 1 {
			sum += load32(base + uint32(ctz64(grey))*size)
		}
		base += 64 * size
	}
	return sum
}

// spanAt gives what belongs to the page of an address below 4 GiB: a span, maybe one without objects, or nil.
//
//go:nowritebarrierrec
func spanAt(p uintptr) *mspan {
	at := uint32(uintptr(unsafe.Pointer(&spanOfPage))) + uint32(p>>_PageShift*4)
	return (*mspan)(unsafe.Pointer(uintptr(load32(at))))
}

// queueSpan adds a span with grey objects to the queue.
//
//go:nowritebarrierrec
func queueSpan(s *mspan) {
	s.grey = true
	if work.tail == nil {
		work.head = s
	} else {
		work.tail.nextGrey = s
	}
	work.tail = s
}

// shade marks the object that p points into, if there is one. The write barrier calls it where functions have no frame
// yet, so it and what it calls must do without one: no checks that can fail, no memory for variables.
//
//go:nowritebarrierrec
func shade(p uintptr) {
	t := spanAt(p & (maxAlloc - 1))
	if t == nil || p >= t.limit {
		return
	}
	i := (p - t.base) * uintptr(t.divMul) >> 32
	word := uint32(uintptr(unsafe.Pointer(t.markBits))) + uint32(i)/64*8
	old := load64(word)
	if old>>(i&63)&1 != 0 {
		return
	}
	store64(word, old|1<<(i&63))
	work.bytesMarked += t.elemsize
	if !t.grey {
		queueSpan(t)
	}
}

// markPtr is shade for addresses that may be none.
func markPtr(p uintptr) {
	if p < maxAlloc {
		shade(p)
	}
}

func setMarked(s *mspan, i uintptr) {
	*bitWord(s.markBits, i) |= 1 << (i & 63)
}

// blacken marks a new large object as if it were scanned.
func blacken(s *mspan) {
	*s.markBits = 1
	if !s.spanclass.noscan() {
		*s.scanBits() = 1
	}
	work.bytesMarked += s.elemsize
}

// blackenFree does the same to the free objects of a span that will be allocated from; whitenFree takes that back for
// those that were not.
func blackenFree(s *mspan) {
	for word := uintptr(0); word < s.bitWords; word++ {
		free := s.freeWord(word)
		*bitWord(s.markBits, word*64) |= free
		if !s.spanclass.noscan() {
			*bitWord(s.scanBits(), word*64) |= free
		}
	}
}

func whitenFree(s *mspan) {
	for word := uintptr(0); word < s.bitWords; word++ {
		free := s.freeWord(word)
		*bitWord(s.markBits, word*64) &^= free
		if !s.spanclass.noscan() {
			*bitWord(s.scanBits(), word*64) &^= free
		}
	}
}

// scanLargeObjects scans the grey objects of a span whose objects have types of their own.
func scanLargeObjects(s *mspan) {
	if s.nelems == 1 && s.spanclass.sizeclass() == 0 {
		scanLargeObject(s)
		return
	}
	for i := uintptr(0); i < s.nelems; i++ {
		word, bit := i*8/64&^7, uint64(1)<<(i&63)
		scans := (*uint64)(add(unsafe.Pointer(s.scanBits()), word))
		if *bitWord(s.markBits, i)&^*scans&bit == 0 {
			continue
		}
		*scans |= bit
		scanObject(s.base+i*s.elemsize, s)
		work.heapScan += s.elemsize
	}
}

// largePart is how much of a large object is scanned at once.
const largePart = 128 << 10

// scanLargeObject scans the next part of a large object.
func scanLargeObject(s *mspan) {
	if *s.markBits&^*s.scanBits() == 0 {
		return
	}
	if s.largeType == nil {
		*s.scanBits() = 1
		return
	}
	n := min(s.elemsize-s.scanned, largePart)
	markPart(s.base, s.scanned, s.scanned+n, s.largeType)
	s.scanned += n
	work.heapScan += n
	if s.scanned == s.elemsize {
		*s.scanBits() = 1
		s.scanned = 0
	} else {
		queueSpan(s)
	}
}

// scanObject marks what the object at p, the start of a slot of s, points to, but never that object: one that waits for
// its finalizer may point to itself.
func scanObject(p uintptr, s *mspan) {
	size := s.elemsize
	if size <= maxBitmapSize {
		for bits := s.pointerBits(p); bits != 0; bits &= bits - 1 {
			if q := uintptr(*(*uint32)(unsafe.Pointer(p + uintptr(ctz64(bits))*8))); q-p >= size {
				shade(q)
			}
		}
		return
	}
	t := s.largeType
	if s.spanclass.sizeclass() != 0 {
		t = *(**_type)(unsafe.Pointer(p))
		p += mallocHeaderSize
		size -= mallocHeaderSize
	}
	if t != nil {
		markPart(p, 0, size, t)
	}
}

// typeMask gives the pointer bitmap of a type of which there are objects in the heap: it exists then.
//
//go:nowritebarrierrec
func typeMask(t *_type) uintptr {
	if t.TFlag&abi.TFlagGCMaskOnDemand != 0 {
		return *(*uintptr)(unsafe.Pointer(t.GCData))
	}
	return uintptr(unsafe.Pointer(t.GCData))
}

// markPart marks what an array of t's at p points to, between two offsets from p that are multiples of 8, outside of what
// lies before the second one.
func markPart(p, from, to uintptr, t *_type) {
	mask := typeMask(t)
	size, ptrs := t.Size_, t.PtrBytes
	for elem := from - from%size; elem < to; elem += size {
		off := uintptr(0)
		if elem < from {
			off = from - elem
		}
		end := min(ptrs, to-elem)
		for off < end {
			bits := uint64(*(*uint8)(unsafe.Pointer(mask + off/64))) >> (off / 8 % 8)
			if bits == 0 {
				off = off&^63 + 64
				continue
			}
			off += uintptr(ctz64(bits)) * 8
			if off >= end {
				break
			}
			if q := uintptr(*(*uint32)(unsafe.Pointer(p + elem + off))); q-p >= to {
				shade(q)
			}
			off += 8
		}
	}
}

// pointerBits gives the pointer bitmap of the small object at p.
//
//go:nowritebarrierrec
func (s *mspan) pointerBits(p uintptr) uint64 {
	if s.ptrBits != 0 {
		return s.ptrBits
	}
	n := s.elemsize / 8
	word := (p - s.base) / 8
	at := (*uint64)(add(s.heapBits(), word/64*8))
	shift := word % 64
	bits := *at >> shift
	if shift+n > 64 {
		bits |= *(*uint64)(add(unsafe.Pointer(at), 8)) << (64 - shift)
	}
	return bits & (^uint64(0) >> (64 - n))
}

// markData marks what the program's variables between two addresses point to; the first is a multiple of 512 bytes
// behind the start of the data. Most of them point to other data.
func markData(from, to uintptr) {
	at := uint32(from)
	bits := linkinfo[linkDataBits] + (at-linkinfo[linkDataStart])/64
	heap := uint32(mheap.start)
	for left := uint32(to-from) / 8; left > 0; bits += 8 {
		b := load64(bits)
		n := min(left, 64)
		b &= ^uint64(0) >> (64 - n)
		for ; b != 0; b &= b - 1 {
			if q := load32(at + uint32(ctz64(b))*8); q >= heap {
				shade(uintptr(q))
			}
		}
		at += 64 * 8
		left -= n
	}
}

// scanGoroutine marks a goroutine and what its stack points to, if that was not done in this cycle. It does not run, or
// waits for the collector.
func scanGoroutine(gp *g) {
	if gp.scanned == work.cycle {
		return
	}
	gp.scanned = work.cycle
	markPtr(uintptr(unsafe.Pointer(gp)))
	if gp.status == _Gdead {
		if gp.stack.lo != 0 && gp.stack.hi-gp.stack.lo != startingStackSize {
			stackfree(gp.stack)
			gp.stack = stack{}
		}
		return
	}
	if (gp.status == _Gwaiting || gp.status == _Gsyscall) && gp.waitsince == 0 {
		gp.waitsince = nanotime()
	}
	if gp != m0.curg {
		shrinkstack(gp)
	}
	markStack(gp, gp.sp)
}
