package bytealg

import "unsafe"

// Looking for bytes, 16 at a time. What is left at the end is looked at together with some of the bytes before it, so that
// only texts of less than 16 bytes take other ways.

// The compiler has operations for these.

//go:noescape
func load32(p unsafe.Pointer) uint32

//go:noescape
func load64(p unsafe.Pointer) uint64

// match8 and match16 give a bit for each byte that is c.
//
//go:noescape
func match16(p unsafe.Pointer, c byte) uint32
func match8(word uint64, c byte) uint32

// first is the number of the lowest bit, count that of all bits.
func first(bits uint32) int
func count(bits uint32) int

//go:noinline
func IndexByte(b []byte, c byte) int {
	return find(unsafe.Pointer(unsafe.SliceData(b)), len(b), c)
}

//go:noinline
func IndexByteString(s string, c byte) int {
	return find(unsafe.Pointer(unsafe.StringData(s)), len(s), c)
}

func find(p unsafe.Pointer, n int, c byte) int {
	if n >= 16 {
		last := n - 16
		for i := 0; i < last; i += 16 {
			if m := match16(unsafe.Add(p, i), c); m != 0 {
				return i + first(m)
			}
		}
		if m := match16(unsafe.Add(p, last), c); m != 0 {
			return last + first(m)
		}
		return -1
	}
	if n >= 8 {
		if m := match8(load64(p), c); m != 0 {
			return first(m)
		}
		if m := match8(load64(unsafe.Add(p, n-8)), c); m != 0 {
			return n - 8 + first(m)
		}
		return -1
	}
	for i := 0; i < n; i++ {
		if *(*byte)(unsafe.Add(p, i)) == c {
			return i
		}
	}
	return -1
}

//go:noinline
func Count(b []byte, c byte) int {
	return countIn(unsafe.Pointer(unsafe.SliceData(b)), len(b), c)
}

//go:noinline
func CountString(s string, c byte) int {
	return countIn(unsafe.Pointer(unsafe.StringData(s)), len(s), c)
}

func countIn(p unsafe.Pointer, n int, c byte) int {
	found := 0
	if n >= 16 {
		last := n - 16
		i := 0
		for ; i < last; i += 16 {
			found += count(match16(unsafe.Add(p, i), c))
		}
		// Of the last 16 bytes, i - last are counted already.
		return found + count(match16(unsafe.Add(p, last), c)>>uint(i-last))
	}
	for i := 0; i < n; i++ {
		if *(*byte)(unsafe.Add(p, i)) == c {
			found++
		}
	}
	return found
}

// MaxBruteForce is the length of texts that Index searches for any string of up to MaxLen bytes: all.
const MaxBruteForce = 1 << 62

func init() {
	MaxLen = 63
}

// Cutover is how many bytes that only look like the beginning of a rune are too many among n.
func Cutover(n int) int {
	return 2 + n/8
}

//go:noinline
func Index(a, b []byte) int {
	return search(unsafe.Pointer(unsafe.SliceData(a)), len(a), unsafe.Pointer(unsafe.SliceData(b)), len(b))
}

//go:noinline
func IndexString(a, b string) int {
	return search(unsafe.Pointer(unsafe.StringData(a)), len(a), unsafe.Pointer(unsafe.StringData(b)), len(b))
}

// search looks where the first and the last of the k bytes at q, at least two, are as far from each other as there, and at
// the others only then.
func search(p unsafe.Pointer, n int, q unsafe.Pointer, k int) int {
	places := n - k + 1
	if places <= 0 {
		return -1
	}
	head, tail := *(*byte)(q), *(*byte)(unsafe.Add(q, k-1))
	if places < 16 {
		for i := 0; i < places; i++ {
			at := unsafe.Add(p, i)
			if *(*byte)(at) == head && *(*byte)(unsafe.Add(at, k-1)) == tail && same(at, q, k) {
				return i
			}
		}
		return -1
	}
	for i := 0; ; i += 16 {
		i = min(i, places-16)
		at := unsafe.Add(p, i)
		for m := match16(at, head) & match16(unsafe.Add(at, k-1), tail); m != 0; m &= m - 1 {
			if j := first(m); same(unsafe.Add(at, j), q, k) {
				return i + j
			}
		}
		if i == places-16 {
			return -1
		}
	}
}

func same(p, q unsafe.Pointer, n int) bool {
	if n < 8 {
		if n < 4 {
			return *(*byte)(unsafe.Add(p, n>>1)) == *(*byte)(unsafe.Add(q, n>>1))
		}
		return load32(p) == load32(q) && load32(unsafe.Add(p, n-4)) == load32(unsafe.Add(q, n-4))
	}
	for i := 0; i < n-8; i += 8 {
		if load64(unsafe.Add(p, i)) != load64(unsafe.Add(q, i)) {
			return false
		}
	}
	return load64(unsafe.Add(p, n-8)) == load64(unsafe.Add(q, n-8))
}
