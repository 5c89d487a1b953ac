package runtime

import (
	"internal/runtime/math"
	"unsafe"
)

type slice struct {
	array unsafe.Pointer
	len   int
	cap   int
}

// makeslice implements make([]T, n, c).
func makeslice(et *_type, length, capacity int) unsafe.Pointer {
	mem, overflow := math.MulUintptr(et.Size_, uintptr(capacity))
	if overflow || mem > maxAllocAMD64 || length < 0 || length > capacity {
		// The length is blamed if it alone would do.
		mem, overflow := math.MulUintptr(et.Size_, uintptr(length))
		if overflow || mem > maxAllocAMD64 || length < 0 {
			panicmakeslicelen()
		}
		panicmakeslicecap()
	}
	return mallocgc(mem, et, true)
}

func makeslice64(et *_type, len64, cap64 int64) unsafe.Pointer {
	return makeslice(et, int(len64), int(cap64))
}

// makeslicecopy implements make followed by copy.
func makeslicecopy(et *_type, tolen, fromlen int, from unsafe.Pointer) unsafe.Pointer {
	var tomem, copymem uintptr
	if uintptr(tolen) > uintptr(fromlen) {
		var overflow bool
		tomem, overflow = math.MulUintptr(et.Size_, uintptr(tolen))
		if overflow || tomem > maxAllocAMD64 || tolen < 0 {
			panicmakeslicelen()
		}
		copymem = et.Size_ * uintptr(fromlen)
	} else {
		// fromlen is the length of a slice, so that tolen is in range.
		tomem = et.Size_ * uintptr(tolen)
		copymem = tomem
	}
	var to unsafe.Pointer
	if !et.Pointers() {
		to = mallocgc(tomem, nil, false)
		if copymem < tomem {
			memzero(add(to, copymem), tomem-copymem)
		}
	} else {
		to = mallocgc(tomem, et, true)
	}
	memcopy(to, from, copymem)
	return to
}

// nextslicecap is the capacity that append aims at.
func nextslicecap(newLen, oldCap int) int {
	double := oldCap + oldCap
	if newLen > double {
		return newLen
	}
	const threshold = 256
	if oldCap < threshold {
		return double
	}
	newcap := oldCap
	for {
		// From twice the size for small slices to 1.25 times for large ones.
		newcap += (newcap + 3*threshold) >> 2
		if uint(newcap) >= uint(newLen) {
			break
		}
	}
	if newcap <= 0 {
		return newLen
	}
	return newcap
}

// growslice gives append a larger array: newLen is the length after appending num elements; what comes after the old
// elements is not set yet.
func growslice(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *_type) slice {
	oldLen := newLen - num
	if newLen < 0 {
		panic(errorString("growslice: len out of range"))
	}
	size := et.Size_
	if size == 0 {
		return slice{unsafe.Pointer(&zerobase), newLen, newLen}
	}
	newcap := nextslicecap(newLen, oldCap)
	noscan := !et.Pointers()
	mem, overflow := math.MulUintptr(size, uintptr(newcap))
	lenmem := size * uintptr(oldLen)
	newlenmem := size * uintptr(newLen)
	capmem := roundupsize(mem, noscan)
	newcap = int(capmem / size)
	capmem = uintptr(newcap) * size
	if overflow || capmem > maxAllocAMD64 || mem > maxAllocAMD64 {
		panic(errorString("growslice: len out of range"))
	}
	var p unsafe.Pointer
	if noscan {
		p = mallocgc(capmem, nil, false)
		memzero(add(p, newlenmem), capmem-newlenmem)
	} else {
		p = mallocgc(capmem, et, true)
	}
	memcopy(p, oldPtr, lenmem)
	return slice{p, newLen, newcap}
}

// growsliceNoAlias is growslice where nothing else refers to the old array.
func growsliceNoAlias(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *_type) slice {
	return growslice(oldPtr, newLen, oldCap, num, et)
}

// growsliceBuf is growslice with a buffer in the caller's frame for the first elements.
func growsliceBuf(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *_type, bufPtr unsafe.Pointer, bufLen int) slice {
	if newLen > bufLen {
		return growslice(oldPtr, newLen, oldCap, num, et)
	}
	oldLen := newLen - num
	if oldPtr != bufPtr && oldLen != 0 {
		memcopy(bufPtr, oldPtr, uintptr(oldLen)*et.Size_)
	}
	// To the next size class only: growing costs nothing here, and a slice that moves to the heap later fits its block.
	newcap := int(roundupsize(uintptr(newLen)*et.Size_, !et.Pointers()) / et.Size_)
	if newLen < newcap {
		memzero(add(bufPtr, uintptr(newLen)*et.Size_), uintptr(newcap-newLen)*et.Size_)
	}
	return slice{bufPtr, newLen, newcap}
}

