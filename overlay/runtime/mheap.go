package runtime

import (
	"internal/runtime/gc"
	"internal/runtime/sys"
	"unsafe"
)

// The heap: pages of 8 KiB above the program's data. A span is a run of pages for objects of one size, for one large
// object, or for a goroutine's stack.

const (
	heapPages      = 1 << (32 - _PageShift)
	chunkPages     = 512
	heapChunks     = heapPages / chunkPages
	wasmPage       = 64 << 10
	numSpanClasses = gc.NumSizeClasses << 1
)

// What a span is used for.
const (
	spanFree = iota
	spanObjects
	spanStack
	spanMapped // the program's own (mmap)
)

// A spanClass is a size class and whether its objects are free of pointers.
type spanClass uint8

const tinySpanClass = spanClass(2<<1 | 1)

func makeSpanClass(sizeclass uint8, noscan bool) spanClass {
	return spanClass(sizeclass<<1) | spanClass(bool2int(noscan))
}

func (c spanClass) sizeclass() uint8 { return uint8(c >> 1) }
func (c spanClass) noscan() bool     { return c&1 != 0 }

// A span's fields are in the order of their use: what marking reads of the spans that pointers lead to is in one cache
// line, what allocating reads in the next.
type mspan struct {
	_ sys.NotInHeap

	base     uintptr
	limit    uintptr // the end of its objects; 0 if it has none
	elemsize uintptr
	// A bit for each object: reached by the cycle under way. In spans whose objects have pointers as many bits follow, for
	// objects that were scanned, too.
	markBits  *uint64
	divMul    uint32
	grey      bool // marking need not queue it: it is in the queue, or has no pointers
	spanclass spanClass
	state     uint8
	needzero  bool
	// The pointers of all its objects, if all have the same; else 0, and each object has bits of its own.
	ptrBits  uint64
	bitWords uintptr // words of bits for all its objects
	nextGrey *mspan

	// What is free of 64 objects: what may be taken without further ado, and what waits behind an allocation that somebody
	// wants to see. The object of the lowest bit is at windowBase.
	allocCache uint64
	held       uint64
	windowBase uintptr
	nextWord   uintptr // of allocBits, to be loaded next
	nelems     uintptr
	allocBits  *uint64 // 1: was in use when the span was swept
	allocCount uintptr // without what is taken from a cached span
	npages     uintptr

	next, prev *mspan
	list       *spanList
	sweepgen   uint32
	// cached: some allocator allocates from it.
	cached         bool
	mixed          bool // objects have different pointers
	inlineMarks    bool // markBits are in the span itself
	due            bool // the next object to be taken of held ones is a sample of the memory profile
	listedSpecials bool
	largeType      *_type  // of a large object with pointers; null while it is being made
	scanned        uintptr // of a large object: up to here
	specials       *special
	checkBits      *uint64 // what the cycle marked, while it is verified
}

type spanList struct {
	_     sys.NotInHeap
	first *mspan
	last  *mspan
}

func (l *spanList) insert(s *mspan) {
	if s.list != nil {
		throw("mspan in two lists")
	}
	s.next = l.first
	s.prev = nil
	if l.first != nil {
		l.first.prev = s
	} else {
		l.last = s
	}
	l.first = s
	s.list = l
}

func (l *spanList) remove(s *mspan) {
	if s.list != l {
		throw("mspan not in list")
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		l.first = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	} else {
		l.last = s.prev
	}
	s.next, s.prev, s.list = nil, nil, nil
}

// A mcentral has the spans of one class that no cache holds, with and without free objects. Those that are swept and
// those that are not change places with each cycle.
type mcentral struct {
	_       sys.NotInHeap
	partial [2]spanList
	full    [2]spanList
}

// swept and unswept are the indices of such lists.
func (h *heapState) swept() uint32   { return h.sweepgen / 2 & 1 }
func (h *heapState) unswept() uint32 { return 1 - h.sweepgen/2&1 }

type heapState struct {
	_ sys.NotInHeap

	// Address space [start, end) is made of pages that exist.
	start uintptr
	end   uintptr
	// No free page is below searchChunk.
	searchChunk uintptr
	central     [numSpanClasses]mcentral
	large       [2]spanList
	freeSpans   *mspan
	freeBits    [33]uintptr // by number of words
	sweepgen    uint32

	// Persistent memory is carved from here.
	persist    uintptr
	persistEnd uintptr
}

var mheap heapState

// spanOf gives for each page the span it belongs to, 0 if it is free or no heap page.
var spanOfPage [heapPages]uint32

