// Functions whose arguments tracebacks show.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

type T struct {
	a int8
	s string
	b bool
}
type Nested struct {
	x struct {
		y struct {
			z struct{ w struct{ v struct{ u int } } }
		}
	}
}
type Empty struct{}
type big struct{ a [4]int64 }

//go:noinline
func use(args ...any) { sink = args }

var sink any

//go:noinline
func stop() { panic("stop") }

//go:noinline
func ints(a int, b uint8, c int16, d bool, e float64) int {
	stop()
	return a + int(b) + int(c) + int(e) + map[bool]int{true: 1}[d]
}

//go:noinline
func str(s string, b []byte) int {
	stop()
	return len(s) + len(b) + cap(b)
}

//go:noinline
func many(a, b, c, d, e, f, g, h, i, j, k, l int) int {
	stop()
	return a + b + c + d + e + f + g + h + i + j + k + l
}

//go:noinline
func structs(t T, n Nested, e Empty) int {
	stop()
	return int(t.a) + len(t.s) + n.x.y.z.w.v.u + map[bool]int{true: 1}[t.b]
}

//go:noinline
func iface(v any, err error) string {
	stop()
	return fmt.Sprint(v, err)
}

//go:noinline
func unused(a int, b string) {
	stop()
}

//go:noinline
func array(a [3]int, z [0]int, p *int) int {
	stop()
	return a[0] + *p
}

//go:noinline
func bigs(b big, n int) int {
	stop()
	return int(b.a[3]) + n
}

func (t *T) method(n int) int {
	stop()
	return int(t.a) + n
}

func (t T) value(n int) int {
	stop()
	return int(t.a) + n
}

//go:noinline
func generic[X any](x X, n int) X {
	stop()
	sink = n
	return x
}

//go:noinline
func result(n int) (r [40]int) {
	stop()
	r[n] = n
	return
}

//go:noinline
func index(s []int, i int) int {
	return s[i]
}

func inlined(n int) int { return index(nil, n) + n }

//go:noinline
func closure(n int) func(int) int {
	return func(k int) int {
		stop()
		return n + k
	}
}

//go:noinline
func cplx(c complex128, f float32) float64 {
	stop()
	return real(c) + float64(f)
}

//go:noinline
func param(n int) int {
	n++
	use()
	n *= 2
	stop()
	return n
}

//go:noinline
func loop(n int) int {
	s := 0
	for i := 0; i < n; i++ {
		if i == 3 {
			stop()
		}
		s += i
	}
	return s
}

//go:noinline
func moved(n int) *int {
	stop()
	return &n
}

var cases = map[string]func(){
	"ints":     func() { ints(-1, 255, -3, true, 1.5) },
	"str":      func() { str("hello", make([]byte, 3, 8)) },
	"many":     func() { many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) },
	"structs":  func() { structs(T{1, "abc", true}, Nested{}, Empty{}) },
	"iface":    func() { iface(3, errors.New("x")) },
	"unused":   func() { unused(1, "x") },
	"array":    func() { array([3]int{1, 2, 3}, [0]int{}, new(int)) },
	"bigs":     func() { bigs(big{[4]int64{1, 2, 3, 4}}, 5) },
	"method":   func() { new(T).method(3) },
	"value":    func() { T{5, "xy", false}.value(3) },
	"generic":  func() { generic("x", 3) },
	"generics": func() { generic(T{}, 3) },
	"result":   func() { fmt.Println(result(3)) },
	"index":    func() { index([]int{1, 2, 3}, 5) },
	"inlined":  func() { inlined(9) },
	"closure":  func() { closure(3)(4) },
	"cplx":     func() { cplx(1+2i, 3) },
	"param":    func() { param(4) },
	"loop":     func() { loop(10) },
	"moved":    func() { moved(10) },
	"repeat":   func() { strings.Repeat("x", -1) },
	"goroutine": func() {
		c := make(chan int)
		go func(n int, s string) {
			stop()
			c <- n + len(s)
		}(7, "seven")
		<-c
	},
	"named": func() {
		c := make(chan int)
		go ints(1, 2, 3, true, 2.5)
		<-c
	},
}

// show prints the frames at which f panics.
func show(f func()) {
	defer func() {
		recover()
		os.Stdout.Write(debug.Stack())
	}()
	f()
}

func main() {
	for _, name := range os.Args[1:] {
		fmt.Println(name)
		show(cases[name])
	}
}
