package runtime

import (
	"internal/abi"
	"internal/runtime/gc"
	"internal/runtime/math"
	"unsafe"
)

// All allocations of size 0 have this address.
var zerobase uintptr

const (
	maxTinySize      = 16
	mallocHeaderSize = 8
	maxSmallSize     = gc.MaxSmallSize - mallocHeaderSize
)

// emptySpan stands for "no span" in the cache: it has nothing free.
var emptySpan mspan

// A mcache has a span of each class to allocate from.
type mcache struct {
	tiny       uintptr
	tinyoffset uintptr
	alloc      [numSpanClasses]*mspan
	pages      pageCache
	// Statistics since the last flush.
	tinyAllocs uintptr
	// Bytes up to the next allocation that the memory profile records, without those in allocCache of cached spans.
	nextSample int64
	// The MemProfileRate that nextSample was drawn for.
	memProfRate int
}

// newobject implements new(T).
func newobject(typ *_type) unsafe.Pointer {
	return mallocgc(typ.Size_, typ, true)
}

// newsmall is new(T) for types of at most 512 bytes that are not tiny: the compiler knows the span class (8 bytes for each)
// and which words are pointers. What takes no more than a free object is here, the rest is mallocgc's.
//
//go:nowritebarrierrec
func newsmall(typ *_type, class uint32, bits uint64) unsafe.Pointer {
	s := *(**mspan)(add(unsafe.Pointer(&m0.cache.alloc), uintptr(class)))
	free := s.allocCache
	if free == 0 || s.ptrBits != bits || MemProfileRate != m0.cache.memProfRate {
		return mallocgc(typ.Size_, typ, true)
	}
	s.allocCache = free & (free - 1)
	size := s.elemsize
	p := unsafe.Pointer(s.windowBase + uintptr(ctz64(free))*size)
	if s.needzero {
		if size != 16 {
			zeroObject(p, size)
		} else {
			*(*[2]uint64)(p) = [2]uint64{}
		}
	}
	return p
}

// zeroObject clears n bytes, a multiple of 8: few of them by stores, because memzero calls the engine.
//
//go:nowritebarrierrec
func zeroObject(p unsafe.Pointer, n uintptr) {
	if n > 512 {
		memzero(p, n)
		return
	}
	for ; n >= 16; n -= 16 {
		*(*[2]uint64)(p) = [2]uint64{}
		p = add(p, 16)
	}
	if n != 0 {
		*(*uint64)(p) = 0
	}
}

//go:linkname maps_newobject internal/runtime/maps.newobject
func maps_newobject(typ *_type) unsafe.Pointer {
	return mallocgc(typ.Size_, typ, true)
}

//go:linkname reflect_unsafe_New reflect.unsafe_New
func reflect_unsafe_New(typ *_type) unsafe.Pointer {
	return mallocgc(typ.Size_, typ, true)
}

//go:linkname reflectlite_unsafe_New internal/reflectlite.unsafe_New
func reflectlite_unsafe_New(typ *_type) unsafe.Pointer {
	return mallocgc(typ.Size_, typ, true)
}

// newarray allocates an array of n elements.
func newarray(typ *_type, n int) unsafe.Pointer {
	if n == 1 {
		return mallocgc(typ.Size_, typ, true)
	}
	mem, overflow := math.MulUintptr(typ.Size_, uintptr(n))
	if overflow || mem > maxAllocAMD64 || n < 0 {
		panic(plainError("runtime: allocation size out of range"))
	}
	return mallocgc(mem, typ, true)
}

//go:linkname maps_newarray internal/runtime/maps.newarray
func maps_newarray(typ *_type, n int) unsafe.Pointer {
	return newarray(typ, n)
}

//go:linkname reflect_unsafe_NewArray reflect.unsafe_NewArray
func reflect_unsafe_NewArray(typ *_type, n int) unsafe.Pointer {
	return newarray(typ, n)
}