// pageUsed has a bit for each page that is in use; pages outside of the heap count as used.
var pageUsed [heapPages / 64]uint64

// pageDirty has a bit for each page that may hold something but zeros.
var pageDirty [heapPages / 64]uint64

// chunkFree says how many pages are free at the start and at the end of a chunk, and in its longest run.
var chunkFree [heapChunks]chunkSummary

type chunkSummary struct {
	start, max, end uint16
}

func heapinit(start uintptr) {
	h := &mheap
	for i := range pageUsed {
		pageUsed[i] = ^uint64(0)
	}
	h.persist = alignUp(start, 16)
	h.persistEnd = memorypages() * wasmPage
	if h.persistEnd < h.persist+256<<10 {
		if growmemory(8) < 0 {
			outOfMemory(8 * wasmPage)
		}
		h.persistEnd = memorypages() * wasmPage
	}
	h.sweepgen = 2
	h.start = 0
	for i := range m0.cache.alloc {
		m0.cache.alloc[i] = &emptySpan
	}
}

// persistentalloc gives zeroed memory that is never freed and holds no pointers to the heap that count.
func persistentalloc(size, align uintptr) uintptr {
	h := &mheap
	p := alignUp(h.persist, align)
	if p+size > h.persistEnd {
		chunk := alignUp(size+align, wasmPage*4)
		p = sysalloc(chunk)
		if p != h.persistEnd {
			h.persist = p
		}
		h.persistEnd = p + chunk
		p = alignUp(h.persist, align)
	}
	h.persist = p + size
	memstats.otherSys += size
	return p
}

// sysalloc takes address space from the system: whole wasm pages, zeroed.
func sysalloc(size uintptr) uintptr {
	if threads {
		stopTheWorld()
	}
	old := memorypages()
	if old*wasmPage+size > hardLimit() || growmemory(size/wasmPage) < 0 {
		outOfMemory(size)
	}
	if threads {
		pages = memorypages()
		startTheWorld()
	}
	return old * wasmPage
}

var maxMemory uintptr

func outOfMemory(size uintptr) {
	systemstack(func() {
		print("runtime: out of memory: cannot allocate ", size, "-byte block (", memstats.heapMapped, " in use)\n")
		throw("out of memory")
	})
}

// growHeap makes at least npages pages more.
func growHeap(npages uintptr) {
	h := &mheap
	ask := alignUp(npages, chunkPages) << _PageShift
	// Geometric growth: each growth of memory costs time.
	if more := alignDown((h.end-h.start)/8, chunkPages<<_PageShift); more > ask {
		if memorypages()*wasmPage+more <= hardLimit() {
			ask = more
		}
	}
	p := sysalloc(ask)
	first := alignUp(p, _PageSize)
	last := alignDown(p+ask, _PageSize)
	if h.start == 0 {
		h.start = first
		h.searchChunk = first >> _PageShift / chunkPages
	}
	h.end = last
	memstats.heapMapped += last - first
	memstats.heapSys += last - first
	memstats.untouched += last - first
	setPages(first>>_PageShift, (last-first)>>_PageShift, false)
}

// setPages marks pages as used or free and brings the summaries up to date.
func setPages(page, n uintptr, used bool) {
	end := page + n
	for i := page; i < end; {
		word := i / 64
		mask := ^uint64(0) << (i % 64)
		next := (word + 1) * 64
		if next > end {
			mask &= 1<<(end%64) - 1
			next = end
		}
		if used {
			pageUsed[word] |= mask
		} else {
			pageUsed[word] &^= mask
		}
		i = next
	}
	for c := page / chunkPages; c <= (end-1)/chunkPages; c++ {
		summarize(c)
	}
	if !used && page/chunkPages < mheap.searchChunk {
		mheap.searchChunk = page / chunkPages
	}
}

func summarize(c uintptr) {
	words := (*[chunkPages / 64]uint64)(unsafe.Pointer(&pageUsed[c*(chunkPages/64)]))
	var start, longest, run uint64
	seen := false
	for _, w := range words {
		if w == 0 {
			run += 64
			continue
		}
		left := uint64(64)
		for w != 0 {
			n := ctz64(w)
			run += n
			if !seen {
				start, seen = run, true
			}
			longest = max(longest, run)
			run = 0
			w >>= n
			left -= n
			ones := ctz64(^w)
			left -= ones
			if ones == 64 {
				w = 0
			} else {
				w >>= ones
			}
		}
		run = left
	}
	if !seen {
		start = run
	}
	chunkFree[c] = chunkSummary{uint16(start), uint16(max(longest, run)), uint16(run)}
}

