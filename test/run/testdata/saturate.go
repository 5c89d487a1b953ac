// -gcflags=-d=converthash=qy

package main

import (
	"fmt"
	"math"
)

//go:noinline
func convert(x float64) {
	fmt.Println(x, int64(x), uint64(x), int32(x), uint32(x), int(x), uint(x))
}

//go:noinline
func convert32(x float32) {
	fmt.Println(x, int64(x), uint64(x), int32(x), uint32(x), int8(x), uint8(x))
}

func main() {
	for _, x := range []float64{0, 1.5, -1, 1 << 31, 1 << 32, 1<<32 + 4096, 1 << 63, -1 << 63, 1 << 64, 1e300, math.Inf(1), math.Inf(-1)} {
		convert(x)
		convert32(float32(x))
	}
}
