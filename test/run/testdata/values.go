// Values in memory, methods through interfaces, panics of operations, literals as data.
package main

import (
	"fmt"
	"os"
	"strings"
	"unsafe"
)

type Big struct {
	a [20]int
	s string
}
type Shape interface {
	Area() float64
	Name() string
}
type Sq struct{ s float64 }
type Named struct {
	Shape
	n string
}

func (s Sq) Area() float64   { return s.s * s.s }
func (s Sq) Name() string    { return "sq" }
func (n Named) Name() string { return n.n + n.Shape.Name() }
func (b Big) Sum() (t int) {
	for _, x := range b.a {
		t += x
	}
	return
}
func (b *Big) Set(i, v int) { b.a[i] = v }

type Summer interface{ Sum() int }
type Setter interface{ Set(i, v int) }

func mk(n int) Big {
	var b Big
	for i := range b.a {
		b.a[i] = n * i
	}
	b.s = fmt.Sprint(n)
	return b
}

type Tree[K any, V any] struct {
	l, r *Tree[K, V]
	k    K
	v    V
}

func (t *Tree[K, V]) Insert(k K, v V, less func(a, b K) bool) *Tree[K, V] {
	if t == nil {
		return &Tree[K, V]{k: k, v: v}
	}
	if less(k, t.k) {
		t.l = t.l.Insert(k, v, less)
	} else {
		t.r = t.r.Insert(k, v, less)
	}
	return t
}
func (t *Tree[K, V]) Walk(f func(K, V) bool) bool {
	return t == nil || t.l.Walk(f) && f(t.k, t.v) && t.r.Walk(f)
}
func (t *Tree[K, V]) All() func(func(K, V) bool) {
	return func(yield func(K, V) bool) { t.Walk(yield) }
}

type Opt func(*cfg)
type cfg struct {
	m  map[string]Big
	f  [3]func(int) int
	i  any
	e  error
	ch chan Big
}

func with(name string, b Big) Opt { return func(c *cfg) { c.m[name] = b } }

type E1 struct{ code int }

func (e *E1) Error() string { return fmt.Sprint("e", e.code) }

func may(n int) (b Big, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("rec: %v", r)
		}
	}()
	if n == 0 {
		return b, &E1{3}
	}
	if n == 1 {
		var m map[string]int
		m["x"] = 1
	}
	if n == 2 {
		var s Shape
		s.Area()
	}
	if n == 3 {
		var x any = "str"
		_ = x.(int)
	}
	if n == 4 {
		var x any = 3
		_ = x.(Shape)
	}
	if n == 5 {
		var x Shape
		_ = x.(interface{ Foo() })
	}
	if n == 6 {
		m := map[any]int{}
		m[[]int{1}] = 2
	}
	if n == 7 {
		var a, b any = []int{1}, []int{1}
		_ = a == b
	}
	if n == 8 {
		s := make([]int, n)
		_ = s[n:][1]
	}
	if n == 9 {
		s := make([]int, 2)
		_ = [4]int(s)
	}
	if n == 10 {
		n = -1
		_ = make([]int, n)
	}
	if n == 11 {
		var p *Named
		_ = p.Name()
	}
	if n == 12 {
		var s Setter = (*Big)(nil)
		s.Set(1, 2)
	}
	if n == 13 {
		var sq *Sq
		var sh Shape = sq
		sh.Area()
	}
	if n == 14 {
		var x any = &E1{}
		_ = x.(fmt.Stringer)
	}
	return mk(n), nil
}

var table = map[string]func(...int) int{
	"sum": func(xs ...int) int {
		t := 0
		for _, x := range xs {
			t += x
		}
		return t
	},
	"len": func(xs ...int) int { return len(xs) },
}
var nested = [][]map[string][]int{{{"a": {1, 2}}}, {{"b": {3}}, nil}}
var ptrs = []*Big{{s: "x"}, nil, {a: [20]int{3: 7}}}
var anon = struct {
	A int
	B struct{ C []string }
}{1, struct{ C []string }{[]string{"q"}}}
var ifs = [...]any{1, "a", nil, Sq{2}, &anon, [2]bool{true}, 3 + 4i, uint8(7), 'x', error(nil), []byte("hi")}
var fnv = strings.ToUpper
var mv = Sq{3}.Area