// findPages gives the lowest run of n free pages, 0 if there is none.
func findPages(n uintptr) uintptr {
	h := &mheap
	if h.start == 0 {
		return 0
	}
	last := (h.end - 1) >> _PageShift / chunkPages
	first := true
	run := uintptr(0) // free pages right before the chunk
	for c := h.searchChunk; c <= last; c++ {
		sum := &chunkFree[c]
		if sum.max == 0 {
			run = 0
			if first {
				h.searchChunk = c + 1
			}
			continue
		}
		first = false
		if run+uintptr(sum.start) >= n {
			return c*chunkPages - run
		}
		if uintptr(sum.max) >= n {
			return c*chunkPages + findInChunk(c, n)
		}
		if sum.start == chunkPages {
			run += chunkPages
		} else {
			run = uintptr(sum.end)
		}
	}
	return 0
}

func findInChunk(c, n uintptr) uintptr {
	run := uintptr(0)
	for i := uintptr(0); i < chunkPages; {
		w := pageUsed[c*(chunkPages/64)+i/64] >> (i % 64)
		if w == 0 {
			step := 64 - i%64
			run += step
			i += step
			if run >= n {
				return i - run
			}
			continue
		}
		free := uintptr(ctz64(w))
		run += free
		i += free
		if run >= n {
			return i - run
		}
		run = 0
		i += uintptr(ctz64(^(w >> free)))
		i = min(i, chunkPages)
	}
	throw("page summary is wrong")
	return 0
}

// freePages finds n pages of the heap that are free, if need be after a sweep; 0 if there are none.
func freePages(n uintptr) uintptr {
	page := findPages(n)
	if page == 0 && !mayGrow(n) {
		sweepAll()
		page = findPages(n)
	}
	return page
}

// mayGrow reports whether the heap may have n pages more.
func mayGrow(n uintptr) bool {
	return memorypages()*wasmPage+alignUp(n, chunkPages)<<_PageShift <= hardLimit()
}

// allocSpan takes n pages from the heap.
func allocSpan(n uintptr) *mspan {
	h := &mheap
	page := freePages(n)
	if page == 0 {
		growHeap(n)
		page = findPages(n)
	}
	setPages(page, n, true)
	s := h.freeSpans
	if s != nil {
		h.freeSpans = s.next
		*s = mspan{}
	} else {
		s = (*mspan)(unsafe.Pointer(persistentalloc(unsafe.Sizeof(mspan{}), 64)))
	}
	s.base = page << _PageShift
	s.npages = n
	for i := uintptr(0); i < n; i++ {
		spanOfPage[page+i] = uint32(uintptr(unsafe.Pointer(s)))
		word, bit := (page+i)/64, uint64(1)<<((page+i)%64)
		if pageDirty[word]&bit != 0 {
			s.needzero = true
		} else {
			pageDirty[word] |= bit
			memstats.untouched -= _PageSize
		}
	}
	return s
}

// freeSpan gives the pages back.
func freeSpan(s *mspan) {
	h := &mheap
	page := s.base >> _PageShift
	if checkHeap {
		poisonMemory(s.base, s.npages<<_PageShift)
	}
	for i := uintptr(0); i < s.npages; i++ {
		spanOfPage[page+i] = 0
	}
	setPages(page, s.npages, false)
	if s.bitWords != 0 {
		freeBitWords(s.allocBits, s.bitWords)
		if !s.inlineMarks {
			freeBitWords(s.markBits, s.markWords())
		}
	}
	s.limit = 0
	s.state = spanFree
	s.next = h.freeSpans
	h.freeSpans = s
}

func newBitWords(n uintptr) *uint64 {
	h := &mheap
	if p := h.freeBits[n]; p != 0 {
		h.freeBits[n] = *(*uintptr)(unsafe.Pointer(p))
		memzero(unsafe.Pointer(p), n*8)
		return (*uint64)(unsafe.Pointer(p))
	}
	return (*uint64)(unsafe.Pointer(persistentalloc(n*8, 8)))
}

func freeBitWords(p *uint64, n uintptr) {
	h := &mheap
	*(*uintptr)(unsafe.Pointer(p)) = h.freeBits[n]
	h.freeBits[n] = uintptr(unsafe.Pointer(p))
}

// Of the end of a span of small objects, 128 bytes belong to the collector, and 128 hold pointer bits if there are
// pointers, as in Go: the number of objects shows in its statistics.
const (
	inlineMarkBytes = 128
	heapBitsBytes   = _PageSize / 8 / 8
	maxBitmapSize   = 512
)

