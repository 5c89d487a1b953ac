package p

type (
	I interface{ M() }
	J interface{ M(); N() }
	A struct{ x int }
	B struct{ x int }
	F func(int)
)

func (*A) M()    {}
func (B) M(int)  {}
func two() (int, string) { return 0, "" }
func seq(func(int, string) bool)      {}
func bad1(func(int) int)              {}
func bad2(func(int) bool) int         { return 0 }

var (
	i  int
	s  string
	a  A
	b  B
	pa *A
	ii I
	jj J
	m  map[string]A
	f  F
	ch chan int
	sd chan<- int
)

const k = 1

func _() {
	i = "x"
	i = 1.5
	i = nil
	s = 'x'
	s = i
	ii = a
	ii = pa
	ii = b
	ii = jj
	jj = ii
	pa = a
	a = pa
	a = b
	f = func(string) {}
	f = func(int) {}
	ch = sd
	sd = ch
	i, s = two()
	i, i = two()
	i = two()
	i, s = 1
	i, s = 1, "a", 2
	k = 2
	two() = 1
	m["a"].x = 1
	m["a"] = a
	_ = nil
	_ = two
	"a" = s
	len = 1
	i++
	s++
	x := nil
	i := 1
	i, i := 1, 2
	i, s := 2, "x"

	var v, w int = 1
	var q int = "x"
	var z, zz = i, s, i
	_, ok := m["a"]
	_, ok = ii.(*A)
	_, ok = <-ch
	_, ok = i
	for x := range i {
	}
	for x, y := range 10 {
	}
	for x, y := range "abc" {
		_ = x + y
	}
	for x, y := range m {
		s, a = x, y
		i = x
	}
	for x := range sd {
	}
	for x, y := range ch {
	}
	for range 1.5 {
	}
	for i = range "x" {
	}
	for s = range 3 {
	}
	for x, y := range seq {
		i, s = x, y
	}
	for x := range bad1 {
	}
	for x := range bad2 {
	}
	for range f {
	}
	for range nil {
	}
	for _ := range ch {
	}
	i <- 1
	ch <- "x"
	if i {
	}
	for i {
	}
	_ = v + w + q
	go func() { undefinedThing() }()
}
