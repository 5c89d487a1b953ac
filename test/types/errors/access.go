package p

import "unsafe"

type (
	Inner struct{ A, b int }
	Outer struct {
		Inner
		*Left
		Right
	}
	Left  struct{ dup int }
	Right struct{ dup int }
	I     interface{ M() }
	List[T any] struct{ v T }
)

func (*Inner) Ptr()      {}
func (Inner) Val(x int)  {}
func (l List[T]) Get() T { return l.v }

var (
	o   Outer
	po  *Outer
	ppo **Outer
	i   int
	s   string
	sl  []int
	ar  [3]int
	pa  *[3]int
	m   map[string]int
	mo  map[int]Outer
	ip  *I
	fn  func()
)

func mk() Outer { return Outer{} }
func arr() [3]int { return ar }

func _() {
	_ = o.A + o.b
	_ = o.a
	_ = o.B
	_ = o.dup
	_ = o.zz
	_ = ppo.A
	_ = i.x
	ip.M()
	mk().Ptr()
	mo[1].Ptr()
	mo[1].A = 2
	_ = Outer.Val
	_ = Outer.Ptr
	_ = (*Outer).Ptr
	_ = Outer.A
	_ = List[int].Get
	_ = List.Get
	_ = unsafe.Foo
	_ = unsafe.pointer
	_ = fn.x
	_ = len.x
	_ = ar[3]
	_ = ar[-1]
	_ = ar["x"]
	_ = ar[1.0]
	_ = ar[1.5]
	_ = pa[5]
	_ = "abc"[3]
	_ = s[1<<70]
	_ = i[0]
	_ = m[1]
	_ = sl[fn]
	"abc"[0] = 1
	_ = sl[2:1]
	_ = sl[i:1]
	_ = ar[1:5]
	_ = arr()[:]
	_ = s[1:2:3]
	_ = sl[1:2:1]
	_ = m[1:2]
	_ = "abc"[1:9]
	_ = i[:]
	_ = (i)[:2]
	var l List
	_ = List[int, string]{}
	_ = l
	undefinedName.x()
	_ = undefinedName
}

func g[A [3]int | [4]int, B []int | map[int]int, C string | []byte, D []int | []string](a A, b B, c C, d D) {
	_ = a[2]
	_ = a[3]
	_ = b[0]
	_ = c[0]
	_ = c[:1]
	_ = d[0]
	_ = d[:]
	c[0] = 1
}
