// Instances, constraints and what satisfies them.
package p

type Set[T comparable] map[T]struct{}
type Num interface{ ~int | ~float64 }
type Pair[A, B any] struct { a A; b B }
type Self[T Self[T]] interface{ Cmp(T) int }
type MyInt int
func (MyInt) Cmp(MyInt) int { return 0 }
type Str interface{ String() string; ~int }
type Fn func()

func sum[T Num](...T) (r T) { return }
func self[T Self[T]](T) {}
func str[T Str]() {}
func cmp[T comparable]() {}
func exact[T int | string]() {}
func empty[T interface{ int; string }]() {}

var _ Set[[]int]
var _ Set[Fn]
var _ Set[any]
var _ Set[struct{ x any }]
var _ Set[struct{ f func() }]
var _ Pair[int]
var _ Pair[int, int, int]
var _ Pair
var _ Num
var _ *Num
var _ []comparable
var _ = Pair[int, string]{1, 2}
var _ Pair[int, string] = Pair[string, int]{}

func _[P any, Q Num, R comparable, S interface{ ~[]P }](p P, q Q, r R, s S) {
	_ = sum[MyInt]
	_ = sum[string]
	_ = sum[Num]
	_ = sum(q, q)
	_ = sum(p)
	_ = exact[MyInt]
	_ = str[MyInt]
	_ = str[int]
	_ = empty[int]
	_ = cmp[P]
	_ = cmp[R]
	_ = cmp[any]
	_ = cmp[[]int]
	_ = cmp[Q]
	self(MyInt(1))
	self(1)
	self(s)
	_ = p == p
	_ = r == r
	_ = q + 1
	_ = p + p
	_ = q < 1.5
	_ = s[0] == p
	_ = len(s)
	_ = len(p)
	for range p {
	}
	for _, x := range s {
		var _ int = x
	}
	_ = p.x
	_ = s.m()
	_ = p.(int)
	_ = any(p).(P)
	_ = P(q)
	_ = Q(1)
	_ = Q("x")
	_ = [1]P{}[1]
	var _ P = nil
	var _ Set[P]
	switch any(p).(type) {
	case P, Q:
	case []P:
	}
}

type T1[P any] struct{ P }
type T2[P any] P
type T3[P any, P any] int
type T4[int any] struct{ f int }
type T5[P *T5[P]] struct{}
type T6[P any] struct{ *T6[P] }
func (T6[int]) m(x int) int { return "" }
func (T6[P]) m2(x P) Q { return x }
func (T6) m3() {}
func (T6[P, Q]) m4() {}
func (Pair[int, string]) m6() {}
