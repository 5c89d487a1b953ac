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
	arenaBytes     = 64 << 20
	arenaPages     = arenaBytes >> _PageShift
	numArenas      = heapPages / arenaPages
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
// line, what allocating reads in the next; there are three.
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
	nextWord       uint32  // of allocBits, to be loaded next
	largeType      *_type  // of a large object with pointers; null while it is being made
	scanned        uintptr // of a large object: up to here
	specials       *special
	checkBits      *uint64 // what the cycle marked, while it is verified
}

// Spans begin with a cache line: one word more would take another.
const _ = 3*64 - unsafe.Sizeof(mspan{})

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

	// The heap's chunks are between start and end, maybe with others between them.
	start uintptr
	end   uintptr
	// Address space from here on is nobody's yet; a multiple of the size of a chunk.
	unused    uintptr
	pages     pageAlloc
	arenas    [numArenas]heapArena
	central   [numSpanClasses]mcentral
	large     [2]spanList
	freeSpans *mspan
	freeBits  [33]uintptr // by number of words
	sweepgen  uint32

	// Persistent memory is carved from here.
	persist    uintptr
	persistEnd uintptr
}

// A heapArena is what is known of 64 MiB of address space; its part of spanOfPage belongs to it.
type heapArena struct {
	// So many bytes from its start may hold something but zeros.
	zeroedBase uintptr
	counted    bool // its tables are in the statistics
}

var mheap heapState

// spanOf gives for each page the span it belongs to, 0 if it is free or no heap page. Arenas have their parts one after the
// other, so that marking need not look for an arena first.
var spanOfPage [heapPages]uint32

func heapinit(start uintptr) {
	h := &mheap
	h.persist = alignUp(start, 16)
	h.persistEnd = alignUp(h.persist+256<<10, chunkBytes)
	h.unused = h.persistEnd
	h.pages.searchAddr = noSearch
	h.sweepgen = 2
	for i := range m0.cache.alloc {
		m0.cache.alloc[i] = &emptySpan
	}
}

// persistentalloc gives zeroed memory that is never freed and holds no pointers to the heap that count. It is counted in stat.
func persistentalloc(size, align uintptr, stat *uintptr) uintptr {
	h := &mheap
	p := alignUp(h.persist, align)
	if p+size > h.persistEnd {
		more := alignUp(size+align, chunkBytes)
		if h.persistEnd != h.unused {
			h.persist = h.unused
		}
		h.unused += more
		h.persistEnd = h.unused
		p = alignUp(h.persist, align)
	}
	needMemory(p+size, 256<<10)
	h.persist = p + size
	*stat += size
	return p
}

// needMemory has the system give memory up to an address, and if that takes any, some more at once: each growth takes time.
func needMemory(end, more uintptr) {
	now := memorypages() * wasmPage
	if end <= now {
		return
	}
	if end > hardLimit() {
		outOfMemory(end - now)
	}
	if threads {
		stopTheWorld()
	}
	size := alignUp(min(end+more, hardLimit())-now, wasmPage)
	if growmemory(size/wasmPage) < 0 {
		outOfMemory(size)
	}
	if threads {
		pages = memorypages()
		startTheWorld()
	}
}

var maxMemory uintptr

func outOfMemory(size uintptr) {
	systemstack(func() {
		print("runtime: out of memory: cannot allocate ", size, "-byte block (", heapMapped(), " in use)\n")
		throw("out of memory")
	})
}

// heapMapped is the address space that the heap has.
func heapMapped() uintptr {
	return memstats.spansInUse<<_PageShift + memstats.heapFree + memstats.heapReleased + memstats.stackSys + memstats.mappedSys
}

// grow adds chunks for n pages; the result is how many bytes it has grown by.
func (h *heapState) grow(n uintptr) uintptr {
	base, size := h.unused, alignUp(n, chunkPages)<<_PageShift
	// What is mapped grows in proportion; pages that are not used take no memory.
	needMemory(base+size, alignDown((h.end-h.start)/8, chunkBytes))
	h.unused += size
	if h.start == 0 {
		h.start = base
	}
	h.end = base + size
	for a := base / arenaBytes; a <= (h.end-1)/arenaBytes; a++ {
		if arena := &h.arenas[a]; !arena.counted {
			arena.counted = true
			memstats.gcSys += arenaPages*4 + arenaBytes/chunkBytes*(2*chunkPages/8+8)
		}
	}
	memstats.heapReleased += size
	h.pages.grow(base, size)
	return size
}

