package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// The write barrier. While marking is under way, what a pointer is overwritten with and what it was before are both
// marked, as in Go. Compiled code calls gcWriteBarrier, wbMove and wbZero only then, at places where the frame of the
// function may not be laid out yet: these and what they call use no frame.

//go:nowritebarrierrec
func gcWriteBarrier(slot, value unsafe.Pointer) {
	if s := spanAt(uintptr(slot)); s != nil && s.limit == 0 {
		return // of a stack
	}
	shade(uintptr(*(*uint32)(slot)))
	shade(uintptr(value))
}

//go:nowritebarrierrec
func wbMove(dst, src unsafe.Pointer, n uint32) {
	bulkBarrier(uintptr(dst), uintptr(src), uintptr(n))
}

//go:nowritebarrierrec
func wbZero(dst unsafe.Pointer, n uint32) {
	bulkBarrier(uintptr(dst), 0, uintptr(n))
}

// bulkBarrier is the barrier for all pointers in n bytes at dst, which are to be overwritten by those at src, or cleared
// if that is 0.
//
//go:nowritebarrierrec
func bulkBarrier(dst, src, n uintptr) {
	s := spanAt(dst)
	if s == nil {
		start, end := uintptr(linkinfo[linkDataStart]), uintptr(linkinfo[linkDataEnd])
		if dst < start || dst >= end {
			return
		}
		bits := uintptr(linkinfo[linkDataBits])
		for off := -dst & 7; off < n; off += 8 {
			i := (dst + off - start) / 8
			if *(*uint8)(unsafe.Pointer(bits + i/8))>>(i%8)&1 != 0 {
				shadeBoth(dst, src, off)
			}
		}
		return
	}
	if dst >= s.limit || s.spanclass.noscan() {
		return
	}
	base := s.base + s.objIndex(dst)*s.elemsize
	if s.elemsize <= maxBitmapSize {
		bits := s.pointerBits(base) >> ((dst - base) / 8)
		if n < 512 {
			bits &= 1<<(n/8) - 1
		}
		for ; bits != 0; bits &= bits - 1 {
			shadeBoth(dst, src, uintptr(ctz64(bits))*8)
		}
		return
	}
	t := s.largeType
	if s.spanclass.sizeclass() != 0 {
		t = *(**_type)(unsafe.Pointer(base))
		base += mallocHeaderSize
	}
	if t == nil {
		return
	}
	mask, size, ptrs := typeMask(t), t.Size_, t.PtrBytes
	at := (dst - base) % size
	for off := uintptr(0); off < n; off += 8 {
		if at < ptrs && *(*uint8)(unsafe.Pointer(mask + at/64))>>(at/8%8)&1 != 0 {
			shadeBoth(dst, src, off)
		}
		if at += 8; at >= size {
			at = 0
		}
	}
}

//go:nowritebarrierrec
func shadeBoth(dst, src, off uintptr) {
	shade(uintptr(*(*uint32)(unsafe.Pointer(dst + off))))
	if src != 0 {
		shade(uintptr(*(*uint32)(unsafe.Pointer(src + off))))
	}
}

func bulkBarrierPreWrite(dst, src, n uintptr) {
	if gcMarking {
		bulkBarrier(dst, src, n)
	}
}

// typedmemmove is small enough to be part of its callers.
func typedmemmove(t *_type, dst, src unsafe.Pointer) {
	if gcMarking || checkHeap {
		typedmemmoveWatched(t, dst, src)
		return
	}
	memcopy(dst, src, t.Size_)
}

func typedmemmoveWatched(t *_type, dst, src unsafe.Pointer) {
	if dst == src {
		return
	}
	if gcMarking && t.PtrBytes != 0 {
		bulkBarrier(uintptr(dst), uintptr(src), t.Size_)
	}
	memcopy(dst, src, t.Size_)
	if checkHeap && t.PtrBytes != 0 {
		checkMoved(dst, int32(t.Size_))
	}
}

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(t *_type, dst, src unsafe.Pointer) {
	typedmemmove(t, dst, src)
}

//go:linkname reflectlite_typedmemmove internal/reflectlite.typedmemmove
func reflectlite_typedmemmove(t *_type, dst, src unsafe.Pointer) {
	typedmemmove(t, dst, src)
}

func typedmemclr(t *_type, p unsafe.Pointer) {
	clearTyped(t, p, t.Size_)
}

// clearTyped clears n bytes of memory that holds a t, or several.
func clearTyped(t *_type, p unsafe.Pointer, n uintptr) {
	if gcMarking && t.PtrBytes != 0 {
		bulkBarrier(uintptr(p), 0, n)
	}
	memzero(p, n)
}

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(t *_type, p unsafe.Pointer) {
	clearTyped(t, p, t.Size_)
}

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(t *_type, p unsafe.Pointer, off, size uintptr) {
	clearTyped(t, p, size)
}

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(t *_type, p unsafe.Pointer, n int) {
	clearTyped(t, p, t.Size_*uintptr(n))
}

func typedslicecopy(t *_type, dstPtr unsafe.Pointer, dstLen int, srcPtr unsafe.Pointer, srcLen int) int {
	n := min(dstLen, srcLen)
	if n == 0 || dstPtr == srcPtr {
		return n
	}
	size := uintptr(n) * t.Size_
	if gcMarking && t.PtrBytes != 0 {
		bulkBarrier(uintptr(dstPtr), uintptr(srcPtr), size)
	}
	memcopy(dstPtr, srcPtr, size)
	if checkHeap && t.PtrBytes != 0 {
		checkMoved(dstPtr, int32(size))
	}
	return n
}

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(t *_type, dst, src slice) int {
	return typedslicecopy(t, dst.array, dst.len, src.array, src.len)
}

//go:linkname atomic_storePointer internal/runtime/atomic.storePointer
func atomic_storePointer(ptr *unsafe.Pointer, new unsafe.Pointer) {
	if threads {
		atomic.StorepNoWB(unsafe.Pointer(ptr), new)
		return
	}
	*ptr = new
}

//go:linkname atomic_casPointer internal/runtime/atomic.casPointer
func atomic_casPointer(ptr *unsafe.Pointer, old, new unsafe.Pointer) bool {
	if threads {
		return atomic.Casp1(ptr, old, new)
	}
	if *ptr == old {
		*ptr = new
		return true
	}
	return false
}
