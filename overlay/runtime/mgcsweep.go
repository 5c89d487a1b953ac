package runtime

import "internal/runtime/gc"

// sweepSpan frees what was not marked. It gives true if nothing is left and the pages have gone back; otherwise the span
// is in no list.
func sweepSpan(s *mspan, cache bool) bool {
	if s.specials != nil {
		sweepSpecials(s)
	}
	class := s.spanclass.sizeclass()
	nalloc := uintptr(0)
	for i := uintptr(0); i < s.bitWords; i++ {
		nalloc += uintptr(popcnt64(*bitWord(s.markBits, i*64)))
	}
	freed := s.allocCount - nalloc
	if s.allocCount < nalloc {
		throw("sweep increased allocation count")
	}
	s.sweepgen = mheap.sweepgen
	if class == 0 {
		if freed == 0 {
			*s.markBits = 0
			return false
		}
		memstats.largeFrees++
		memstats.largeFreeBytes += s.elemsize
		memstats.spansInUse -= s.npages
		freeSpan(s)
		return true
	}
	memstats.smallFrees[class] += uint64(freed)
	if nalloc == 0 {
		memstats.spansInUse -= s.npages
		freeSpan(s)
		return true
	}
	s.allocCount = nalloc
	s.freeindex = 0
	if freed > 0 {
		s.needzero = true
	}
	s.allocBits, s.markBits = s.markBits, s.allocBits
	for i := uintptr(0); i < s.bitWords; i++ {
		*bitWord(s.markBits, i*64) = 0
	}
	s.refillAllocCache(0)
	return false
}

// sweepClass is the first class that may have spans that are not swept.
var sweepClass int

// sweepOne sweeps some span; the result is the number of pages that it freed, ^0 if all are swept.
func sweepOne() uintptr {
	h := &mheap
	for ; sweepClass < numSpanClasses; sweepClass++ {
		c := &h.central[sweepClass]
		s := c.partialUnswept.first
		if s != nil {
			c.partialUnswept.remove(s)
		} else if s = c.fullUnswept.first; s != nil {
			c.fullUnswept.remove(s)
		} else {
			continue
		}
		npages := s.npages
		if sweepSpan(s, false) {
			return npages
		}
		if s.allocCount == s.nelems {
			c.full.insert(s)
		} else {
			c.partial.insert(s)
		}
		return 0
	}
	if s := h.largeUnswept.first; s != nil {
		h.largeUnswept.remove(s)
		npages := s.npages
		if sweepSpan(s, false) {
			return npages
		}
		h.large.insert(s)
		return 0
	}
	gcs.sweeping = false
	return ^uintptr(0)
}

func sweepAll() {
	for gcs.sweeping {
		sweepOne()
	}
}

// reclaimPages sweeps before the heap takes n pages more: until as many are free again, or nothing is left to sweep.
func reclaimPages(n uintptr) {
	freed := uintptr(0)
	for gcs.sweeping && freed < n {
		pages := sweepOne()
		if pages == ^uintptr(0) {
			break
		}
		freed += pages
	}
}

// ensureSwept sweeps the span if nobody has yet.
func ensureSwept(s *mspan) {
	if s.sweepgen == mheap.sweepgen || s.cached {
		return
	}
	list := s.list
	list.remove(s)
	if sweepSpan(s, false) {
		return
	}
	if s.spanclass.sizeclass() == 0 {
		mheap.large.insert(s)
		return
	}
	c := &mheap.central[s.spanclass]
	if s.allocCount == s.nelems {
		c.full.insert(s)
	} else {
		c.partial.insert(s)
	}
}

// checkHeap: verify the heap after each collection.
var checkHeap bool

// verifyHeap checks what must hold of the heap's lists and bitmaps.
func verifyHeap() {
	h := &mheap
	for page := h.start >> _PageShift; page < h.end>>_PageShift; page++ {
		s := spanOf(page << _PageShift)
		used := pageUsed[page/64]>>(page%64)&1 != 0
		if used != (s != nil) && page<<_PageShift < h.end {
			if !used {
				throw("check: free page belongs to a span")
			}
			continue
		}
		if s == nil || s.state != spanObjects {
			continue
		}
		if page<<_PageShift < s.base || page<<_PageShift >= s.base+s.npages<<_PageShift {
			throw("check: page outside of its span")
		}
	}
	for i := range h.central {
		c := &h.central[i]
		verifyList(&c.partial, spanClass(i))
		verifyList(&c.full, spanClass(i))
		verifyList(&c.partialUnswept, spanClass(i))
		verifyList(&c.fullUnswept, spanClass(i))
	}
}

func verifyList(l *spanList, class spanClass) {
	for s := l.first; s != nil; s = s.next {
		if s.spanclass != class || s.list != l || s.state != spanObjects {
			throw("check: span in the wrong list")
		}
		if s.elemsize != uintptr(gc.SizeClassToSize[class.sizeclass()]) || s.allocCount > s.nelems {
			throw("check: bad span")
		}
	}
}
