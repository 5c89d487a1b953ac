// Expressions, builtins, conversions, go and defer, static conditions; see compiler-tree.test.ts.
package p

import "unsafe"

type MyB bool
type MyS string
type MyI int
type F func(int) string
type PS *S
type S struct {
	a, b int
	in   *Inner
	Emb
}
type Inner struct {
	v [4]int
	f func()
}
type Emb struct{ *Deep }
type Deep struct{ z map[string][]int }

func (d *Deep) Get(k string, more ...any) (int, bool) { return 0, false }
func (d Deep) Val() int                               { return 1 }

type Getter interface {
	Get(string, ...any) (int, bool)
}
type Big interface {
	Getter
	Val() int
}

var g1, g2 = 1, "a"
var g3 = map[string]int{"x": 1}
var g4 = func() int { return g1 }
var g5, g6 = f2()
var _ = f2x()
var g7 any = f1(3)

func f1(x int) int     { return x }
func f2() (int, error) { return 1, nil }
func f2x() int         { return 1 }
func init()            { g1 = 2 }
func init()            { g1 = 3 }

func consts() {
	const c = 1 << 3
	var f float32 = 1.1
	var d = 1e100
	var cc complex64 = 1 + 2i
	var u8 uint8 = 'a'
	var r = 'x'
	var s MyS = "abc"
	b := len("abc") + c
	var i64 int64 = c
	println(f*2, d/3, cc*cc, u8+1, r, s+"d", b, i64, -f, ^b, +b, !MyB(true))
	var sh uint = 3
	_ = 1 << sh
	_ = i64<<2 | i64>>sh
	i64 <<= sh
	i64 >>= 1
	i64 &^= 3
	var m MyB = b == 3
	m = MyB(b > 2 && m2(m)) || m == (b != 4)
	_ = m
	_ = real(cc) + imag(cc)
	_ = complex(f, f)
	_ = min(b, 2, c)
	_ = max(d, 1)
	_ = uintptr(unsafe.Pointer(&b))
	_ = unsafe.Sizeof(b)
	_ = unsafe.Add(unsafe.Pointer(&b), 3)
	_ = unsafe.Slice(&b, 4)
	_ = unsafe.String(&u8, b)
	_ = unsafe.StringData("a")
	_ = unsafe.SliceData([]int{1})
	_ = unsafe.Offsetof(S{}.b)
}
func m2(b MyB) bool { return bool(b) }

func builtins(xs []int, ss [][]string, m map[string]int, ch chan<- int, p *[5]int, bs []byte, s string) {
	xs = append(xs, 1, 2)
	xs = append(xs, xs...)
	bs = append(bs, s...)
	bs = append([]byte(nil), "abc"...)
	ss = append(ss, nil)
	copy(xs, xs[1:])
	copy(bs, s)
	delete(m, "a")
	clear(m)
	clear(xs)
	close(ch)
	_ = cap(xs) + len(p) + len(m) + len(s) + cap(p)
	_ = make([]int, 3)
	_ = make([]int, len(xs), 10)
	_ = make(map[string]int)
	_ = make(map[string]int, 5)
	_ = make(chan int)
	_ = make(chan int, 2)
	_ = new(int)
	_ = new(S)
	_ = new(5)
	_ = new(f1(3))
	print(1, "a", xs == nil)
	println()
	if r := recover(); r != nil {
		panic(r)
	}
	panic("x")
}

func convs(s string, bs []byte, rs []rune, x any, e error, ms MyS, ps PS) {
	_ = []byte(s)
	_ = string(bs)
	_ = []rune(s)
	_ = string(rs)
	_ = string(rune(65))
	_ = string(rs[0])
	_ = MyS(s)
	_ = string(ms)
	_ = any(s)
	_ = any(x)
	_ = error(e)
	x = e
	_ = interface{ Error() string }(e)
	_ = [2]byte(bs)
	_ = (*[2]byte)(bs)
	_ = float64(len(s))
	_ = int32(len(s))
	_ = uint(len(s))
	_ = MyI(len(s))
	_ = (*S)(ps)
	_ = (*int)(nil)
	_ = F(nil)
	_ = ps.a
	_ = ps.z["a"]
	_ = ps.in.v[1]
	x = nil
	x = (*int)(nil)
	_ = x == nil
	_ = x == e
	_ = x == s
	_ = e == nil
	_ = bs == nil
	type B []byte
	var b B = bs
	bs = b
	type NB byte
	var nb []NB
	_ = string(nb)
	var c chan int
	var rc <-chan int = c
	_ = rc
	_ = x.(string)
	_ = x.(error)
	_ = e.(interface{ Foo() })
}

func calls2(s *S, gt Getter, b Big, fs []func() func(int) int) {
	s.Get("a")
	s.Get("a", 1, s)
	n, ok := s.Emb.Get("b", nil)
	_, _ = n, ok
	_ = s.Val()
	_ = s.Emb.Val()
	gt.Get("x", 1)
	b.Val()
	gt = b
	gt = s
	fs[0]()(1)
	getS().Get("q")
	getG().Get("q")
	<-getCh()
	(<-getCh())()
	func(x int) int { return x }(3)
	vari(1, 2)
	vari()
	vari([]any{1}...)
	vari(f2())
	vari2(f2())
	_ = s.Get
	_ = gt.Get
	_ = (*S).Get
	_ = Getter.Get
	_ = Emb.Val
	_ = s.Val
	s.in.f()
	defer s.in.f()
}
func getS() *S           { return nil }
func getG() Getter       { return nil }
func getCh() chan func() { return nil }
func vari(xs ...any)     {}
func vari2(a any, b any) {}

func gods(s *S, g Getter, x int, m map[string]int, fp func(int) int) {
	go f1(x)
	go s.Get("a", x)
	go g.Get("b", x)
	defer g.Get("b")
	defer fp(3)
	defer fp(x + 1)
	defer func() { recover() }()
	defer func(a int) { println(a, x) }(x)
	defer panic(3)
	defer panic(x)
	defer println("a", x)
	defer recover()
	defer delete(m, "a")
	defer close(make(chan int))
	defer copy([]int{1, x}, []int{x})
	go vari(1, "a", s)
	defer vari(T3{x, 2}, &x)
	go func() {}()
	go noarg()
	defer getS().Val()
	go getF()(x)
	defer sysc(uintptr(unsafe.Pointer(&x)))
}
func sysc(x uintptr)
func getF() func(int) { return nil }
func noarg()          {}

type T3 struct{ a, b int }

func static(x int) int {
	const dbg = false
	if dbg {
		println(func() int { return 1 }())
	}
	if dbg && x > 1 {
		println("no")
	} else if !dbg || x > 3 {
		println("yes")
	} else {
		println("never")
	}
	if x > 2 && dbg {
		println("no2")
	}
	if x > 2 && dbg {
		println("kept")
	}
	if !dbg && x > 1 && !dbg {
		println("shrunk")
	}
	for dbg {
		println("loop")
	}
	for i := 0; x > 3 && dbg; i++ {
		println("loop2")
	}
	for i := 0; false; i++ {
	}
	switch {
	case dbg:
		println("a")
	case !dbg:
		println("b")
	}
	switch x {
	}
	switch y := x; {
	case y > 2:
		break
	}
	if !dbg {
		return 1
	}
	println("dead")
L:
	println("live")
	goto L
}
