// Maps with integer and string keys.
package main

import (
	"fmt"
	"strconv"
)

func main() {
	ints := map[int]int{}
	x := uint32(1)
	for range 6_000_000 {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		ints[int(x%500_000)]++
	}
	most := 0
	for _, n := range ints {
		most = max(most, n)
	}
	words := map[string]int{}
	for i := range 2_000_000 {
		words["key"+strconv.Itoa(i%100_000)] += i
	}
	sum := 0
	for k, v := range words {
		sum += len(k) + v%7
	}
	for i := range 100_000 {
		delete(words, "key"+strconv.Itoa(i))
	}
	fmt.Println(len(ints), most, sum, len(words))
}