// flushPages gives back the pages that allocators have for themselves.
func flushPages() {
	m0.cache.pages.flush(&mheap.pages)
	if threads {
		for i := int32(0); i < nthreads; i++ {
			if m := otherMachine(i); m != nil {
				m.cache.pages.flush(&mheap.pages)
			}
		}
	}
}

// mayGrow reports whether the heap may have n pages more.
func (h *heapState) mayGrow(n uintptr) bool {
	return h.unused+alignUp(n, chunkPages)<<_PageShift <= hardLimit()
}

// hasRoom reports whether allocSpan can give n pages.
func hasRoom(n uintptr) bool {
	h := &mheap
	if h.mayGrow(n) {
		return true
	}
	sweepAll()
	flushPages()
	addr, _ := h.pages.find(uint(n))
	return addr != 0
}

// allocSpan takes n pages from the heap, for a use that is not spanFree.
func allocSpan(n uintptr, use uint8) *mspan {
	h := &mheap
	var base, scav, growth uintptr
	if n < cachedPages/4 {
		c := &m0.cache.pages
		if c.free == 0 {
			c.fill(&h.pages)
		}
		base, scav = c.alloc(n)
	}
	if base == 0 {
		base, scav = h.pages.alloc(n)
	}
	if base == 0 {
		if !h.mayGrow(n) {
			sweepAll()
			flushPages()
			base, scav = h.pages.alloc(n)
		}
		if base == 0 {
			growth = h.grow(n)
			base, scav = h.pages.alloc(n)
		}
	}
	scavenger.afterAlloc(scav, growth)
	s := h.freeSpans
	if s != nil {
		h.freeSpans = s.next
		*s = mspan{}
	} else {
		s = (*mspan)(unsafe.Pointer(persistentalloc(unsafe.Sizeof(mspan{}), 64, &memstats.mspanSys)))
	}
	memstats.spans++
	size := n << _PageShift
	s.base = base
	s.npages = n
	s.state = use
	s.needzero = h.needsZero(base, size)
	first := base >> _PageShift
	for i := first; i < first+n; i++ {
		spanOfPage[i] = uint32(uintptr(unsafe.Pointer(s)))
	}
	memstats.heapReleased -= scav
	memstats.heapFree -= size - scav
	countUse(use, size)
	return s
}

// countUse counts memory for what it is used for; less if size is negative.
func countUse(use uint8, size uintptr) {
	switch use {
	case spanObjects:
		memstats.spansInUse += uintptr(int(size) >> _PageShift)
	case spanStack:
		memstats.stackSys += size
	case spanMapped:
		memstats.mappedSys += size
	}
}

// needsZero tells whether memory that is about to be used may hold something but zeros, which it may from then on.
func (h *heapState) needsZero(base, size uintptr) bool {
	dirty := false
	for base, end := base, base+size; base < end; {
		arena := base / arenaBytes
		a := &h.arenas[arena]
		next := min(end, (arena+1)*arenaBytes)
		dirty = dirty || base-arena*arenaBytes < a.zeroedBase
		a.zeroedBase = max(a.zeroedBase, next-arena*arenaBytes)
		base = next
	}
	return dirty
}

// freeSpan gives the pages back.
func freeSpan(s *mspan) {
	h := &mheap
	page := s.base >> _PageShift
	size := s.npages << _PageShift
	if checkHeap {
		poisonMemory(s.base, size)
	}
	for i := uintptr(0); i < s.npages; i++ {
		spanOfPage[page+i] = 0
	}
	countUse(s.state, -size)
	memstats.heapFree += size
	memstats.spans--
	h.pages.free(s.base, s.npages)
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
	return (*uint64)(unsafe.Pointer(persistentalloc(n*8, 8, &memstats.gcSys)))
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
	if word+1 == uintptr(s.nextWord) {
		return s.allocCache | s.held
	}
	if word < uintptr(s.nextWord) {
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
	for word := uintptr(s.nextWord); word < s.bitWords; word++ {
		if free := s.freeWord(word); free != 0 {
			s.nextWord = uint32(word + 1)
			s.allocCache = free
			s.windowBase = s.base + word*64*s.elemsize
			return true
		}
	}
	s.nextWord = uint32(s.bitWords)
	return false
}