func main() {
	var s Summer = mk(3)
	fmt.Println(s.Sum(), s.(Big).s, s.(Big).Sum())
	b := s.(Big)
	b.Set(0, 100)
	var st Setter = &b
	st.Set(1, 200)
	fmt.Println(b.Sum(), s.Sum())
	m := map[string]Big{"a": mk(1), "b": mk(2)}
	x, ok := m["a"]
	y, ok2 := m["zz"]
	fmt.Println(x.Sum(), ok, y.Sum(), ok2, m["b"].a[3], len(m["q"].s))
	for k, v := range m {
		if v.Sum() == 0 {
			fmt.Println(k)
		}
	}
	arr := [3]Big{mk(1), mk(2)}
	arr2 := arr
	arr2[0].a[1] = 99
	fmt.Println(arr == arr2, arr[0] == mk(1), arr[1].Sum())
	bs := []Big{mk(4)}
	bs = append(bs, mk(5), bs[0])
	bs = append(bs, bs...)
	fmt.Println(len(bs), bs[2].Sum(), bs[4].s)
	n := Named{Sq{2}, "n"}
	var sh Shape = n
	fmt.Println(sh.Area(), sh.Name(), Named.Name(n), (*Named).Area(&n), Shape.Name(sh))
	f := sh.Name
	n.n = "changed"
	fmt.Println(f(), fnv("abc"), mv())
	var t *Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t = t.Insert(w, i, func(a, b string) bool { return a < b })
	}
	for k, v := range t.All() {
		if k == "quick" {
			break
		}
		fmt.Print(k, "=", v, " ")
	}
	fmt.Println()
	c := cfg{m: map[string]Big{}, ch: make(chan Big, 2)}
	for _, o := range []Opt{with("x", mk(7)), with("y", mk(8))} {
		o(&c)
	}
	c.ch <- mk(9)
	c.ch <- c.m["y"]
	fmt.Println(len(c.m), c.m["x"].Sum(), (<-c.ch).Sum(), (<-c.ch).s)
	for i := range 15 {
		b, err := may(i)
		fmt.Println(i, b.s, err)
	}
	fmt.Println(table["sum"](1, 2, 3), table["len"](), nested, len(ptrs), ptrs[2].a[3], anon)
	for _, v := range ifs {
		switch v := v.(type) {
		case int, string:
			fmt.Print("is ", v, "; ")
		case Shape:
			fmt.Print("shape ", v.Name(), "; ")
		case nil:
			fmt.Print("nil; ")
		case fmt.Stringer, error:
			fmt.Print("str/err; ")
		case []byte:
			fmt.Print("bytes ", string(v), "; ")
		default:
			fmt.Printf("%T %v; ", v, v)
		}
	}
	fmt.Println()
	fmt.Fprintf(os.Stdout, "%v %d %q %x %8.3f|%-5s|%+v %T %p\n", ifs[0], []int{1}, "q", "hex", 3.14159, "ab", Sq{1}, m, nil)
	fmt.Println(unsafe.Sizeof(b), strings.Repeat("ab", 3), strings.Split("a,b,c", ","), strings.NewReplacer("a", "1").Replace("banana"))
	var z struct{}
	var e1, e2 any = z, z
	fmt.Println(e1 == e2, [0]int{} == [0]int{}, any(1.0) == any(1), any(int8(1)) == any(int8(1)))
	ms := map[struct{ a, b string }]int{{"x", "y"}: 1}
	ms[struct{ a, b string }{"x", "y"}]++
	mf := map[float64]string{0: "zero", 1.5: "x"}
	var negz = 0.0
	negz = -negz
	fmt.Println(ms, mf[negz], mf)
	mi := map[Shape]int{Sq{1}: 1, Sq{2}: 2, n: 3}
	fmt.Println(mi[Sq{2}], mi[n], mi[Sq{3}])
	clear(mi)
	fmt.Println(len(mi), min("b", "a", "c"), max(1.5, 2))
	type local struct{ x, y int }
	l := []local{{1, 2}, {3, 4}}
	lp := &l[1]
	l = append(l, local{5, 6})
	lp.x = 50
	fmt.Println(l, *lp)
}
