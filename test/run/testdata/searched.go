// Finding, counting and comparing bytes, against loops that do it byte by byte, for all lengths and places.
package main

import (
	"bytes"
	"fmt"
	"strings"
)

func indexSlow(s, t []byte) int {
	for i := 0; i+len(t) <= len(s); i++ {
		if string(s[i:i+len(t)]) == string(t) {
			return i
		}
	}
	return -1
}

func main() {
	x := uint32(1)
	next := func(n int) int { x = x*1664525 + 1013904223; return int(x>>8) % n }
	bad := 0
	buf := make([]byte, 300)
	for round := 0; round < 20000; round++ {
		n := next(90)
		s := buf[next(20):][:n]
		al := 1 + next(4)
		for i := range buf {
			buf[i] = byte('a' + next(al))
		}
		c := byte('a' + next(al+1))
		want, cnt := -1, 0
		for i, y := range s {
			if y == c {
				cnt++
				if want < 0 {
					want = i
				}
			}
		}
		if bytes.IndexByte(s, c) != want || strings.IndexByte(string(s), c) != want || bytes.Count(s, []byte{c}) != cnt || strings.Count(string(s), string(c)) != cnt {
			bad++
			fmt.Println("byte", string(s), string(c))
		}
		t := append([]byte(nil), buf[next(100):][:next(70)]...)
		if w := indexSlow(s, t); bytes.Index(s, t) != w || strings.Index(string(s), string(t)) != w {
			bad++
			fmt.Println("index", string(s), string(t), w, bytes.Index(s, t))
		}
		t = append([]byte(nil), s...)
		if n > 0 {
			if next(2) == 0 {
				t[next(n)] ^= byte(next(256))
			}
			if next(4) == 0 {
				t = t[:next(n)]
			}
		}
		w := 0
		for i := 0; w == 0 && i < min(len(s), len(t)); i++ {
			if s[i] < t[i] {
				w = -1
			} else if s[i] > t[i] {
				w = 1
			}
		}
		if w == 0 {
			if len(s) < len(t) {
				w = -1
			} else if len(s) > len(t) {
				w = 1
			}
		}
		if bytes.Compare(s, t) != w || strings.Compare(string(s), string(t)) != w || (string(s) < string(t)) != (w < 0) || bytes.Equal(s, t) != (w == 0) {
			bad++
			fmt.Println("cmp", string(s), string(t), w, bytes.Compare(s, t))
		}
	}
	fmt.Println("bad", bad)
}