// initSpan makes a span one for objects of a class.
func initSpan(s *mspan, class spanClass, size uintptr) {
	s.state = spanObjects
	s.spanclass = class
	s.sweepgen = mheap.sweepgen
	sizeclass := class.sizeclass()
	if sizeclass == 0 {
		s.elemsize = size
		s.nelems = 1
		s.divMul = 0
	} else {
		s.elemsize = uintptr(gc.SizeClassToSize[sizeclass])
		room := s.npages << _PageShift
		if s.elemsize <= maxBitmapSize {
			if s.elemsize >= 16 {
				room -= inlineMarkBytes
			}
			if !class.noscan() {
				room -= heapBitsBytes
			}
		}
		s.nelems = room / s.elemsize
		s.divMul = gc.SizeClassToDivMagic[sizeclass]
	}
	s.limit = s.base + s.elemsize*s.nelems
	s.bitWords = (s.nelems + 63) / 64
	s.allocBits = newBitWords(s.bitWords)
	s.grey = class.noscan()
	if s.elemsize >= 16 && s.elemsize <= maxBitmapSize {
		s.inlineMarks = true
		s.markBits = (*uint64)(unsafe.Pointer(s.base + s.npages<<_PageShift - inlineMarkBytes))
		if s.needzero {
			memzero(unsafe.Pointer(s.markBits), inlineMarkBytes)
		}
	} else {
		s.markBits = newBitWords(s.markWords())
	}
	if !class.noscan() {
		if s.elemsize == 8 {
			s.ptrBits = 1
		} else if s.elemsize <= maxBitmapSize && s.needzero {
			memzero(s.heapBits(), heapBitsBytes)
		}
	}
}

// markWords is the size of markBits.
func (s *mspan) markWords() uintptr {
	if s.spanclass.noscan() {
		return s.bitWords
	}
	return 2 * s.bitWords
}

// scanBits has a bit for each object that was scanned.
//
//go:nowritebarrierrec
func (s *mspan) scanBits() *uint64 {
	return (*uint64)(unsafe.Pointer(uintptr(unsafe.Pointer(s.markBits)) + s.bitWords*8))
}

// heapBits is where the pointer bits of small objects are.
//
//go:nowritebarrierrec
func (s *mspan) heapBits() unsafe.Pointer {
	end := s.base + s.npages<<_PageShift - heapBitsBytes
	if s.elemsize >= 16 {
		end -= inlineMarkBytes
	}
	return unsafe.Pointer(end)
}

// spanOf gives the span of objects that p points into, or nil.
func spanOf(p uintptr) *mspan {
	if p >= maxAlloc {
		return nil
	}
	return (*mspan)(unsafe.Pointer(uintptr(spanOfPage[p>>_PageShift])))
}

//go:nowritebarrierrec
func (s *mspan) objIndex(p uintptr) uintptr {
	return (p - s.base) * uintptr(s.divMul) >> 32
}

func bitWord(bits *uint64, i uintptr) *uint64 {
	return (*uint64)(unsafe.Pointer(uintptr(unsafe.Pointer(bits)) + i/64*8))
}

func bitSet(bits *uint64, i uintptr) bool {
	return *bitWord(bits, i)>>(i%64)&1 != 0
}

// freeWord gives the objects that are free among those of one word of bits.
func (s *mspan) freeWord(word uintptr) uint64 {
	if word+1 == s.nextWord {
		return s.allocCache | s.held
	}
	if word < s.nextWord {
		return 0
	}
	free := ^*bitWord(s.allocBits, word*64)
	if left := s.nelems - word*64; left < 64 {
		free &= 1<<left - 1
	}
	return free
}

func (s *mspan) isFree(i uintptr) bool {
	return s.freeWord(i/64)>>(i%64)&1 != 0
}

// countFree counts its free objects.
func (s *mspan) countFree() uintptr {
	n := uintptr(0)
	for word := uintptr(0); word < s.bitWords; word++ {
		n += uintptr(popcnt64(s.freeWord(word)))
	}
	return n
}

// nextWindow loads the next word of bits with something free; false if there is none.
func (s *mspan) nextWindow() bool {
	for word := s.nextWord; word < s.bitWords; word++ {
		if free := s.freeWord(word); free != 0 {
			s.nextWord = word + 1
			s.allocCache = free
			s.windowBase = s.base + word*64*s.elemsize
			return true
		}
	}
	s.nextWord = s.bitWords
	return false
}
