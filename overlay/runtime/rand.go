package runtime

import (
	"internal/runtime/hash"
	"unsafe"
)

// Random numbers for hashing, select, maps and math/rand: wyrand, seeded by the host.

const (
	mixA = 0xa0761d6478bd642f
	mixB = 0xe7037ed1a0b428db
)

func mix(a, b uint64) uint64 {
	return mulhigh(a, b) ^ a*b
}

type randState struct {
	x uint64
}

func randinit() {
	var seed [5]uint64
	hostrandom(uint32(uintptr(unsafe.Pointer(&seed))), int32(unsafe.Sizeof(seed)))
	m0.rand.x = seed[4]
	for i := range hash.Key {
		hash.Key[i] = seed[i] | 1
	}
}

func rand() uint64 {
	m0.rand.x += mixA
	return mix(m0.rand.x, m0.rand.x^mixB)
}

//go:linkname maps_rand internal/runtime/maps.rand
func maps_rand() uint64 {
	return rand()
}

func rand32() uint32 {
	return uint32(rand() >> 32)
}

func cheaprand() uint32 {
	return uint32(rand() >> 32)
}

func cheaprand64() int64 {
	return int64(rand())
}

// randn gives a number below n.
func randn(n uint32) uint32 {
	return uint32(rand() >> 32 * uint64(n) >> 32)
}

func cheaprandn(n uint32) uint32 {
	return randn(n)
}

//go:linkname legacy_fastrand runtime.fastrand
func legacy_fastrand() uint32 {
	return uint32(rand())
}

//go:linkname legacy_fastrandn runtime.fastrandn
func legacy_fastrandn(n uint32) uint32 {
	return randn(n)
}

//go:linkname legacy_fastrand64 runtime.fastrand64
func legacy_fastrand64() uint64 {
	return rand()
}
