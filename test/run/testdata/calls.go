// Calls that are replaced by what they may call: function values, methods, recursion; and what tracebacks say of them.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

type shape interface{ area() float64 }
type square struct{ s float64 }

func (s square) area() float64 { return s.s * s.s }

type list []int

func (l list) at(i int) int { return l[i] }

type atter interface{ at(i int) int }

func f(n int, g func(int) int) (s int) {
	for i := 0; i < n; i++ {
		s += g(i)
	}
	return
}

func rec(n int, p []int) int {
	if n == 0 {
		return p[len(p)]
	}
	return rec(n-1, p) + 1
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	var p *square
	shapes := []shape{square{2}, p}
	try("wrap", func() {
		x := 0.0
		for _, s := range shapes {
			x += s.area()
		}
		fmt.Println(x)
	})
	a := []atter{list{1, 2, 3}}
	try("bounds", func() {
		for i := 0; i < 5; i++ {
			fmt.Println(a[0].at(i))
		}
	})
	k := []int{1, 2, 3}
	fmt.Println(f(3, func(i int) int { return k[i] * 2 }), f(4, func(i int) int { return i + 1 }))
	try("closure", func() { f(4, func(i int) int { return k[i] }) })
	try("rec", func() { rec(5, k) })
	fmt.Println(depth(1000), count(tree(6)))
	var callers []string
	trace(4, &callers)
	fmt.Println(callers)
}

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return depth(n-1) + 1
}

type node struct{ left, right *node }

func tree(n int) *node {
	if n == 0 {
		return &node{}
	}
	return &node{tree(n - 1), tree(n - 1)}
}

func count(n *node) int {
	if n.left == nil {
		return 1
	}
	return 1 + count(n.left) + count(n.right)
}

func trace(n int, out *[]string) {
	if n > 0 {
		trace(n-1, out)
		return
	}
	pcs := make([]uintptr, 20)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") {
			*out = append(*out, fmt.Sprint(f.Function, ":", f.Line))
		}
		if !more {
			break
		}
	}
}
