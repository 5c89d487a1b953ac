// Types whose descriptors are compared with those of the real compiler.
package main

type (
	Int   int
	Bytes []byte
	Str   string
	Fn    func(int, ...string) (Bytes, error)
	Ptr   *Int
	Ch    chan Int
	Iface interface {
		M(int) string
		Reader
		unexported(Int)
	}
	Reader interface {
		Read(p []byte) (n int, err error)
	}
	Point struct{ X, Y int }
	Mixed struct {
		A int8
		B *Point `json:"b,omitempty"`
		_ int16
		C string
		Point
		*Embedded
		d any
		e []Int
		F func()
		G map[string]Point
		H [3]string
		i complex128
		j Iface
		K struct{}
	}
	Embedded struct{ s [2]string }
	Eq       struct {
		a int8
		b int64
		c float32
	}
	Wrap[T any] struct{ v T }
	Big         [300]*int
	OneP        struct{ p *int }
	Map         map[Point]Mixed
	Large       [20]int64
)

func (i Int) Get() int               { return int(i) }
func (i *Int) Set(n int)             { *i = Int(n) }
func (e *Embedded) Promoted() string { return e.s[0] }
func (p Point) String() string       { return "point" }
func (p Point) hidden(n ...int) bool { return len(n) > p.X }
func (w Wrap[T]) Value() T           { return w.v }
func (w *Wrap[T]) SetValue(v T)      { w.v = v }

var values = []any{
	Int(0), (*Int)(nil), Bytes(nil), Str(""), Fn(nil), Ptr(nil), Ch(nil), (*Iface)(nil), Point{}, (*Point)(nil), Mixed{},
	(*Mixed)(nil), (*Embedded)(nil), Eq{}, Wrap[int]{}, (*Wrap[Point])(nil), Wrap[[]Str]{}, Big{}, OneP{}, Map(nil), Large{},
	struct {
		a int
		B string `x:"y"`
	}{}, map[string]int(nil), map[Int]Large(nil), map[any]struct{}(nil), [4]Eq{}, []Wrap[Int](nil), (func(Point) Wrap[string])(nil),
	(<-chan *Point)(nil), (chan<- func())(nil), [0]int{}, [1]*Point{}, struct{}{}, (*interface{ unexported(Int) })(nil),
	map[Large]Point(nil), map[float64]*int(nil), struct{ Point }{}, (*struct{ *Embedded })(nil),
}