func growsliceBufNoAlias(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *_type, bufPtr unsafe.Pointer, bufLen int) slice {
	return growsliceBuf(oldPtr, newLen, oldCap, num, et, bufPtr, bufLen)
}

//go:linkname reflect_growslice reflect.growslice
func reflect_growslice(et *_type, old slice, num int) slice {
	// Count from the capacity: what is between length and capacity stays.
	num -= old.cap - old.len
	grown := growslice(old.array, old.cap+num, old.cap, num, et)
	if !et.Pointers() {
		from := uintptr(old.cap) * et.Size_
		memzero(add(grown.array, from), uintptr(grown.len)*et.Size_-from)
	}
	grown.len = old.len
	return grown
}

// slicecopy implements copy for elements without pointers.
func slicecopy(toPtr unsafe.Pointer, toLen int, fromPtr unsafe.Pointer, fromLen int, width uintptr) int {
	n := min(toLen, fromLen)
	if n == 0 || width == 0 {
		return n
	}
	memcopy(toPtr, fromPtr, uintptr(n)*width)
	return n
}

// The moveSlice functions put a slice that lies in the caller's frame on the heap.

func moveSlice(et *_type, old unsafe.Pointer, length, capacity int) (unsafe.Pointer, int, int) {
	if capacity == 0 {
		return movedEmpty(old), 0, 0
	}
	mem := uintptr(capacity) * et.Size_
	p := mallocgc(mem, et, true)
	memcopy(p, old, mem)
	return p, length, capacity
}

func moveSliceNoScan(elemSize uintptr, old unsafe.Pointer, length, capacity int) (unsafe.Pointer, int, int) {
	if capacity == 0 {
		return movedEmpty(old), 0, 0
	}
	mem := uintptr(capacity) * elemSize
	p := mallocgc(mem, nil, false)
	memcopy(p, old, mem)
	return p, length, capacity
}

func moveSliceNoCap(et *_type, old unsafe.Pointer, length int) (unsafe.Pointer, int, int) {
	if length == 0 {
		return movedEmpty(old), 0, 0
	}
	used := uintptr(length) * et.Size_
	capacity := roundupsize(used, false) / et.Size_
	p := mallocgc(capacity*et.Size_, et, true)
	memcopy(p, old, used)
	return p, length, int(capacity)
}

func moveSliceNoCapNoScan(elemSize uintptr, old unsafe.Pointer, length int) (unsafe.Pointer, int, int) {
	if length == 0 {
		return movedEmpty(old), 0, 0
	}
	used := uintptr(length) * elemSize
	mem := roundupsize(used, true)
	p := mallocgc(mem, nil, false)
	memcopy(p, old, used)
	memzero(add(p, used), mem-used)
	return p, length, int(mem / elemSize)
}

func movedEmpty(old unsafe.Pointer) unsafe.Pointer {
	if old != nil {
		return unsafe.Pointer(&zerobase)
	}
	return nil
}

// checks of unsafe.Slice and unsafe.String under -d=checkptr

func unsafeslicecheckptr(et *_type, ptr unsafe.Pointer, len64 int64) {}
func unsafestringcheckptr(ptr unsafe.Pointer, len64 int64)           {}

//go:linkname reflect_unsafeslice reflect.unsafeslice
func reflect_unsafeslice(et *_type, ptr unsafe.Pointer, length int) {
	unsafeslice(et, ptr, length)
}

func unsafeslice(et *_type, ptr unsafe.Pointer, length int) {
	if length < 0 {
		panicunsafeslicelen()
	}
	if et.Size_ == 0 {
		if ptr == nil && length > 0 {
			panicunsafeslicenilptr()
		}
		return
	}
	mem, overflow := math.MulUintptr(et.Size_, uintptr(length))
	if overflow || mem > spaceFrom(ptr) {
		if ptr == nil {
			panicunsafeslicenilptr()
		}
		panicunsafeslicelen()
	}
}

// spaceFrom is how much of the address space of a 64-bit machine is behind ptr: the highest addresses are its last ones.
func spaceFrom(ptr unsafe.Pointer) uintptr {
	return -uintptr(int32(uintptr(ptr)))
}

func unsafestring(ptr unsafe.Pointer, length int) {
	if length < 0 {
		panicunsafestringlen()
	}
	if uintptr(length) > spaceFrom(ptr) {
		if ptr == nil {
			panicunsafestringnilptr()
		}
		panicunsafestringlen()
	}
}
