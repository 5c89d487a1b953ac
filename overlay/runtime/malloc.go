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
	// Statistics since the last flush.
	tinyAllocs uintptr
	scanAlloc  uintptr
	nextSample int64
	// The MemProfileRate that nextSample was drawn for.
	memProfRate int
}

// newobject implements new(T). What a small object takes from the cached span without further ado is here; the rest is
// mallocgc's.
func newobject(typ *_type) unsafe.Pointer {
	size := typ.Size_
	noscan := typ.PtrBytes == 0
	if size > maxBitmapSize || noscan && size < maxTinySize || stressGC != 0 || typ.TFlag&abi.TFlagGCMaskOnDemand != 0 {
		return mallocgc(size, typ, true)
	}
	c := &m0.cache
	s := c.alloc[makeSpanClass(gc.SizeToSizeClass8[(size+7)/8], noscan)]
	bit := uintptr(ctz64(s.allocCache))
	i := s.freeindex + bit
	next := i + 1
	if bit > 63 || i >= s.nelems || next%64 == 0 && next != s.nelems {
		return mallocgc(size, typ, true)
	}
	used := s.elemsize
	off := i * used
	if !noscan {
		if used > 8 {
			n := used / 8
			shift := off / 8 % 64
			if shift+n > 64 {
				return mallocgc(size, typ, true)
			}
			bits := *(*uint64)(unsafe.Pointer(typ.GCData)) & (^uint64(0) >> (64 - typ.PtrBytes/8))
			at := (*uint64)(add(s.heapBits(), off/512*8))
			*at = *at&^((^uint64(0)>>(64-n))<<shift) | bits<<shift
		}
		c.scanAlloc += size
	}
	s.allocCache >>= bit + 1
	s.freeindex = next
	s.allocCount++
	p := unsafe.Pointer(s.base + off)
	if s.needzero {
		zeroObject(p, used)
	}
	if MemProfileRate > 0 {
		c.nextSample -= int64(used)
		if c.nextSample < 0 || MemProfileRate != c.memProfRate {
			profileAlloc(p, used)
		}
	}
	return p
}

// zeroObject clears n bytes, a multiple of 8: few of them by stores, because memzero calls the engine.
func zeroObject(p unsafe.Pointer, n uintptr) {
	if n > 256 {
		memzero(p, n)
		return
	}
	for end := add(p, n); uintptr(p) < uintptr(end); p = add(p, 8) {
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
	if stressGC != 0 {
		mallocStress()
	}
	var p unsafe.Pointer
	var used uintptr
	if size > maxSmallSize {
		p, used = mallocLarge(size, typ, needzero)
	} else if typ == nil || typ.PtrBytes == 0 {
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
			addr := s.nextFreeFast()
			if addr == 0 {
				addr, _ = nextFree(tinySpanClass)
			}
			p = unsafe.Pointer(addr)
			(*[2]uint64)(p)[0] = 0
			(*[2]uint64)(p)[1] = 0
			if size < c.tinyoffset || c.tiny == 0 {
				c.tiny = addr
				c.tinyoffset = size
			}
			used = maxTinySize
		} else {
			class := makeSpanClass(sizeClassOf(size), true)
			s := m0.cache.alloc[class]
			addr := s.nextFreeFast()
			if addr == 0 {
				addr, s = nextFree(class)
			}
			p = unsafe.Pointer(addr)
			used = s.elemsize
			if needzero && s.needzero {
				zeroObject(p, used)
			}
		}
	} else if size <= maxBitmapSize {
		class := makeSpanClass(gc.SizeToSizeClass8[(size+7)/8], false)
		s := m0.cache.alloc[class]
		addr := s.nextFreeFast()
		if addr == 0 {
			addr, s = nextFree(class)
		}
		p = unsafe.Pointer(addr)
		used = s.elemsize
		if s.needzero {
			zeroObject(p, used)
		}
		if used > 8 {
			setHeapBits(s, addr, size, typ)
		}
		m0.cache.scanAlloc += size
	} else {
		class := makeSpanClass(sizeClassOf(size+mallocHeaderSize), false)
		s := m0.cache.alloc[class]
		addr := s.nextFreeFast()
		if addr == 0 {
			addr, s = nextFree(class)
		}
		used = s.elemsize
		if s.needzero {
			memzero(unsafe.Pointer(addr), used)
		}
		*(*uintptr)(unsafe.Pointer(addr)) = uintptr(unsafe.Pointer(typ))
		p = unsafe.Pointer(addr + mallocHeaderSize)
		m0.cache.scanAlloc += size
	}
	if MemProfileRate > 0 {
		c := &m0.cache
		c.nextSample -= int64(used)
		if c.nextSample < 0 || MemProfileRate != c.memProfRate {
			profileAlloc(p, used)
		}
	}
	return p
}

// nextFreeFast takes the next free object if the cached bits have one.
func (s *mspan) nextFreeFast() uintptr {
	bit := uintptr(ctz64(s.allocCache))
	if bit < 64 {
		result := s.freeindex + bit
		if result < s.nelems {
			next := result + 1
			if next%64 == 0 && next != s.nelems {
				return 0
			}
			s.allocCache >>= bit + 1
			s.freeindex = next
			s.allocCount++
			return s.base + result*s.elemsize
		}
	}
	return 0
}

// nextFree takes the next free object of the class, from a new span if need be.
//
//go:noinline
func nextFree(class spanClass) (addr uintptr, s *mspan) {
	s = m0.cache.alloc[class]
	i := s.nextFreeIndex()
	if i == s.nelems {
		systemstack(func() {
			refill(class)
		})
		s = m0.cache.alloc[class]
		i = s.nextFreeIndex()
	}
	s.allocCount++
	return s.base + i*s.elemsize, s
}

