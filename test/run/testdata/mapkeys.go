// Maps with keys of each kind that has functions of its own, through growth, deletion and reuse of deleted slots, against
// a plain list of what they hold.
package main

import (
	"fmt"
	"runtime"
	"strconv"
)

type pair struct{ a, b int16 }

type rand uint64

func (r *rand) next(n int) int {
	*r = *r*6364136223846793005 + 1442695040888963407
	return int(*r>>33) % n
}

func try[K comparable](name string, keys int, key func(int) K) {
	r := rand(keys)
	m := map[K]int{}
	want := make([]int, keys)
	ks := make([]K, keys)
	for i := range ks {
		ks[i] = key(i)
	}
	count := 0
	for step := range 40 * keys {
		i := r.next(keys)
		switch op := r.next(10); {
		case op < 5:
			if want[i] == 0 {
				count++
			}
			want[i]++
			m[ks[i]]++
		case op < 8 || step/keys%4 == 3 && op < 9:
			if want[i] != 0 {
				count--
			}
			want[i] = 0
			delete(m, ks[i])
		default:
			n, ok := m[ks[i]]
			if n != want[i] || ok != (want[i] != 0) || m[ks[i]] != want[i] {
				fmt.Println(name, keys, "key", i, "has", n, ok, "instead of", want[i])
				return
			}
		}
		if len(m) != count {
			fmt.Println(name, keys, "has", len(m), "entries instead of", count)
			return
		}
	}
	runtime.GC()
	sum, wanted := 0, 0
	for i, k := range ks {
		sum += m[k] * (i + 1)
	}
	seen := 0
	for k, n := range m {
		seen++
		if m[k] != n {
			fmt.Println(name, keys, "changes while it is looked at")
		}
	}
	for i, n := range want {
		wanted += n * (i + 1)
	}
	fmt.Println(name, keys, len(m) == seen, sum == wanted, sum)
}

func main() {
	for _, keys := range []int{1, 7, 8, 9, 40, 900, 5000} {
		try("int", keys, func(i int) int { return i * 1024 })
		try("int32", keys, func(i int) int32 { return int32(-i) })
		try("pair", keys, func(i int) pair { return pair{int16(i), int16(i >> 3)} })
		try("pointer", keys, func(i int) *int { return &[]int{i}[0] })
		try("string", keys, func(i int) string { return "a rather long prefix of all"[:i%28] + strconv.Itoa(i) })
		try("any", keys, func(i int) any { return []any{i, strconv.Itoa(i), float64(i)}[i%3] })
		try("float64", keys, func(i int) float64 { return float64(i) / 3 })
	}
}
