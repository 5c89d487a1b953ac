// Sorting: generic, by interface, by closure.
package main

import (
	"fmt"
	"slices"
	"sort"
)

type item struct {
	key  uint32
	name string
}

type byKey []item

func (b byKey) Len() int           { return len(b) }
func (b byKey) Less(i, j int) bool { return b[i].key < b[j].key }
func (b byKey) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func items(n int) []item {
	list := make([]item, n)
	x := uint32(7)
	for i := range list {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		list[i] = item{x, "n"}
	}
	return list
}

func main() {
	const n = 600_000
	a := items(n)
	sort.Sort(byKey(a))
	b := items(n)
	sort.Slice(b, func(i, j int) bool { return b[i].key < b[j].key })
	c := make([]int, 3*n)
	x := uint32(9)
	for i := range c {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		c[i] = int(x)
	}
	slices.Sort(c)
	fmt.Println(a[n/2].key, b[n/3].key, c[n], slices.IsSorted(c))
}
