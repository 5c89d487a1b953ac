package p

type T struct{}

func (T) m(a int, b string) (int, error) { return 0, nil }

func f0()                             {}
func f1(a int) int                    { return a }
func f2() (int, string)               { return 1, "" }
func v(a int, b ...string)            {}
func gen[K comparable, V any](m map[K]V, f func(K) V) {}
func id[T any](x T) T                 { return x }
func mk[T any]() T                    { var x T; return x }
func num[N int | float64](n N) N      { return n }
func two[A, B any](a A, b B)          {}

var i int
var t T

func _() {
	f0(1)
	f1()
	f1(1, 2)
	f1("x")
	f1(f2())
	f1(f0())
	_ = f0()
	_ = f2()
	x := f2()
	x, y, z := f2()
	v()
	v("a")
	v(1, "a", 2)
	v(1, []string{}...)
	v(1, "x", []string{}...)
	v(1, []int{}...)
	f1([]int{}...)
	i()
	T()
	t.m(1)
	t.m(1, 2)
	_, _ = t.m(1, "x")
	var fn func(int)
	fn = f1
	fn = id
	fn(id(1))
	gen(nil, nil)
	gen(map[[]int]int{}, nil)
	gen(map[string]int{}, func(int) int { return 0 })
	gen(map[string]int{}, func(s string) int { return 0 })
	_ = id
	_ = id[int]
	_ = id[int, string]
	_ = id[int]("x")
	_ = mk()
	_ = mk[int]() + mk[string]()
	_ = num("x")
	_ = num(int8(1))
	_ = num[string]
	two(1)
	two(1, nil)
	two[int](1, "x", 2)
	two[int, string, bool](1, "x")
	func() {}()
	func(a int) {}("x")


	go int(1)
	_, _, _ = x, y, z
}

func r0() int               { return }
func r1() int               { return 1, 2 }
func r2() (a int, b string) { return 1 }
func r3() (int, string)     { return f2() }
func r4() (int, int)        { return f2() }
func r5()                   { return 1 }
func r6() int               { return "x" }
func r7() (int, error)      { return 1, "x" }
func r8() int               {}
func r9() func(string) int  { return id }
