// Every form of the language; forms.tree is this file as the compiler's own parser reads it (see forms.test.ts).

//go:build go1.21 && (linux || go1.18)

package forms

import "fmt"
import . "math"

//go:generate something
import (
	_ "os"
	str "strings"
)

const a, b int = 1, 2
const (
	c = iota
	d
	_, e = 'x', "é\u00e9"
)

var v []int
var (
	w, x  = 0x1p-2, 3i
	y     map[string][]*int
	f     func(int, ...string) (n int, err error)
	z     = [...]float64{1: .5, 2}
	chans struct {
		a chan int
		b chan<- int
		c <-chan int
		d chan<- chan<- int
		e chan (<-chan int)
	}
)

type (
	alias          = int
	array          [2 * 3]byte
	list[T any]    struct{ next *list[T] }
	pair[K, V any] struct {
		key  K `json:"key"`
		a, b V "tag"
		list[K]
		*array
		str.Builder
		fmt.Stringer `x`
	}
	num interface {
		~int | ~string | []byte
		comparable
		fmt.Stringer
		list[int]
		m(a, b int) (c error)
		n()
	}
	fn[P interface{ *int }, Q any] func(P) Q
	gen[T any]                 = map[int]T
)

//go:noinline
//go:nosplit
func plain() {}

func (l *list[T]) method(a, b int, rest ...interface{}) (res T, _ error) {
	var local, other = 1, 2
	type t struct{}
	const k = 1
	x := 1
	x += 2
	x &^= 3
	x++
	x--
	x, y = y, x
	l.next = nil
	*l = list[T]{next: (*list[T])(l)}
	_ = -x + ^x*+x - (x+1)<<2&^3 == 4 && !false || x <= 5
	_ = v[1:2:3]
	_, _ = v[:], v[x]
	_ = pair[int, string]{1, "x", "y", list[int]{}, nil, str.Builder{}, nil}
	_ = map[string][]int{"a": {1, 2}, "b": {}}
	_ = []struct{ a int }{{1}, {a: 2}}
	_ = &array{}
	_ = &(array{})
	_ = interface{}(x).(int)
	_ = <-chan int(nil)
	_ = (<-chan int)(nil)
	_ = *(*[2]int)(nil)
	_ = func(x int) int { return x }(1)
	plain()
	fmt.Println(v...)
	go plain()
	defer func() { recover() }()
	return
}

func control[T ~int, U interface{ m() }](ch chan int, any interface{}) {
	if x := 1; x > 0 {
	} else if a == b {
	} else {
	}
	for {
		break
	}
	for a < b {
		continue
	}
	for i := 0; i < 10; i++ {
	}
	for ; ; {
	}
	for range 10 {
	}
	for i := range v {
		_ = i
	}
	for i, x = range f() {
	}
outer:
	for {
		for {
			continue outer
		}
		break outer
	}
	switch {
	case a == 1, b == 2:
		fallthrough
	case true:
	default:
		goto done
	}
	switch x := f(); x {
	}
	switch any.(type) {
	}
	switch y := any.(type) {
	case int, *T, []int, nil, <-chan int:
	case func(int) error, map[string]U, struct{}:
		_ = y
	}
	select {
	case x := <-ch:
		_ = x
	case a, ok = <-ch:
	case ch <- 1:
	case <-ch:
	default:
	}
	{
		;
	}
done:
}

func external(x, y int) int

func (recv) noName(int, str.Builder, [2]int, list[int])
