package runtime

// sweepSpan frees what was not marked. It gives true if nothing is left and the pages have gone back; otherwise the span
// is in no list.
func sweepSpan(s *mspan) bool {
	nalloc := s.countMarked()
	if s.specials != nil && nalloc != s.allocCount {
		sweepSpecials(s)
		nalloc = s.countMarked() // finalizers keep their objects
	}
	gcs.pagesSwept += s.npages
	class := s.spanclass.sizeclass()
	freed := s.allocCount - nalloc
	if s.allocCount < nalloc {
		throw("sweep increased allocation count")
	}
	s.sweepgen = mheap.sweepgen
	if class == 0 {
		if freed == 0 {
			s.clearMarks()
			return false
		}
		memstats.largeFrees++
		memstats.largeFreeBytes += s.elemsize
		freeSpan(s)
		return true
	}
	memstats.smallFrees[class] += uint64(freed)
	if nalloc == 0 {
		freeSpan(s)
		return true
	}
	if checkHeap {
		poisonUnmarked(s)
	}
	s.allocCount = nalloc
	s.nextWord = 0
	s.allocCache = 0
	s.held = 0
	if freed > 0 || checkHeap {
		s.needzero = true
	}
	for i := uintptr(0); i < s.bitWords; i++ {
		*bitWord(s.allocBits, i*64) = *bitWord(s.markBits, i*64)
	}
	s.clearMarks()
	return false
}

func (s *mspan) countMarked() uintptr {
	n := uintptr(0)
	for i := uintptr(0); i < s.bitWords; i++ {
		n += uintptr(popcnt64(*bitWord(s.markBits, i*64)))
	}
	return n
}

// clearMarks prepares the span for the next cycle.
func (s *mspan) clearMarks() {
	for i := s.markWords(); i > 0; i-- {
		*bitWord(s.markBits, (i-1)*64) = 0
	}
}

// sweepClass is the first class that may have spans that are not swept.
var sweepClass int

// takeUnswept takes a span of a class that is not swept; nil if there is none.
func takeUnswept(c *mcentral) *mspan {
	unswept := mheap.unswept()
	if s := c.partial[unswept].first; s != nil {
		c.partial[unswept].remove(s)
		return s
	}
	if s := c.full[unswept].first; s != nil {
		c.full[unswept].remove(s)
		return s
	}
	return nil
}

// sweepOne sweeps some span; the result is the number of pages that it freed, ^0 if all are swept.
func sweepOne() uintptr {
	h := &mheap
	var s *mspan
	for ; s == nil && sweepClass < numSpanClasses; sweepClass++ {
		if s = takeUnswept(&h.central[sweepClass]); s != nil {
			break
		}
	}
	if s == nil {
		list := &h.large[h.unswept()]
		if s = list.first; s == nil {
			gcs.sweeping = false
			scavenger.sweepDone()
			return ^uintptr(0)
		}
		list.remove(s)
	}
	npages := s.npages
	if sweepSpan(s) {
		return npages
	}
	listSpan(s)
	return 0
}

func sweepAll() {
	for gcs.sweeping {
		sweepOne()
	}
}

// reclaimPages sweeps before the heap takes n pages more: until as many are free again, nothing is left to sweep, or it
// has taken long enough.
func reclaimPages(n uintptr) {
	freed := uintptr(0)
	for most := n + 256; gcs.sweeping && freed < n && most > 0; most-- {
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
	s.list.remove(s)
	if !sweepSpan(s) {
		listSpan(s)
	}
}
