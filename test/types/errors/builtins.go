package p

import "unsafe"

type T struct {
	a int8
	b int64
	*Q
}
type Q struct{ q int }

func (T) m() {}

var (
	i  int
	f  float64
	s  string
	b  []byte
	sl []int
	m  map[string]int
	ch chan int
	ro <-chan int
	t  T
	ar [3]int
)

func two() (int, int) { return 1, 2 }

func _() {
	_ = append()
	_ = append(i, 1)
	_ = append(sl, "x", 2)
	_ = append(sl, sl)
	_ = append(sl, sl...)
	_ = append(b, s...)
	_ = append(b, "x"...)
	_ = append(nil, 1)
	_ = append(sl, two())
	append(sl, 1)
	_ = cap(m)
	_ = len(i)
	_ = len(ar, ar)
	_ = cap("x")
	clear(i)
	clear(m)
	close(i)
	close(ro)
	_ = complex(1, f)
	_ = complex(i, i)
	_ = complex(f, float32(1))
	_ = complex("x", 1)
	_ = copy(sl, b)
	_ = copy(b, s)
	_ = copy(i, sl)
	_ = copy(sl, 1)
	delete(sl, 1)
	delete(m, 1)
	delete(m)
	_ = imag(f)
	_ = real("x")
	_ = make(int)
	_ = make([]int)
	_ = make([]int, -1)
	_ = make([]int, 2, 1)
	_ = make([]int, 1, 2, 3)
	_ = make(map[int]int, "x")
	_ = make(chan int, 1.5)
	_ = make([]int, f)
	_ = max()
	_ = max(1, "x")
	_ = min(i, f)
	_ = min(m)
	_ = max(i, 2.5)
	_ = new(int, 1)
	_ = new(1)
	_ = new(nil)
	_ = new(two())
	panic()
	panic(nil)
	print(nil)
	println(1<<100, s, i)
	recover(1)
	_ = unsafe.Add(1, 2)
	_ = unsafe.Alignof(two())
	_ = unsafe.Offsetof(t)
	_ = unsafe.Offsetof(t.b)
	_ = unsafe.Offsetof(t.q)
	_ = unsafe.Offsetof(t.m)
	_ = unsafe.Offsetof(t.zz)
	_ = [unsafe.Offsetof(t.b)]int{} == [8]int{}
	_ = [unsafe.Sizeof(t)]int{} == [24]int{}
	_ = unsafe.Slice(i, 1)
	_ = unsafe.Slice(&i, -1)
	_ = unsafe.SliceData(i)
	_ = unsafe.String(&i, 1)
	_ = unsafe.StringData(1)
	_ = len
	len(s)
	_ = len(s...)
	_ = unsafe.Sizeof
	const n = len([10]int{})
	const k = len([1]int{two})
	const l = len([1]int{cap(sl)})
	go append(sl, 1)
	defer len(s)
	defer panic(1)
}

func g[S []int | []string, M map[int]int | map[string]int, C complex64 | complex128](s S, m M, c C) {
	_ = append(s, 1)
	_ = len(s) + cap(s)
	delete(m, 1)
	clear(m)
	_ = real(c)
	_ = make(S, 1)
	_ = make(M)
	_ = unsafe.Sizeof(s)
}
