package p

type T struct{ f int }
type S []int

var (
	i  int
	u8 uint8
	f  float64
	s  string
	b  bool
	sl []int
	m  map[string]int
	fn func()
	t  T
	p  *T
	ch <-chan int
	sd chan<- int
	e  any
	er error
)

func _() {
	_ = i + f
	_ = i + "x"
	_ = s - s
	_ = -s
	_ = !i
	_ = ^f
	_ = &i == nil
	_ = &1
	_ = &f0()
	_ = *i
	_ = <-i
	_ = <-sd
	_ = ~i
	_ = ~s
	_ = sl == sl
	_ = fn == fn
	_ = m == m
	_ = t < t
	_ = p < p
	_ = nil == nil
	_ = i == nil
	_ = e == 1.5
	_ = er == 1
	_ = i % 2.5
	_ = f % f
	_ = i / 0
	_ = f / 0
	_ = 1.0 / 0
	_ = 1 / 0i
	_ = b && i
	_ = b || "x"
	_ = 1 << 3.5
	_ = 1 << -1
	_ = 1.5 << 1
	_ = 1 << s
	_ = s << 1
	_ = u8 << 1000
	var _ float64 = 1 << i
	_ = "a" + 1
	_ = nil
	_ = S{} == S{}
	i = i + fn
	i += s
	s -= s
	i <<= s
	_ = struct{ f []int }{} == struct{ f []int }{}
	switch i {
	case "x", nil, 1.5:
	}
	switch sl {
	case nil:
	case sl:
	}
}

func f0() int { return 0 }

func g[P any, Q int | string, N ~int | ~float64](p P, q Q, n N) {
	_ = p == p
	_ = q + q
	_ = q - q
	_ = n * 2
	_ = n % 2
	_ = n < 1
	_ = p + 1
	_ = -q
	var _ P = nil
	var _ Q = 1
	var _ N = 1.5
}
