// Copying, clearing and comparing of all small lengths: overlapping, of constant and of variable length.
package main

import "fmt"

func fill(b []byte) {
	for i := range b {
		b[i] = byte(i*7 + 1)
	}
}

func copies() (wrong int) {
	var a, want [160]byte
	for n := range 80 {
		for _, from := range []int{0, 1, 9, 33} {
			for _, to := range []int{0, 1, 8, 40, 63} {
				fill(a[:])
				want = a
				for i := range n {
					want[to+i] = byte((from+i)*7 + 1)
				}
				copy(a[to:to+n], a[from:from+n])
				if a != want {
					wrong++
				}
			}
		}
	}
	return wrong
}

func clears() (wrong int) {
	var a, want [160]byte
	for n := range 90 {
		for _, at := range []int{0, 3, 8} {
			fill(a[:])
			want = a
			for i := range n {
				want[at+i] = 0
			}
			clear(a[at : at+n])
			if a != want {
				wrong++
			}
		}
	}
	return wrong
}

func texts() (wrong int) {
	const all = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
	for n := range 50 {
		s, t := all[:n], string([]byte(all[:n]))
		if s != t {
			wrong++
		}
		for i := range n {
			b := []byte(s)
			b[i] ^= 1
			if s == string(b) || t == string(b) {
				wrong++
			}
		}
	}
	return wrong
}

func name(s string) int {
	switch s {
	case "a":
		return 1
	case "ab":
		return 2
	case "abc":
		return 3
	case "abcd":
		return 4
	case "abcdef":
		return 6
	case "abcdefg":
		return 7
	case "abcdefgh":
		return 8
	case "abcdefghijk":
		return 11
	case "abcdefghijklmnop":
		return 16
	case "abcdefghijklmnopq":
		return 17
	}
	if s == "abcde" {
		return 5
	}
	return 0
}

type odd struct {
	a [3]byte
	b [6]byte
	c [13]byte
}

//go:noinline
func same[T comparable](x, y *T) bool { return *x == *y }

func arrays() (wrong int) {
	var x, y odd
	for i := range 22 {
		if !same(&x, &y) {
			wrong++
		}
		switch {
		case i < 3:
			x.a[i]++
		case i < 9:
			x.b[i-3]++
		default:
			x.c[i-9]++
		}
		if same(&x, &y) || same(&x.a, &y.a) && same(&x.b, &y.b) && same(&x.c, &y.c) {
			wrong++
		}
		y = x
	}
	return wrong
}

func main() {
	fmt.Println(copies(), clears(), texts(), arrays())
	const all = "abcdefghijklmnopqr"
	for n := range len(all) {
		b := []byte(all[:n])
		fmt.Print(name(string(b)), " ")
		if n > 0 {
			b[n-1]++
			b[0]--
			fmt.Print(name(string(b)), " ")
		}
	}
	fmt.Println()
}