// refill gives the cache a span of the class with something free. It may collect.
func refill(class spanClass) {
	c := &m0.cache
	if gcShouldStart() {
		gcStart(gcTriggerHeap)
	}
	old := c.alloc[class]
	if old != &emptySpan {
		uncacheSpan(old)
		c.alloc[class] = &emptySpan
	}
	s := cacheSpan(class)
	s.cached = true
	c.alloc[class] = s
	// As if all of it were allocated: made good when the cache is flushed.
	memstats.heapLive += (s.nelems - s.allocCount) * s.elemsize
	memstats.heapScan += c.scanAlloc
	c.scanAlloc = 0
	if class == tinySpanClass {
		memstats.tinyAllocs += c.tinyAllocs
		c.tinyAllocs = 0
	}
	s.countFrom()
}

// countFrom notes how much of the span is in use before it allocates.
func (s *mspan) countFrom() {
	s.limit = s.base + s.elemsize*s.nelems
	smallAllocBase[s.spanclass] = s.allocCount
}

// smallAllocBase has the allocCount of each cached span at the time it was cached.
var smallAllocBase [numSpanClasses]uintptr

// uncacheSpan counts what was allocated from a cached span and hands it to the central lists.
func uncacheSpan(s *mspan) {
	class := s.spanclass
	memstats.smallAllocs[class.sizeclass()] += uint64(s.allocCount - smallAllocBase[class])
	s.cached = false
	list := &mheap.central[class]
	if s.allocCount == s.nelems {
		list.full.insert(s)
	} else {
		list.partial.insert(s)
	}
}

// flushCache empties the cache: statistics are exact then, and every span is in a list.
func flushCache() {
	c := &m0.cache
	for i := range c.alloc {
		s := c.alloc[i]
		if s == &emptySpan {
			continue
		}
		memstats.heapLive -= (s.nelems - s.allocCount) * s.elemsize
		uncacheSpan(s)
		c.alloc[i] = &emptySpan
	}
	c.tiny = 0
	c.tinyoffset = 0
	memstats.tinyAllocs += c.tinyAllocs
	c.tinyAllocs = 0
	memstats.heapScan += c.scanAlloc
	c.scanAlloc = 0
}

// cacheSpan finds a span with something free: swept ones, others by sweeping them, a new one.
func cacheSpan(class spanClass) *mspan {
	list := &mheap.central[class]
	if s := list.partial.first; s != nil {
		list.partial.remove(s)
		return s
	}
	for tries := 100; tries > 0; tries-- {
		s := list.partialUnswept.first
		if s != nil {
			list.partialUnswept.remove(s)
		} else if s = list.fullUnswept.first; s != nil {
			list.fullUnswept.remove(s)
		} else {
			break
		}
		if !sweepSpan(s, true) {
			if s.allocCount < s.nelems {
				return s
			}
			list.full.insert(s)
		}
	}
	sizeclass := class.sizeclass()
	npages := uintptr(gc.SizeClassToNPages[sizeclass])
	reclaimPages(npages)
	s := allocSpan(npages)
	initSpan(s, class, 0)
	memstats.spansInUse += npages
	return s
}

// mallocLarge allocates an object that has a span of its own.
//
//go:noinline
func mallocLarge(size uintptr, typ *_type, needzero bool) (p unsafe.Pointer, used uintptr) {
	noscan := typ == nil || typ.PtrBytes == 0
	var s *mspan
	systemstack(func() {
		if size+_PageSize < size || size >= maxAlloc {
			throw("runtime: out of memory")
		}
		npages := alignUp(size, _PageSize) >> _PageShift
		memstats.heapLive += npages << _PageShift
		if gcShouldStart() {
			gcStart(gcTriggerHeap)
		}
		reclaimPages(npages)
		s = allocSpan(npages)
		initSpan(s, makeSpanClass(0, noscan), npages<<_PageShift)
		s.freeindex = 1
		s.allocCache = 0
		s.allocCount = 1
		mheap.large.insert(s)
		memstats.largeAllocs++
		memstats.largeAllocBytes += s.elemsize
		memstats.spansInUse += npages
		if gcMarking {
			setMarked(s, 0)
		}
	})
	used = s.elemsize
	p = unsafe.Pointer(s.base)
	if s.needzero && (needzero || !noscan) {
		memzero(p, used)
	}
	if !noscan {
		s.largeType = typ
		memstats.heapScan += size
	}
	return p, used
}

// setHeapBits writes the pointer bits of a small object: those of typ, repeated.
func setHeapBits(s *mspan, addr, size uintptr, typ *_type) {
	var bits uint64
	if typ.Size_ == 8 {
		bits = 1<<(size/8) - 1
		if size == maxBitmapSize {
			bits = ^uint64(0)
		}
	} else {
		bits = *(*uint64)(unsafe.Pointer(ptrMask(typ))) & (^uint64(0) >> (64 - typ.PtrBytes/8))
		one := bits
		for i := typ.Size_; i < size; i += typ.Size_ {
			bits |= one << (i / 8)
		}
	}
	word := (addr - s.base) / 8
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
		mask := (*byte)(unsafe.Pointer(persistentalloc(n, 8)))
		buildPtrMask(mask, 0, typ)
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

// mallocStress collects at every n-th allocation.
//
//go:noinline
func mallocStress() {
	stressCount++
	if stressCount >= stressGC && gcEnabled {
		stressCount = 0
		systemstack(func() {
			gcStart(gcTriggerStress)
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
