package main

import "unsafe"

type errorString struct{ s string }

func (e *errorString) Error() string { return e.s }

func newError(s string) error { return &errorString{s} }

// Static data once the call is inlined.
var errStatic = newError("static")

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

type named struct {
	square
	id int
}

type ring struct{ *named }

func pick(big bool) shape {
	if big {
		return square{9}
	}
	return square{1}
}

func loop(xs []int) (sum int) {
outer:
	for i, x := range xs {
		switch {
		case x < 0:
			continue outer
		case i > 10:
			break outer
		}
		sum += x
	}
	return
}

func each(xs []int, f func(int)) {
	for _, x := range xs {
		f(x)
	}
}

func even(n int) bool { return n == 0 || odd(n-1) }
func odd(n int) bool  { return n != 0 && even(n-1) }

//go:noinline
func never(p *int) *int { return p }

func tooBig(a, b, c, d int) int {
	print(a, b, c, d)
	never(&a)
	never(&b)
	return a + b*c - d
}

func maker(n int) func() func() int {
	return func() func() int {
		m := n + 1
		return func() int { return m + n }
	}
}

func keys[K comparable, V any](m map[K]V, less func(a, b K) bool) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		if len(out) == 0 || less(out[0], k) {
			out = append(out, k)
		}
	}
	return out
}

type stack[T any] struct{ items []T }

func (s *stack[T]) push(v T) { s.items = append(s.items, v) }
func (s *stack[T]) top() *T  { return &s.items[len(s.items)-1] }

func seq(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func header(b []byte) *int { return (*int)(unsafe.Pointer(unsafe.SliceData(b))) }

func recovers() (r any) {
	defer func() { r = recover() }()
	panic("x")
}

func pair(p *int) (*int, error) { return p, nil }

func main() {
	s := pick(true)
	println(s.area(), errStatic.Error())
	println(loop([]int{1, 2, -3}))
	total := 0
	each([]int{1, 2}, func(x int) { total += x })
	println(even(10), tooBig(1, 2, 3, 4))
	f := maker(3)
	println(f()())
	m := map[string]*int{"a": &total}
	println(len(keys(m, func(a, b string) bool { return a < b })))
	var st stack[*int]
	st.push(&total)
	println(*st.top())
	for i := range seq(3) {
		total += i
	}
	println(header([]byte("12345678")), recovers())
	if p, err := pair(&total); err == nil {
		println(*p)
	}
	var r shape = ring{&named{square{2}, 7}}
	g := r.area
	println(g())
	go func() { println(total) }()
	func() {
		defer loop(nil)
	}()
}
