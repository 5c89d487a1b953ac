package runtime

import "unsafe"

// Copying, clearing and comparing memory. Engines call a function of C for what WebAssembly has for that, so few bytes are
// loaded and stored instead: all are loaded before the first is stored, since the places may overlap, and loads overlap so
// that no length is a case of its own. Compiled code calls these functions at places where the frame of the function may not be
// laid out yet, like the write barrier.

//go:nowritebarrierrec
func move(to, from unsafe.Pointer, n uint32) {
	switch {
	case n > 64:
		copylarge(to, from, uintptr(n))
	case n > 32:
		a, b, c, d := word(from, 0), word(from, 8), word(from, 16), word(from, 24)
		last := n - 32
		e, f, g, h := word(from, last), word(from, last+8), word(from, last+16), word(from, last+24)
		setword(to, 0, a)
		setword(to, 8, b)
		setword(to, 16, c)
		setword(to, 24, d)
		setword(to, last, e)
		setword(to, last+8, f)
		setword(to, last+16, g)
		setword(to, last+24, h)
	case n > 16:
		a, b, c, d := word(from, 0), word(from, 8), word(from, n-16), word(from, n-8)
		setword(to, 0, a)
		setword(to, 8, b)
		setword(to, n-16, c)
		setword(to, n-8, d)
	case n >= 8:
		a, b := word(from, 0), word(from, n-8)
		setword(to, 0, a)
		setword(to, n-8, b)
	case n >= 4:
		a, b := *(*uint32)(from), *(*uint32)(unsafe.Add(from, n-4))
		*(*uint32)(to) = a
		*(*uint32)(unsafe.Add(to, n-4)) = b
	case n > 0:
		a, b, c := *(*byte)(from), *(*byte)(unsafe.Add(from, n>>1)), *(*byte)(unsafe.Add(from, n-1))
		*(*byte)(to) = a
		*(*byte)(unsafe.Add(to, n>>1)) = b
		*(*byte)(unsafe.Add(to, n-1)) = c
	}
}

//go:nowritebarrierrec
func wipe(p unsafe.Pointer, n uint32) {
	switch {
	case n > 64:
		clearlarge(p, uintptr(n))
	case n >= 8:
		for at := uint32(0); at < n-8; at += 8 {
			setword(p, at, 0)
		}
		setword(p, n-8, 0)
	case n >= 4:
		*(*uint32)(p) = 0
		*(*uint32)(unsafe.Add(p, n-4)) = 0
	case n > 0:
		*(*byte)(p) = 0
		*(*byte)(unsafe.Add(p, n>>1)) = 0
		*(*byte)(unsafe.Add(p, n-1)) = 0
	}
}

//go:nowritebarrierrec
func memequal(p, q unsafe.Pointer, size uintptr) bool {
	if p == q {
		return true
	}
	n := uint32(size)
	if n >= 8 {
		for at := uint32(0); at < n-8; at += 8 {
			if word(p, at) != word(q, at) {
				return false
			}
		}
		return word(p, n-8) == word(q, n-8)
	}
	if n >= 4 {
		return *(*uint32)(p) == *(*uint32)(q) && *(*uint32)(unsafe.Add(p, n-4)) == *(*uint32)(unsafe.Add(q, n-4))
	}
	for at := uint32(0); at < n; at++ {
		if *(*byte)(unsafe.Add(p, at)) != *(*byte)(unsafe.Add(q, at)) {
			return false
		}
	}
	return true
}

func word(p unsafe.Pointer, at uint32) uint64 {
	return *(*uint64)(unsafe.Add(p, at))
}

func setword(p unsafe.Pointer, at uint32, x uint64) {
	*(*uint64)(unsafe.Add(p, at)) = x
}
