package p

import "unsafe"

type (
	I interface{ M() }
	A struct{ x int "tag" }
	B struct{ x int }
	C struct{ y int }
	E string
)

var (
	i  int
	f  float64
	s  string
	e  E
	a  A
	ip *int
	up uintptr
	sl []byte
	sr []rune
	si []int
	fn func(int) string
	ch chan int
	ii I
)

func _() {
	_ = string(f)
	_ = string(i)
	_ = int(s)
	_ = int("x")
	_ = B(a)
	_ = C(a)
	_ = (*B)(&a)
	_ = (*C)(&a)
	_ = []byte(s)
	_ = []byte("x")
	_ = []rune(e)
	_ = []int(s)
	_ = string(sl)
	_ = string(sr)
	_ = string(si)
	_ = [4]byte(sl)
	_ = (*[4]byte)(sl)
	_ = [4]int(sl)
	_ = unsafe.Pointer(ip)
	_ = unsafe.Pointer(up)
	_ = unsafe.Pointer(i)
	_ = uintptr(unsafe.Pointer(ip))
	_ = int(unsafe.Pointer(ip))
	_ = I(a)
	_ = I(nil)
	_ = any(1 << 3)
	_ = (<-chan int)(ch)
	_ = (chan<- string)(ch)
	_ = func(int) string(fn)
	_ = (func(int))(fn)
	_ = int(nil)
	_ = uint8(-1)
	_ = int8(200)
	_ = bool(1)
	_ = float64("x")
	_ = complex64(f)
	_ = int(3.7)
	_ = int(1e100)
	_ = int()
	_ = int(1, 2)
	_ = []int(si...)
	_ = ii.(A)
	_ = ii.(interface{ M(int) })
	_ = i.(int)
	_ = I.M(ii, 1)
}

func g[T ~int | ~string, U int8 | uint8, V any](t T, u U, v V) {
	_ = T(1)
	_ = T("x")
	_ = U(200)
	_ = U(t)
	_ = V(1)
	_ = string(t)
	_ = []byte(t)
	_ = int(v)
	_ = float64(u)
	_ = v.(int)
}
