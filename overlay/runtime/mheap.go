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
)

// A spanClass is a size class and whether its objects are free of pointers.
type spanClass uint8

const tinySpanClass = spanClass(2<<1 | 1)

func makeSpanClass(sizeclass uint8, noscan bool) spanClass {
	return spanClass(sizeclass<<1) | spanClass(bool2int(noscan))
}

func (c spanClass) sizeclass() uint8 { return uint8(c >> 1) }
func (c spanClass) noscan() bool     { return c&1 != 0 }

type mspan struct {
	_ sys.NotInHeap

	next, prev *mspan
	list       *spanList

	base      uintptr
	npages    uintptr
	elemsize  uintptr
	nelems    uintptr
	freeindex uintptr
	// Inverted bits of allocBits from freeindex on, shifted so that the lowest is freeindex.
	allocCache uint64
	allocBits  *uint64 // 1: was in use when the span was swept
	markBits   *uint64
	allocCount uintptr
	divMul     uint32
	sweepgen   uint32
	spanclass  spanClass
	state      uint8
	needzero   bool
	// cached: some allocator allocates from it.
	cached         bool
	largeType      *_type // of a large object with pointers; null while it is being made
	specials       *special
	listedSpecials bool
	limit          uintptr
	bitWords       uintptr // size of allocBits and markBits
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

// takeAll moves all of from to the empty list l.
func (l *spanList) takeAll(from *spanList) {
	for s := from.first; s != nil; s = s.next {
		s.list = l
	}
	l.first, l.last = from.first, from.last
	from.first, from.last = nil, nil
}

// A mcentral has the spans of one class that no cache holds: with and without free objects, swept and not.
type mcentral struct {
	_              sys.NotInHeap
	partial        spanList
	full           spanList
	partialUnswept spanList
	fullUnswept    spanList
}

type heapState struct {
	_ sys.NotInHeap

	// Address space [start, end) is made of pages that exist.
	start uintptr
	end   uintptr
	// No free page is below searchChunk.
	searchChunk  uintptr
	central      [numSpanClasses]mcentral
	large        spanList // large objects, swept
	largeUnswept spanList
	freeSpans    *mspan
	freeBits     [17]uintptr // by number of words
	sweepgen     uint32

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
	old := memorypages()
	if limit := maxMemory; limit != 0 && old*wasmPage+size > limit {
		outOfMemory(size)
	}
	if old*wasmPage+size > maxAlloc-wasmPage || growmemory(size/wasmPage) < 0 {
		outOfMemory(size)
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
		ask = more
		if maxMemory != 0 && memorypages()*wasmPage+ask > maxMemory || memorypages()*wasmPage+ask > maxAlloc-wasmPage {
			ask = alignUp(npages, chunkPages) << _PageShift
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

// allocSpan takes n pages from the heap.
func allocSpan(n uintptr) *mspan {
	h := &mheap
	page := findPages(n)
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
		s = (*mspan)(unsafe.Pointer(persistentalloc(unsafe.Sizeof(mspan{}), 8)))
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
		freeBitWords(s.markBits, s.bitWords)
	}
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
	s.markBits = newBitWords(s.bitWords)
	s.allocCache = ^uint64(0)
	if !class.noscan() && s.elemsize <= maxBitmapSize && s.needzero {
		memzero(s.heapBits(), heapBitsBytes)
	}
}

// heapBits is where the pointer bits of small objects are.
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

func (s *mspan) objIndex(p uintptr) uintptr {
	return (p - s.base) * uintptr(s.divMul) >> 32
}

func bitWord(bits *uint64, i uintptr) *uint64 {
	return (*uint64)(unsafe.Pointer(uintptr(unsafe.Pointer(bits)) + i/64*8))
}

func bitSet(bits *uint64, i uintptr) bool {
	return *bitWord(bits, i)>>(i%64)&1 != 0
}

func (s *mspan) isFree(i uintptr) bool {
	return i >= s.freeindex && !bitSet(s.allocBits, i)
}

// refillAllocCache loads the bits of 64 objects from index i on, a multiple of 64.
func (s *mspan) refillAllocCache(i uintptr) {
	s.allocCache = ^*bitWord(s.allocBits, i)
}

// nextFreeIndex gives the next free object at or after freeindex, nelems if there is none.
func (s *mspan) nextFreeIndex() uintptr {
	i := s.freeindex
	n := s.nelems
	if i == n {
		return n
	}
	for s.allocCache == 0 {
		i = (i + 64) &^ 63
		if i >= n {
			s.freeindex = n
			return n
		}
		s.refillAllocCache(i)
	}
	bit := uintptr(ctz64(s.allocCache))
	result := i + bit
	if result >= n {
		s.freeindex = n
		return n
	}
	s.allocCache >>= bit + 1
	i = result + 1
	if i%64 == 0 && i != n {
		s.refillAllocCache(i)
	}
	s.freeindex = i
	return result
}
