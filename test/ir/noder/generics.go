// Instances, dictionaries, dynamic types; see compiler-tree.test.ts.
package p

import "unsafe"

type Num interface{ ~int | ~float64 }
type Str interface{ String() string }

type List[T any] struct {
	head *node[T]
	n    int
}
type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Push(v T) *List[T] {
	l.head = &node[T]{v, l.head}
	l.n++
	return l
}
func (l *List[T]) Each(f func(T) bool) {
	for n := l.head; n != nil; n = n.next {
		if !f(n.v) {
			return
		}
	}
}
func (l List[T]) Len() int { return l.n }

func Sum[T Num](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return t * 2
}
func Map[T, U any](xs []T, f func(T) U) []U {
	r := make([]U, 0, len(xs))
	for _, x := range xs {
		r = append(r, f(x))
	}
	return r
}
func Strs[T Str](x T) string {
	f := x.String
	g := T.String
	_ = f
	_ = g
	var i any = x
	_ = i
	var s Str = x
	_ = s.String()
	return x.String() + "a"
}
func Dyn[T any](x any) (T, bool) {
	v, ok := x.(T)
	switch y := x.(type) {
	case T:
		_ = y
	case []T:
		_ = y
	case int:
		_ = y
	}
	_ = any(v) == x
	_ = new(T)
	_ = unsafe.Sizeof(v)
	_ = x.(T)
	_ = x.(map[string]T)
	return v, ok
}
func Call[T any](x T) {
	Dyn[T](x)
	f := Dyn[[]T]
	_ = f
	var l List[T]
	l.Push(x).Push(x)
	_ = l.Len()
	h := l.Push
	_ = h
	k := (*List[T]).Push
	_ = k
	k2 := List[T].Len
	_ = k2
	go l.Push(x)
	defer Call2(x)
	func() {
		l.Push(x)
	}()
	m := map[string]T{"a": x}
	m["b"] = x
	v, ok := m["c"]
	_, _ = v, ok
	defer delete(m, "a")
	for k, v := range m {
		_, _ = k, v
	}
}
func Call2[T any](x T) {}

type Sf struct{ s string }

func (s Sf) String() string   { return s.s }
func (s *Sf) PString() string { return s.s }

type MyInt int

func (m MyInt) String() string { return "" }
func Ptr[T any](x T) *T        { return &x }
func Const[T Num]() T          { return T(1) + 2 }
func Pred[T comparable](a, b T) bool {
	return a == b
}
func Iface[T Str](x []T) []Str {
	var r []Str
	for _, v := range x {
		r = append(r, v)
	}
	return r
}

type Tree[K comparable, V any] struct {
	List[V]
	m map[K]V
}

func (t *Tree[K, V]) Put(k K, v V) { t.m[k] = v; t.Push(v) }

func use() {
	_ = Sum(1, 2)
	_ = Sum(1.5)
	_ = Map([]int{1}, func(i int) string { return "" })
	_ = Strs(Sf{"a"})
	_ = Strs(&Sf{"a"})
	_ = Strs[MyInt](3)
	_ = Strs[Str](nil)
	_, _ = Dyn[string](1)
	Call(1)
	Call("a")
	_ = Ptr(3)
	_ = Ptr[*int](nil)
	_ = Const[int]()
	_ = Pred(1, 2)
	_ = Pred[any](1, "a")
	f := Sum[int]
	_ = f(1)
	var l List[MyInt]
	l.Push(1)
	g := l.Push
	_ = g
	h := (*List[int]).Push
	_ = h
	_ = List[int].Len
	var t Tree[string, int]
	t.Put("a", 1)
	t.Push(3)
	q := t.Push
	_ = q
	_ = (*Tree[string, int]).Push
	_ = Iface([]MyInt{1})
}
