package runtime

import "unsafe"

// Checks of the collector for goesc run -check.

// checkMarks marks once more at the end of a cycle, from scratch and with the stacks as they are now, and compares: what
// can be reached must have been marked by the cycle. It runs while the world stands still and the caches are empty.
func checkMarks() {
	saved := work
	eachSpan(func(s *mspan) {
		s.checkBits = s.markBits
		s.markBits = newBitWords(s.markWords())
	})
	startMark()
	for !markDone() {
		gcSlice(1 << 30)
	}
	eachSpan(func(s *mspan) {
		for i := uintptr(0); i < s.nelems; i++ {
			if bitSet(s.markBits, i) && !bitSet(s.checkBits, i) {
				badMark(s, i)
			}
		}
		freeBitWords(s.markBits, s.markWords())
		s.markBits = s.checkBits
	})
	cycle := work.cycle
	work = saved
	work.cycle = cycle
	work.specials, work.specialsKept = 0, 0
}

func badMark(s *mspan, i uintptr) {
	p := s.base + i*s.elemsize
	print("check: object ", hex(p), " of ", s.elemsize, " bytes can be reached and is not marked; it holds")
	for off := uintptr(0); off < min(s.elemsize, 64); off += 8 {
		print(" ", hex(*(*uintptr)(unsafe.Pointer(p + off))))
	}
	print("\n")
	if i/64 < s.bitWords && s.isFree(i) {
		throw("check: pointer to a free object")
	}
	throw("check: marking missed an object")
}

// eachSpan calls f for each span with objects.
func eachSpan(f func(s *mspan)) {
	h := &mheap
	for page := h.start >> _PageShift; page < h.end>>_PageShift; {
		s := spanOf(page << _PageShift)
		if s == nil {
			page++
			continue
		}
		if s.state == spanObjects {
			f(s)
		}
		page += s.npages
	}
}