func sizeClassOf(size uintptr) uint8 {
	if size <= gc.SmallSizeMax-8 {
		return gc.SizeToSizeClass8[(size+gc.SmallSizeDiv-1)/gc.SmallSizeDiv]
	}
	return gc.SizeToSizeClass128[(size-gc.SmallSizeMax+gc.LargeSizeDiv-1)/gc.LargeSizeDiv]
}

// mallocgc allocates an object of size bytes, of which typ (nil: no pointers) describes the pointers; an array if size
// is a multiple of the type's.
func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	if MemProfileRate != m0.cache.memProfRate {
		newProfileRate()
	}
	var p unsafe.Pointer
	if size > maxSmallSize {
		return mallocLarge(size, typ, needzero)
	}
	if typ == nil || typ.PtrBytes == 0 {
		if size < maxTinySize {
			// A tiny object shares a block of 16 bytes with others.
			c := &m0.cache
			off := c.tinyoffset
			if size&7 == 0 {
				off = alignUp(off, 8)
			} else if size&3 == 0 {
				off = alignUp(off, 4)
			} else if size&1 == 0 {
				off = alignUp(off, 2)
			}
			if off+size <= maxTinySize && c.tiny != 0 {
				c.tinyoffset = off + size
				c.tinyAllocs++
				return unsafe.Pointer(c.tiny + off)
			}
			s := c.alloc[tinySpanClass]
			p = s.nextFreeFast()
			if p == nil {
				return nextFree(tinySpanClass, size, nil, true)
			}
			(*[2]uint64)(p)[0] = 0
			(*[2]uint64)(p)[1] = 0
			c.newTiny(uintptr(p), size)
		} else {
			class := makeSpanClass(sizeClassOf(size), true)
			s := m0.cache.alloc[class]
			p = s.nextFreeFast()
			if p == nil {
				return nextFree(class, size, nil, needzero)
			}
			if needzero && s.needzero {
				zeroObject(p, s.elemsize)
			}
		}
	} else if size <= maxBitmapSize {
		class := makeSpanClass(gc.SizeToSizeClass8[(size+7)/8], false)
		s := m0.cache.alloc[class]
		p = s.nextFreeFast()
		if p == nil {
			return nextFree(class, size, typ, true)
		}
		if s.needzero {
			zeroObject(p, s.elemsize)
		}
		setHeapBits(s, uintptr(p), size, typ)
	} else {
		class := makeSpanClass(sizeClassOf(size+mallocHeaderSize), false)
		s := m0.cache.alloc[class]
		p = s.nextFreeFast()
		if p == nil {
			return nextFree(class, size, typ, true)
		}
		if s.needzero {
			memzero(p, s.elemsize)
		}
		p = setHeader(p, typ)
	}
	return p
}

// newTiny makes a block the one that tiny objects are put into, if it has more room than the present one.
func (c *mcache) newTiny(block, used uintptr) {
	if used < c.tinyoffset || c.tiny == 0 {
		c.tiny = block
		c.tinyoffset = used
	}
}

// setHeader puts the type in front of an object.
func setHeader(p unsafe.Pointer, typ *_type) unsafe.Pointer {
	ptrMask(typ)
	*(*uintptr)(p) = uintptr(unsafe.Pointer(typ))
	return add(p, mallocHeaderSize)
}

// nextFreeFast takes the next free object if one may be taken without further ado.
//
//go:nowritebarrierrec
func (s *mspan) nextFreeFast() unsafe.Pointer {
	free := s.allocCache
	if free == 0 {
		return nil
	}
	s.allocCache = free & (free - 1)
	return unsafe.Pointer(s.windowBase + uintptr(ctz64(free))*s.elemsize)
}

