// Fields, methods and the interfaces that types fail to implement.
package p

type E1 struct{ x, amb int; Deep *E3 }
type E2 struct{ amb string; *E3 }
type E3 struct{ Y int; amb int }
type T struct { E1; *E2; own int }
type PT *T
type PI *interface{ m() }
func (E1) Val()         {}
func (*E1) Ptr()        {}
func (E3) Both(int)     {}
func (*E2) Over() error { return nil }
func (t T) Over()       {}

type I interface { Val(); Ptr() }
type J interface { Both(int); Over() error }
type K interface { val() }
type V interface { Val(int) (a, b string) }
type W interface { own() }
type X interface { amb() }

func _(t T, p *T, pt PT, pp **T, i I, pi *I, ppi PI) {
	_ = t.amb
	_ = t.Amb
	_ = t.y
	_ = t.Y
	_ = t.nothing
	_ = t.own.more
	t.Ptr()
	T{}.Ptr()
	p.Ptr()
	pt.Ptr()
	_ = pt.own
	pt.Over()
	_ = pp.own
	pi.Val()
	ppi.m()
	_ = T.Over
	_ = T.Ptr
	_ = (*T).Ptr
	_ = T.own
	_ = i.val
	_ = I.Val
	_ = t.Val.x
	_ = t.E3.Deep

	var _ I = t
	var _ I = p
	var _ I = pp
	var _ I = pi
	var _ J = t
	var _ J = E2{}
	var _ J = &E2{}
	var _ K = t
	var _ V = t
	var _ W = t
	var _ X = t
	var _ *I = i
	_ = i.(J)
	_ = i.(T)
	_ = i.(*T)
	_ = i.(K)
	_ = J(i)
	_ = struct{ I }{t}
	_ = struct{ *I }{}
	_ = struct{ pt PT; PT }{}
	_ = struct{ E1; x int }{}.x
	_ = struct{ E1; E3 }{}.amb
}
