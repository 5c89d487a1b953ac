// Generic containers and functions.
package main

import (
	"cmp"
	"fmt"
)

type heap[T any] struct {
	list []T
	less func(a, b T) bool
}

func (h *heap[T]) push(x T) {
	h.list = append(h.list, x)
	i := len(h.list) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !h.less(h.list[i], h.list[up]) {
			break
		}
		h.list[i], h.list[up] = h.list[up], h.list[i]
		i = up
	}
}

func (h *heap[T]) pop() T {
	top := h.list[0]
	last := len(h.list) - 1
	h.list[0] = h.list[last]
	h.list = h.list[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && h.less(h.list[c+1], h.list[c]) {
			c++
		}
		if !h.less(h.list[c], h.list[i]) {
			break
		}
		h.list[i], h.list[c] = h.list[c], h.list[i]
		i = c
	}
	return top
}

func sum[K comparable, V int | float64](m map[K]V) (s V) {
	for _, v := range m {
		s += v
	}
	return s
}

func largest[T cmp.Ordered](list []T) T {
	m := list[0]
	for _, x := range list {
		m = max(m, x)
	}
	return m
}

func main() {
	h := heap[uint32]{less: func(a, b uint32) bool { return a < b }}
	x := uint32(3)
	var acc uint64
	for i := range 4_000_000 {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		h.push(x)
		if i%4 == 3 {
			acc += uint64(h.pop()) + uint64(h.pop())
		}
	}
	fs := make([]float64, 0, 1000)
	m := map[string]float64{}
	for i := range 1000 {
		fs = append(fs, float64(i*i%997))
		m[fmt.Sprint(i%100)] += float64(i)
	}
	for range 20_000 {
		acc += uint64(largest(fs))
	}
	fmt.Println(acc, len(h.list), sum(m))
}
