// The write barrier of the sanitizer's build: it runs where frames may not be laid out yet, and must not poison them.
package main

import "runtime/debug"

type pair struct{ a, b int }

func main() {
	debug.SetGCPercent(1)
	n := 0
	for i := 0; i < 60; i++ {
		m := make(map[*pair]struct{})
		for j := 0; j < 20; j++ {
			m[new(pair)] = struct{}{}
		}
		n += len(m)
	}
	println(n)
}
