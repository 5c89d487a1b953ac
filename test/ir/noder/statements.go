// Statements and the expressions in them; checked against the compiler by compiler-tree.test.ts.
package p

type T struct {
	a int
	b string
	p *int
	E
}
type E struct{ e, f int }

func (e E) M() int       { return e.e }
func (e *E) PM(x ...int) {}

type I interface {
	M() int
	PM(...int)
}

var sink any
var gi I

func add(a, b string) string { return a + b + ("x" + a) }
func calls(t T, tp *T, i I) {
	t.M()
	tp.M()
	t.PM(1, 2, 3)
	tp.PM()
	tp.PM([]int{1, 2}...)
	i.M()
	i.PM(4)
	f := t.M
	g := tp.PM
	h := T.M
	k := (*T).PM
	f()
	g()
	h(t)
	k(tp)
	sink = t.e
	sink = tp.e
}
func two() (int, error) { return 1, nil }
func multi() (any, error) {
	a, err := two()
	var b any
	b, err = two()
	_, _ = a, b
	_ = err
	return two()
}
func use(x any, e error) {}
func commaok(m map[string]int, c chan int, x any) {
	v, ok := m["a"]
	v, ok = m["b"]
	var w any
	w, ok = <-c
	_, ok = x.(string)
	y, ok2 := x.(I)
	use(two())
	use(w, nil)
	_, _, _, _ = v, y, ok2, ok
	m["x"]++
	m["y"] += 2
	m["z"] = 3
}
func slices(a [4]int, p *[4]int, s []int, str string) {
	_ = a[:]
	_ = p[1:2:3]
	_ = s[1:]
	_ = str[2:]
	_ = a[1]
	_ = p[2]
	_ = s[3]
	_ = str[0]
	for i, v := range a {
		_, _ = i, v
	}
	for i := range p {
		_ = i
	}
	for i, r := range str {
		_, _ = i, r
	}
	for range 10 {
	}
	for i := range 10 {
		sink = i
	}
}
func loops(n int) {
	for i := 0; i < n; i++ {
		if i > 3 {
			break
		} else if i == 2 {
			continue
		}
	}
L:
	for {
		for j := range n {
			if j == 2 {
				continue L
			}
			break L
		}
	}
	if x := n; x > 2 && n < 10 {
		println(x, "a")
	}
}
func lits() {
	_ = T{a: 1, E: E{e: 2}}
	_ = &T{}
	_ = []*E{{1, 2}, {f: 3}}
	_ = map[string]E{"a": {1, 2}}
	_ = [...]int{5: 1, 2, 1: 3}
	_ = []any{1, "a", nil, 2.5, 'x', 1i}
	_ = map[any]any{1: 2}
	_ = []rune("héé")
	_ = []byte("abc")
	var t struct{ x int }
	sink = t
	sink = &t
}
func switches(x any, n int, s string) int {
	switch n {
	case 1, 2:
		return 1
	case 3:
		fallthrough
	default:
		n++
	}
	switch y := x.(type) {
	case nil:
		sink = y
	case int, string:
		sink = y
	case []map[string]*int:
		sink = y
	case error:
		sink = y
	default:
		sink = y
	}
	switch {
	case n > 2:
	case x == 1:
	}
	switch x {
	case 1:
	case "a":
	}
	switch s {
	case "a":
	}
	const k = 3
	switch k {
	case 1:
		println("no")
	case 3:
		println("yes")
	}
	return 2
}
func sel(a, b chan int, c chan any, d chan<- any) {
	var x any
	var y int
	var ok bool
	select {
	case x = <-a:
	case y = <-b:
	case z := <-a:
		_ = z
	case y, ok = <-b:
	case x, ok = <-a:
	case w, ok2 := <-c:
		_, _ = w, ok2
	case d <- 1:
	case <-a:
	default:
	}
	_, _, _ = x, y, ok
}
