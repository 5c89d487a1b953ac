// -m=3
package main

type stringer interface{ String() string }

type name string

func (n name) String() string { return string(n) }

func show(s stringer) string { return s.String() }

func box(x any) any { return x }

func two(s string) (r rune, size int) {
	if s != "" {
		return rune(s[0]), 1
	}
	r, size = slow()
	return
}

func slow() (rune, int) { return 0, len("slow") }

func put[K comparable, V any](m map[K]V, k K, v V) any {
	m[k] = v
	delete(m, k)
	return box(any(v))
}

type pair[T any] struct{ a, b T }

func (p *pair[T]) set(x T) []T {
	p.a = x
	return append([]T(nil), x)
}

type outer struct{ *pair[int] }

func count(m map[string]int) (n any) {
	for k, v := range m {
		n = box(k)
		_ = v
	}
	return n
}

func main() {
	r, n := two("x")
	println(r, n, show(name("n")), box(make([]int, max(n, 2))))
	var s stringer = name("direct")
	println(s.String())
	m := map[string]int{"a": n}
	_ = put(m, "b", 2)
	_ = count(m)
	o := outer{new(pair[int])}
	o.set(n)
	defer o.set(3)
}