// nextFree allocates when the cached span has nothing at hand: it takes what was held back or the next word of free
// bits, or a new span. Collections begin here, and the memory profile records what is due.
//
//go:noinline
func nextFree(class spanClass, size uintptr, typ *_type, needzero bool) unsafe.Pointer {
	if stressGC != 0 {
		mallocStress()
	}
	s := m0.cache.alloc[class]
	for s.allocCache == 0 {
		if s.held != 0 {
			s.allocCache = s.held
			s.held = 0
		} else if !s.nextWindow() {
			systemstack(func() {
				refill(class)
			})
			s = m0.cache.alloc[class]
		}
	}
	p := s.nextFreeFast()
	used := s.elemsize
	if needzero && s.needzero {
		memzero(p, used)
	}
	if class == tinySpanClass {
		m0.cache.newTiny(uintptr(p), size)
	} else if typ != nil {
		if used <= maxBitmapSize {
			setHeapBits(s, uintptr(p), size, typ)
		} else {
			p = setHeader(p, typ)
		}
	}
	if s.due {
		s.due = false
		profileAlloc(p, used)
	} else {
		sampleAlloc(p, used)
	}
	s.holdBack()
	return p
}

// sampleAlloc counts an allocation towards the next sample, and takes it if that is due.
func sampleAlloc(p unsafe.Pointer, used uintptr) {
	if MemProfileRate > 0 {
		c := &m0.cache
		c.nextSample -= int64(used)
		if c.nextSample < 0 {
			profileAlloc(p, used)
		}
	}
}

// holdBack leaves in allocCache what may be taken before somebody wants to look again.
func (s *mspan) holdBack() {
	free := s.allocCache
	if stressGC != 0 || MemProfileRate == 1 {
		s.held |= free
		s.allocCache = 0
		return
	}
	if MemProfileRate <= 0 {
		return
	}
	c := &m0.cache
	size := int64(s.elemsize)
	if most := c.nextSample / size; int64(popcnt64(free)) > most {
		// All but the lowest ones.
		rest := free
		for ; most > 0; most-- {
			rest &= rest - 1
		}
		s.held |= rest
		s.allocCache = free &^ rest
		// The sample is the first of those, whatever else is allocated meanwhile.
		s.due = true
		drawSample()
		return
	}
	c.nextSample -= int64(popcnt64(free)) * size
}

// newProfileRate is called after the program has set MemProfileRate: allocations are looked at from now on.
//
//go:noinline
func newProfileRate() {
	c := &m0.cache
	c.memProfRate = MemProfileRate
	if MemProfileRate > 0 {
		drawSample()
	}
	for i := range c.alloc {
		if s := c.alloc[i]; s != &emptySpan {
			s.held |= s.allocCache
			s.allocCache = 0
			s.due = false
		}
	}
}

// refill gives the cache a span of the class with something free. It may collect.
func refill(class spanClass) {
	c := &m0.cache
	if gcShouldStart() {
		gcStart(gcTriggerHeap)
	}
	if old := c.alloc[class]; old != &emptySpan {
		uncacheSpan(old)
		c.alloc[class] = &emptySpan
	}
	if gcMarking {
		gcAssist(uintptr(gc.SizeClassToNPages[class.sizeclass()]) << _PageShift)
	} else {
		sweepDebt()
	}
	s := cacheSpan(class)
	s.cached = true
	c.alloc[class] = s
	// As if all of it were allocated: made good when the cache is flushed.
	memstats.heapLive += (s.nelems - s.allocCount) * s.elemsize
	if gcMarking {
		blackenFree(s)
	}
	if class == tinySpanClass {
		memstats.tinyAllocs += c.tinyAllocs
		c.tinyAllocs = 0
	}
}

// countCached counts what was allocated from a cached span.
func countCached(s *mspan) {
	taken := s.nelems - s.countFree() - s.allocCount
	s.allocCount += taken
	memstats.smallAllocs[s.spanclass.sizeclass()] += uint64(taken)
	if !s.spanclass.noscan() {
		memstats.heapScan += taken * s.elemsize
	}
	if gcMarking {
		work.bytesMarked += taken * s.elemsize
	}
}

// uncacheSpan hands a cached span to the central lists.
func uncacheSpan(s *mspan) {
	countCached(s)
	s.cached = false
	// It is decided anew which of those that are left is recorded in the memory profile.
	s.due = false
	if gcMarking {
		whitenFree(s)
	}
	listSpan(s)
}

