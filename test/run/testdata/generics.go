// Instances of generic functions and types, their dictionaries, iterators.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
)

type Number interface {
	~int | ~int8 | ~float64 | ~uint16
}
type Stringish interface {
	~string
	fmt.Stringer
}
type MyS string

func (m MyS) String() string { return "<" + string(m) + ">" }

func Join[T Stringish](xs ...T) string {
	s := ""
	for _, x := range xs {
		s += x.String() + string(x)
	}
	f := T.String
	return s + f(xs[0]) + xs[len(xs)-1].String()
}

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(v T) Set[T] { s[v] = struct{}{}; return s }
func (s Set[T]) Has(v T) bool   { _, ok := s[v]; return ok }
func SetOf[T comparable](xs ...T) Set[T] {
	s := make(Set[T], len(xs))
	for _, x := range xs {
		s.Add(x)
	}
	return s
}

type Pair[A, B any] struct {
	First  A
	Second B
}

func MkPair[A, B any](a A, b B) Pair[A, B] { return Pair[A, B]{a, b} }
func (p Pair[A, B]) Swap() Pair[B, A]      { return Pair[B, A]{p.Second, p.First} }
func (p *Pair[A, B]) SetFirst(a A)         { p.First = a }
func (p Pair[A, B]) String() string        { return fmt.Sprintf("(%v,%v)", p.First, p.Second) }

type Container[T any] interface {
	Put(T)
	Get() (T, bool)
	Len() int
}
type Stack[T any] struct{ xs []T }

func (s *Stack[T]) Put(x T) { s.xs = append(s.xs, x) }
func (s *Stack[T]) Get() (x T, ok bool) {
	if len(s.xs) == 0 {
		return
	}
	x = s.xs[len(s.xs)-1]
	s.xs = s.xs[:len(s.xs)-1]
	return x, true
}
func (s *Stack[T]) Len() int { return len(s.xs) }

type Counted[T any] struct {
	Container[T]
	n int
}

func (c *Counted[T]) Put(x T) { c.n++; c.Container.Put(x) }

func Drain[T any](c Container[T]) (out []T) {
	for c.Len() > 0 {
		x, _ := c.Get()
		out = append(out, x)
	}
	return
}
func Kind[T any](v T) string {
	switch any(v).(type) {
	case int:
		return "int"
	case []T:
		return "[]T"
	case Pair[T, T]:
		return "pair"
	case fmt.Stringer:
		return "stringer"
	case *T:
		return "*T"
	case error:
		return "error"
	}
	return "?"
}
func As[T any](v any) (T, bool) { t, ok := v.(T); return t, ok }
func Conv[T, U Number](x T) U   { return U(x) }
func SumMap[K comparable, V Number](m map[K]V) (t V) {
	for _, v := range m {
		t += v
	}
	return
}
func Memo[K comparable, V any](f func(K) V) func(K) V {
	m := map[K]V{}
	return func(k K) V {
		if v, ok := m[k]; ok {
			return v
		}
		v := f(k)
		m[k] = v
		return v
	}
}
func Filter[T any](s iter.Seq[T], p func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range s {
			if p(v) && !yield(v) {
				return
			}
		}
	}
}
func Chan[T any](n int, f func(int) T) <-chan T {
	c := make(chan T, 1)
	go func() {
		defer close(c)
		for i := range n {
			c <- f(i)
		}
	}()
	return c
}

type Node[T cmp.Ordered] struct {
	val         T
	left, right *Node[T]
}

func (n *Node[T]) Add(v T) *Node[T] {
	if n == nil {
		return &Node[T]{val: v}
	}
	switch {
	case v < n.val:
		n.left = n.left.Add(v)
	case v > n.val:
		n.right = n.right.Add(v)
	}
	return n
}
func (n *Node[T]) Each(yield func(T) bool) bool {
	return n == nil || (n.left.Each(yield) && yield(n.val) && n.right.Each(yield))
}

type Num[T Number] struct{ v T }

func (n Num[T]) Plus(o Num[T]) Num[T] { return Num[T]{n.v + o.v} }

type Adder[T any] interface{ Plus(T) T }

func Fold[T Adder[T]](z T, xs ...T) T {
	for _, x := range xs {
		z = z.Plus(x)
	}
	return z
}

type Big[T any] struct {
	arr [9]T
	m   map[string]T
}

func MkBig[T any](v T) (b Big[T]) {
	for i := range b.arr {
		b.arr[i] = v
	}
	b.m = map[string]T{"v": v}
	return
}
func Zero[T any]() (z T)           { return }
func PtrTo[T any](v T) *T          { return &v }
func Eq[T comparable](a, b T) bool { return a == b }
func ToAny[T any](xs ...T) (r []any) {
	for _, x := range xs {
		r = append(r, x)
	}
	return
}

type ErrT[T any] struct{ v T }

func (e ErrT[T]) Error() string { return fmt.Sprintf("ErrT %v", e.v) }

type myint int

func (m myint) Error() string { return "myint" + strconv.Itoa(int(m)) }

func Local[T any](v T) any {
	type inner struct {
		X T
		n int
	}
	return inner{v, 3}
}

