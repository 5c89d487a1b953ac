//go:build linux || darwin || windows || !plan9

/* Package lib uses most of the language once: trial runs compile what goesc needs for it. */
package lib

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"sync"
)

//go:generate true

const (
	A = iota + 1
	B
	C
	_    = 'x' + '\n' + '\x41' + '\u00e9'
	Text = "tab\t \"quoted\" \u20ac" + `raw
string`
	Half       = 1.5e3 / 3.0
	Hex        = 0x1p-2
	Big        = 1 << 70 >> 68
	Mask uint8 = ^uint8(0) &^ B
)

type Number interface {
	~int | ~int64 | ~uint8
}

type Real interface {
	Number | ~float64 | ~float32
	cmp.Ordered
}

type Shape interface {
	Area() float64
	fmt.Stringer
}

type Point struct{ X, Y int }

type base struct {
	Point
	name string `json:"name,omitempty"`
	mu   sync.Mutex
	next *base
}

func (b *base) Name() string { return b.name }

func (b base) Tag() string { return "<" + b.name + ">" }

type Square struct {
	*base
	side float64
	opts [4]bool
}

type Alias = map[string][]*Square

type Func func(int, ...string) (int, error)

type List[T any] struct {
	items []T
	less  func(a, b T) bool
}

type node[K cmp.Ordered, V any] struct {
	key         K
	value       V
	left, right *node[K, V]
}

var (
	known         = map[string]Shape{"a": New(1), "b": New(2)}
	table         = [...]string{A: "a", C: "c"}
	primes        = []int{2, 3, 5, 7}
	errBad        = errors.New("lib: bad")
	origin        = Point{Y: 1}
	pointer       = &Point{1, 2}
	fn      Func  = func(n int, rest ...string) (int, error) { return n + len(rest), nil }
	x, y          = pair()
	_       Shape = (*Square)(nil)
	small         = add(1, 2)
)

func pair() (int, string) { return 1, "one" }

func add(a, b int) int { return a + b }

func New(side float64) *Square { return &Square{base: &base{name: "square"}, side: side} }

func (s *Square) Area() float64 { return s.side * s.side }

func (s *Square) String() string { return fmt.Sprintf("%v %s", s.side, s.Name()) }

func (l *List[T]) Push(v T) { l.items = append(l.items, v) }

func (l *List[T]) All() func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		for i, v := range l.items {
			if !yield(i, v) {
				return
			}
		}
	}
}

func (n *node[K, V]) insert(key K, value V) *node[K, V] {
	switch {
	case n == nil:
		return &node[K, V]{key: key, value: value}
	case key < n.key:
		n.left = n.left.insert(key, value)
	default:
		n.right = n.right.insert(key, value)
	}
	return n
}

func Sum[T Real](values ...T) (sum T) {
	for _, v := range values {
		sum += v
	}
	return
}

func Map[T, U any](in []T, f func(T) U) []U {
	out := make([]U, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

// Find looks it up.
func Find(name string) (Shape, error) {
	if s, ok := known[name]; ok {
		return s, nil
	}
	return nil, fmt.Errorf("lib: %q: %w", strings.ToUpper(name), errBad)
}

//go:noinline
func Small(n int) int {
	switch {
	case n < 0:
		return -n
	case n > 10:
		defer func() {
			if r := recover(); r != nil {
				known = nil
			}
		}()
		fallthrough
	case n == 5, n == 6:
		n++
	}
	return n
}

func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case int, uint8:
		return fmt.Sprint(v)
	case string:
		return v + "!"
	case error:
		return v.Error()
	case []byte:
		return string(v)
	case fmt.Stringer:
		return v.String()
	}
	return ""
}

func Loops(text string, grid [][]int, ch chan int) (n int) {
outer:
	for i, row := range grid {
		for j := 0; j < len(row); j++ {
			switch row[j] {
			case 0:
				continue outer
			case 1, 2:
				break outer
			case 'a':
				goto done
			}
			n += row[j]*i ^ j | 1<<uint(j)&3%5
		}
	}
	for _, r := range text {
		if r == '\t' || r >= utf && !(r < 'a') {
			n--
		}
	}
	for range 3 {
		n /= 2
	}
	for {
		select {
		case v, ok := <-ch:
			if !ok {
				break
			}
			n += v
		case ch <- n:
		default:
			goto done
		}
	}
done:
	return n
}

const utf = 0x80

func Values(s *Square, w io.Writer) {
	name := s.Name
	area := (*Square).Area
	p, q := Point{1, 2}, *pointer
	p, q = q, p
	p.X, q.Y = q.Y, p.X
	if p == q && s.Point == origin || s.opts != [4]bool{} {
		fmt.Fprintln(w, name(), area(s), kind(p.X), kind(nil), math.Sqrt(float64(p.Y)))
	}
	bytes := []byte(s.name)
	copy(bytes[1:], "xyz")
	part := bytes[:2:3]
	clear(known)
	delete(known, string(part))
	runes := []rune(s.Tag())
	var array [8]int
	slice := array[2:]
	slice[len(slice)-1] = cap(slice) + min(p.X, 3) + max(1, 2, q.Y)
	counts := map[rune]int{}
	for _, r := range runes {
		counts[r]++
	}
	escapes := new(Point)
	func() { escapes.X = int(real(complex(1, 2))) }()
	var list List[Shape]
	list.Push(s)
	for i, v := range list.All() {
		if i > 1 {
			break
		}
		fmt.Fprint(w, v.Area())
	}
	var root *node[string, int]
	root = root.insert("k", 1)
	sort.Slice(primes, func(i, j int) bool { return primes[i] > primes[j] })
	total := 0
	each(func(n int) { total += n })
	var err error = &failure{code: total, why: errBad}
	var f *failure
	if errors.As(err, &f) {
		panic(f.Error() + table[A] + y)
	}
	go s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = fn(x, "a", "b")
	_ = Sum(1, 2, 3) + Sum[int](primes...)
	_ = Sum(1.5, float64(uint8(total)))
	s.next, _ = s.base, [2]*int{&total, nil}
	if v, ok := any(s).(Shape); ok {
		known["s"] = v
	}
}

func each(f func(int)) {
	for _, p := range primes {
		f(p)
	}
}

type failure struct {
	code int
	why  error
}

func (f *failure) Error() string { return f.why.Error() }
func (f *failure) Unwrap() error { return f.why }

func init() { known["c"] = New(float64(small)) }