// listSpan puts a span that is swept into the list that it belongs to.
func listSpan(s *mspan) {
	swept := mheap.swept()
	if s.spanclass.sizeclass() == 0 {
		mheap.large[swept].insert(s)
		return
	}
	list := &mheap.central[s.spanclass]
	if s.allocCount == s.nelems {
		list.full[swept].insert(s)
	} else {
		list.partial[swept].insert(s)
	}
}

// flushCache empties the cache: statistics are exact then, and every span is in a list.
func flushCache() {
	m0.cache.flush()
	if threads {
		for i := int32(0); i < nthreads; i++ {
			if m := otherMachine(i); m != nil {
				m.cache.flush()
			}
		}
	}
}

func (c *mcache) flush() {
	for i := range c.alloc {
		s := c.alloc[i]
		if s == &emptySpan {
			continue
		}
		uncacheSpan(s)
		memstats.heapLive -= (s.nelems - s.allocCount) * s.elemsize
		c.alloc[i] = &emptySpan
	}
	c.tiny = 0
	c.tinyoffset = 0
	memstats.tinyAllocs += c.tinyAllocs
	c.tinyAllocs = 0
}

// cacheSpan finds a span with something free: swept ones, others by sweeping them, a new one.
func cacheSpan(class spanClass) *mspan {
	list := &mheap.central[class]
	if s := list.partial[mheap.swept()].first; s != nil {
		list.partial[mheap.swept()].remove(s)
		return s
	}
	for tries := 100; tries > 0 && gcs.sweeping; tries-- {
		s := takeUnswept(list)
		if s == nil {
			break
		}
		if !sweepSpan(s) {
			if s.allocCount < s.nelems {
				return s
			}
			listSpan(s)
		}
	}
	npages := uintptr(gc.SizeClassToNPages[class.sizeclass()])
	reclaimPages(npages)
	s := allocSpan(npages, spanObjects)
	initSpan(s, class, 0)
	return s
}

// mallocLarge allocates an object that has a span of its own.
//
//go:noinline
func mallocLarge(size uintptr, typ *_type, needzero bool) unsafe.Pointer {
	if stressGC != 0 {
		mallocStress()
	}
	noscan := typ == nil || typ.PtrBytes == 0
	if !noscan {
		ptrMask(typ)
	}
	var s *mspan
	systemstack(func() {
		if size+_PageSize < size || size >= maxAlloc {
			throw("runtime: out of memory")
		}
		npages := alignUp(size, _PageSize) >> _PageShift
		memstats.heapLive += npages << _PageShift
		start := gcShouldStart()
		memstats.heapLive -= npages << _PageShift
		if start {
			gcStart(gcTriggerHeap)
		}
		if gcMarking {
			gcAssist(npages << _PageShift)
		} else {
			sweepDebt()
		}
		memstats.heapLive += npages << _PageShift
		reclaimPages(npages)
		s = allocSpan(npages, spanObjects)
		initSpan(s, makeSpanClass(0, noscan), npages<<_PageShift)
		s.nextWord = uint32(s.bitWords)
		s.allocCount = 1
		listSpan(s)
		memstats.largeAllocs++
		memstats.largeAllocBytes += s.elemsize
		if gcMarking {
			blacken(s)
		}
	})
	p := unsafe.Pointer(s.base)
	if s.needzero && (needzero || !noscan) {
		memzero(p, s.elemsize)
	}
	if !noscan {
		s.largeType = typ
		memstats.heapScan += size
	}
	sampleAlloc(p, s.elemsize)
	return p
}

// setHeapBits notes the pointers of a small object: those of typ, repeated.
func setHeapBits(s *mspan, addr, size uintptr, typ *_type) {
	var bits uint64
	if typ.Size_ == 8 {
		bits = ^uint64(0) >> (64 - size/8)
	} else {
		bits = *(*uint64)(unsafe.Pointer(ptrMask(typ))) & (^uint64(0) >> (64 - typ.PtrBytes/8))
		one := bits
		for i := typ.Size_; i < size; i += typ.Size_ {
			bits |= one << (i / 8)
		}
	}
	if s.ptrBits == bits {
		return
	}
	if !s.mixed {
		if s.ptrBits == 0 {
			s.ptrBits = bits
			return
		}
		for i := uintptr(0); i < s.nelems; i++ {
			s.writeHeapBits(i*s.elemsize/8, s.ptrBits)
		}
		s.mixed = true
		s.ptrBits = 0
	}
	s.writeHeapBits((addr-s.base)/8, bits)
}