func main() {
	fmt.Println(Join(MyS("a"), MyS("b")))
	s := SetOf(1, 2, 3)
	fmt.Println(s.Has(2), s.Has(5), len(s), SetOf("x").Has("x"), SetOf[any](1, "a", 2.5).Has("a"), SetOf(Pair[int, string]{1, "a"}).Has(MkPair(1, "a")))
	p := MkPair("k", []int{1})
	p.SetFirst("kk")
	fmt.Println(p, p.Swap(), MkPair(p, p.Swap()))
	c := &Counted[string]{Container: &Stack[string]{}}
	c.Put("a")
	c.Put("b")
	fmt.Println(c.n, Drain[string](c), Drain[int](&Stack[int]{[]int{1, 2, 3}}))
	fmt.Println(Kind(1), Kind("s"), Kind(MyS("x")), Kind(PtrTo(3)), Kind(errors.New("e")), Kind(p), Kind(myint(2)))
	i, ok := As[int](3)
	e, ok2 := As[error](myint(3))
	_, ok3 := As[fmt.Stringer](3)
	pp, ok4 := As[Pair[int, int]](MkPair(1, 2))
	fmt.Println(i, ok, e, ok2, ok3, pp, ok4)
	fmt.Println(Conv[float64, int8](-3.7), Conv[int, float64](3), Conv[uint16, int8](200), SumMap(map[string]float64{"a": 1.5, "b": 2}))
	calls := 0
	sq := Memo(func(n int) string { calls++; return strconv.Itoa(n * n) })
	fmt.Println(sq(4), sq(4), sq(5), calls)
	for v := range Filter(slices.Values([]int{1, 2, 3, 4, 5, 6}), func(n int) bool { return n%2 == 0 }) {
		if v == 6 {
			break
		}
		fmt.Print(v, " ")
	}
	for v := range Chan(4, func(i int) Pair[int, string] { return MkPair(i, strconv.Itoa(i)) }) {
		fmt.Print(v, " ")
	}
	fmt.Println()
	var t *Node[string]
	for _, w := range []string{"m", "c", "x", "a", "d"} {
		t = t.Add(w)
	}
	t.Each(func(s string) bool { fmt.Print(s, " "); return s != "m" })
	fmt.Println(Fold(Num[int]{1}, Num[int]{2}, Num[int]{3}), Fold(Num[float64]{}, Num[float64]{2.5}))
	b := MkBig("q")
	b2 := MkBig([]int{7})
	fmt.Println(b.arr[8], b.m["v"], b2.arr[3], b2.m["v"], len(b2.arr), Zero[*int]() == nil, Zero[Big[int8]]().arr[2], *PtrTo(Num[int]{4}))
	fmt.Println(Eq(1, 1), Eq[any]("a", 1), Eq(MkPair(1, "z"), MkPair(1, "z")), Eq([2]string{"a"}, [2]string{"a", ""}), ToAny(1, 2), ToAny[error](myint(1), nil))
	var et ErrT[int]
	var err error = fmt.Errorf("w: %w", ErrT[int]{5})
	fmt.Println(errors.As(err, &et), et.v, Local(1), Local("s"), fmt.Sprintf("%T %T", Local(1.5), MkBig(1)))
	keys := slices.Sorted(maps.Keys(map[string]int{"z": 1, "y": 2, "x": 3}))
	fmt.Println(keys, slices.Max(keys), slices.Index(keys, "y"), slices.Contains(keys, "q"))
	ps := []Pair[string, int]{{"b", 2}, {"a", 3}, {"c", 1}}
	slices.SortFunc(ps, func(a, b Pair[string, int]) int { return cmp.Compare(a.Second, b.Second) })
	fmt.Println(ps)
	sort.Slice(ps, func(i, j int) bool { return ps[i].First < ps[j].First })
	fmt.Println(ps)
	var ap atomic.Pointer[Pair[int, int]]
	ap.Store(&Pair[int, int]{1, 2})
	fmt.Println(ap.Load(), ap.CompareAndSwap(nil, nil))
	var once = sync.OnceValue(func() int { calls++; return calls })
	fmt.Println(once(), once())
	var pool = sync.Pool{New: func() any { return new(Stack[int]) }}
	st := pool.Get().(*Stack[int])
	st.Put(1)
	fmt.Println(st.Len())
	f := (*Stack[int]).Put
	f(st, 9)
	g := st.Get
	fmt.Println(g())
	next, stop := iter.Pull(slices.Values([]string{"p", "q"}))
	v1, k1 := next()
	v2, k2 := next()
	_, k3 := next()
	stop()
	fmt.Println(v1, k1, v2, k2, k3)
	chunks := slices.Collect(slices.Chunk([]int{1, 2, 3, 4, 5}, 2))
	fmt.Println(chunks)
	var elem, index any
	for index, elem = range chunks {
	}
	fmt.Println(index, elem, lastOf([]myint{4, 5}), lastOf([]error{errors.New("last")}))
}

func lastOf[T any](list []T) (last any) {
	for _, last = range list {
	}
	return last
}
