package runtime

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
	if checkHeap {
		poisonUnmarked(s)
	}
	s.allocCount = nalloc
	s.freeindex = 0
	if freed > 0 || checkHeap {
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
