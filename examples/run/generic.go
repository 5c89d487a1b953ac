// A generic tree, walked by an iterator.
package main

import "goesc/print"

type ordered interface {
	~int | ~int64 | ~float64 | ~string
}

type tree[K ordered, V any] struct {
	root *node[K, V]
	size int
}

type node[K ordered, V any] struct {
	key         K
	value       V
	left, right *node[K, V]
}

func (t *tree[K, V]) put(key K, value V) {
	at := &t.root
	for *at != nil {
		switch n := *at; {
		case key < n.key:
			at = &n.left
		case key > n.key:
			at = &n.right
		default:
			n.value = value
			return
		}
	}
	*at = &node[K, V]{key: key, value: value}
	t.size++
}

func (t *tree[K, V]) all() func(yield func(K, V) bool) {
	return func(yield func(K, V) bool) { t.root.walk(yield) }
}

func (n *node[K, V]) walk(yield func(K, V) bool) bool {
	return n == nil || n.left.walk(yield) && yield(n.key, n.value) && n.right.walk(yield)
}

func collect[K ordered, V, R any](t *tree[K, V], f func(K, V) R) []R {
	var out []R
	for k, v := range t.all() {
		out = append(out, f(k, v))
	}
	return out
}

func main() {
	var names tree[string, int]
	for i, name := range []string{"pear", "apple", "quince", "fig", "apple"} {
		names.put(name, i)
	}
	print.Line(names.size, collect(&names, func(k string, v int) string { return k + print.String(v) }))
	var numbers tree[float64, bool]
	x := 0.5
	for range 200 {
		x = 3.9 * x * (1 - x)
		numbers.put(float64(int(x*100)), x > 0.5)
	}
	first := 0
	for k, large := range numbers.all() {
		if large {
			first = int(k)
			break
		}
	}
	print.Line(first, numbers.size > 20)
}