// writeHeapBits sets the pointer bits of the object at a word of the span.
func (s *mspan) writeHeapBits(word uintptr, bits uint64) {
	n := s.elemsize / 8
	mask := ^uint64(0) >> (64 - n)
	at := (*uint64)(add(s.heapBits(), word/64*8))
	shift := word % 64
	*at = *at&^(mask<<shift) | bits<<shift
	if shift+n > 64 {
		at = (*uint64)(add(unsafe.Pointer(at), 8))
		*at = *at&^(mask>>(64-shift)) | bits>>(64-shift)
	}
}

// ptrMask gives the pointer bitmap of a type, which large types have only on demand.
func ptrMask(typ *_type) *byte {
	if typ.TFlag&abi.TFlagGCMaskOnDemand == 0 {
		return typ.GCData
	}
	slot := (**byte)(unsafe.Pointer(typ.GCData))
	if *slot == nil {
		n := (typ.PtrBytes/8 + 63) / 64 * 8
		mask := (*byte)(unsafe.Pointer(persistentalloc(n, 8, &memstats.otherSys)))
		systemstack(func() {
			buildPtrMask(mask, 0, typ) // calls itself, so it would count as a function that may park
		})
		*slot = mask
	}
	return *slot
}

// buildPtrMask sets the bits of a value of type t at word off.
func buildPtrMask(mask *byte, off uintptr, t *_type) {
	if t.PtrBytes == 0 {
		return
	}
	if t.TFlag&abi.TFlagGCMaskOnDemand == 0 {
		for i := uintptr(0); i < t.PtrBytes/8; i++ {
			if *(*byte)(add(unsafe.Pointer(t.GCData), i/8))>>(i%8)&1 != 0 {
				*(*byte)(add(unsafe.Pointer(mask), (off+i)/8)) |= 1 << ((off + i) % 8)
			}
		}
		return
	}
	switch t.Kind() {
	case abi.Array:
		a := (*arraytype)(unsafe.Pointer(t))
		for i := uintptr(0); i < a.Len; i++ {
			buildPtrMask(mask, off+i*a.Elem.Size_/8, a.Elem)
		}
	case abi.Struct:
		st := (*structtype)(unsafe.Pointer(t))
		for i := range st.Fields {
			f := &st.Fields[i]
			buildPtrMask(mask, off+f.Offset/8, f.Typ)
		}
	default:
		throw("type without pointer mask")
	}
}

var stressGC, stressCount int64

// mallocStress starts a collection at every n-th allocation, more seldom with a large heap: an allocation pays for 16 KiB of
// it at most, or else time would grow with the square of what a program keeps. Every other one is a whole cycle at once;
// the rest go on a bit at each allocation.
//
//go:noinline
func mallocStress() {
	if !gcEnabled {
		return
	}
	stressCount++
	if gcMarking {
		systemstack(func() {
			gcSlice(1)
			gcTryFinish()
		})
		return
	}
	if stressCount >= max(stressGC, int64(memstats.heapLive>>14)) {
		stressCount = 0
		systemstack(func() {
			gcStart(gcTriggerStress)
			if gcs.cycles&1 == 0 {
				gcComplete()
			}
		})
	}
}

// roundupsize is the size of the memory block that mallocgc takes for size bytes.
func roundupsize(size uintptr, noscan bool) uintptr {
	if size > maxSmallSize {
		return alignUp(size, _PageSize)
	}
	req := size
	if !noscan && size > maxBitmapSize {
		req += mallocHeaderSize
	}
	return uintptr(gc.SizeClassToSize[sizeClassOf(req)]) - (req - size)
}
