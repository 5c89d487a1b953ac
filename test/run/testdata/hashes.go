// The hash of maps: each bit of a key changes each bit of it half of the time, and keys that follow a pattern spread over
// the parts that maps use.
package main

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
	"math/rand"
	"unsafe"
)

//go:linkname memhash runtime.memhash
func memhash(p unsafe.Pointer, seed, size uintptr) uintptr

//go:linkname memhash32 runtime.memhash32
func memhash32(p unsafe.Pointer, seed uintptr) uintptr

//go:linkname memhash64 runtime.memhash64
func memhash64(p unsafe.Pointer, seed uintptr) uintptr

func hash(b []byte, seed uintptr) uint64 {
	return uint64(memhash(unsafe.Pointer(&b[0]), seed, uintptr(len(b))))
}

func word(b []byte, seed uintptr) uint64 {
	if len(b) == 4 {
		return uint64(memhash32(unsafe.Pointer(&b[0]), seed))
	}
	return uint64(memhash64(unsafe.Pointer(&b[0]), seed))
}

func avalanche(name string, h func([]byte, uintptr) uint64, size int) {
	const keys = 400
	r := rand.New(rand.NewSource(int64(size)))
	b := make([]byte, size)
	for bit := range size * 8 {
		var flips [64]int
		for range keys {
			r.Read(b)
			seed := uintptr(r.Uint64())
			was := h(b, seed)
			b[bit/8] ^= 1 << (bit % 8)
			changed := was ^ h(b, seed)
			for i := range flips {
				flips[i] += int(changed >> i & 1)
			}
		}
		for i, n := range flips {
			// Seven standard deviations.
			if math.Abs(float64(n)-keys/2) > 70 {
				fmt.Println(name, size, "bytes: bit", bit, "flips", i, "in", n, "of", keys)
			}
		}
	}
}

func spread(name string, h func(i int, seed uintptr) uint64) {
	const keys = 1 << 13
	for range 3 {
		seed := uintptr(rand.Uint64())
		var low, middle, high [128]int
		all := map[uint64]bool{}
		for i := range keys {
			x := h(i, seed)
			low[x&127]++
			middle[x>>7&127]++
			high[x>>57]++
			all[x] = true
		}
		if len(all) != keys {
			fmt.Println(name, keys-len(all), "collisions")
		}
		for part, counts := range [][128]int{low, middle, high} {
			chi := 0.0
			for _, n := range counts {
				d := float64(n) - keys/128
				chi += d * d / (keys / 128)
			}
			// 127 degrees of freedom: 16 is the standard deviation.
			if chi > 127+10*16 {
				fmt.Println(name, "part", part, "is uneven:", chi)
			}
		}
	}
}

func main() {
	for _, size := range []int{2, 3, 4, 6, 8, 9, 12, 16, 17, 24, 31, 33, 48, 65} {
		avalanche("memhash", hash, size)
	}
	avalanche("memhash32", word, 4)
	avalanche("memhash64", word, 8)
	for shift := range 52 {
		spread(fmt.Sprint("i << ", shift), func(i int, seed uintptr) uint64 {
			return word(binary.LittleEndian.AppendUint64(nil, uint64(i)<<shift), seed)
		})
	}
	spread("floats", func(i int, seed uintptr) uint64 {
		return word(binary.LittleEndian.AppendUint64(nil, math.Float64bits(float64(i))), seed)
	})
	spread("pairs", func(i int, seed uintptr) uint64 {
		b := binary.LittleEndian.AppendUint64(nil, uint64(i%128))
		return hash(binary.LittleEndian.AppendUint64(b, uint64(i/128)), seed)
	})
	spread("high bits of pairs", func(i int, seed uintptr) uint64 {
		b := binary.LittleEndian.AppendUint64(nil, uint64(i%128)<<57)
		return hash(binary.LittleEndian.AppendUint64(b, uint64(i/128)<<57), seed)
	})
	spread("texts", func(i int, seed uintptr) uint64 { return hash(fmt.Appendf(nil, "key%d", i), seed) })
	spread("long texts", func(i int, seed uintptr) uint64 { return hash(fmt.Appendf(nil, "%040d and so on", i), seed) })
	spread("zeros", func(i int, seed uintptr) uint64 { return hash(make([]byte, i+1), seed) })
	spread("single bits", func(i int, seed uintptr) uint64 {
		b := make([]byte, 1024)
		b[i/8] = 1 << (i % 8)
		return hash(b, seed)
	})
	// Two values in interfaces, of which one is zero or has no bytes: the order counts.
	type pair struct{ a, b any }
	seed := maphash.MakeSeed()
	for _, p := range []pair{{0, struct{}{}}, {0, ""}, {0.0, struct{}{}}, {0.0, ""}, {0, 0.0}, {float32(0), int32(0)}} {
		if maphash.Comparable(seed, p) == maphash.Comparable(seed, pair{p.b, p.a}) {
			fmt.Printf("%T %v and %T %v: one hash in either order\n", p.a, p.a, p.b, p.b)
		}
	}
	fmt.Println("done")
}
