// Package hash has the hash functions of maps, for package runtime and for those maps that compute them in place.
//
// WebAssembly multiplies 64 bits by 64 bits and keeps the lower 64: whatever needs the upper half, as the functions that Go
// uses elsewhere do, costs twenty instructions. So bits are spread here by shifts to the right between multiplications by odd
// numbers, of which one is random for each run. All steps are bijections: what differs in one word never gets the same hash.
package hash

import "unsafe"

// Key is random for each run; odd numbers.
var Key [4]uint64

const (
	mixA = 0xa0761d6478bd642f
	mixC = 0x8ebc6af09c88c6e3
	mixD = 0x589965cc75374cc3
)

// Word hashes a number.
func Word(x, seed uint64) uint64 {
	x ^= seed ^ Key[0]
	x ^= x >> 32
	x *= Key[1]
	x ^= x >> 29
	x *= mixC
	return x ^ x>>32
}

// Bytes hashes size bytes at p. Two lanes take eight bytes in turns.
func Bytes(p unsafe.Pointer, seed uint64, size uintptr) uint64 {
	if size <= 8 {
		var x uint64
		switch {
		case size == 8:
			x = *(*uint64)(p)
		case size > 4:
			x = uint64(*(*uint32)(p)) | uint64(*(*uint32)(unsafe.Add(p, size-4)))<<32
		case size == 4:
			x = uint64(*(*uint32)(p)) // twice, it would cancel itself
		case size > 0:
			x = uint64(*(*byte)(p)) | uint64(*(*byte)(unsafe.Add(p, size>>1)))<<8 | uint64(*(*byte)(unsafe.Add(p, size-1)))<<16
		}
		// One more: no bytes are not a word 0.
		return Word(x, seed+uint64(size+1)*mixA)
	}
	x := seed ^ Key[0]
	y := uint64(size)*mixA ^ Key[3]
	end := unsafe.Add(p, size-8)
	for n := size; n > 16; n -= 16 {
		x = step(x^*(*uint64)(p), Key[1])
		y = step(y^*(*uint64)(unsafe.Add(p, 8)), Key[2])
		p = unsafe.Add(p, 16)
	}
	if size > 16 {
		p = unsafe.Add(end, -8)
	}
	x = step(x^*(*uint64)(p), Key[1])
	y = step(y^*(*uint64)(end), Key[2])
	x ^= y<<32 | y>>32
	x = step(x, mixC)
	x ^= x >> 29
	x *= mixD
	return x ^ x>>32
}

func step(x, by uint64) uint64 {
	return (x ^ x>>32) * by
}
