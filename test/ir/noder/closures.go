// Function literals, range over functions, labels, assignments; see compiler-tree.test.ts.
package p

func seq(yield func(int) bool)          {}
func seq2(yield func(int, string) bool) {}
func seq0(yield func() bool)            {}

func r1() int {
	for i := range seq {
		if i > 2 {
			return i
		}
		if i == 1 {
			continue
		}
		defer println(i)
	}
	return 0
}
func r2() (x int, err error) {
	var k int
	var s string
outer:
	for k, s = range seq2 {
		for range seq0 {
			if k > 2 {
				break outer
			}
			for j := range 3 {
				if j == 2 {
					continue outer
				}
			}
			func() { println(k) }()
		}
	}
	_ = s
	for i := range seq {
		x = i
		if i > 4 {
			return
		}
		goto end
	}
end:
	return x, nil
}
func clos(a int, b *string) func() int {
	c := 1
	f := func() int {
		d := a
		g := func() { c++; d++; println(*b) }
		g()
		return c + d
	}
	for i := 0; i < 3; i++ {
		defer func() { println(i, a) }()
	}
	return f
}

type W struct{ f func() }

func (w *W) meth() { w.f = func() { w.meth() } }

var gv = func(x int) func() int { return func() int { return x } }
var gm = map[string]func(){"a": func() { println(1) }}

func sels(c chan any, d chan int, e error) {
	for {
		select {
		case c <- e:
		case c <- 3:
		case x := <-d:
			println(x)
		case v, ok := <-c:
			println(v, ok)
			return
		}
	}
}
func labels(xs []int) {
outer:
	for _, x := range xs {
	inner:
		switch {
		case x > 1:
			for {
				break inner
			}
		case x > 2:
			continue outer
		case x > 3:
			break outer
		}
	}
sel:
	select {
	default:
		break sel
	}

	{
		if len(xs) > 2 {
			goto done
		}
		println()
	}
	goto done
done:
}
func assigns(m map[string]*[3]int, p *struct{ x, y int }) {
	var a, b int
	a, b = b, a
	var c, d = 1, "x"
	var e, f any = a, d
	m["a"][1], p.x = 2, 3
	*p = struct{ x, y int }{1, 2}
	p.y++
	(*p).y += 2
	x, a := 1, 2
	var _ int = 3
	_, _, _, _, _, _ = c, d, e, f, x, a
	var i, j any
	i, j = a, d
	i, j = two()
	_, _ = i, j
	var g [3]struct{ q [2]int }
	g[1].q[0] = 3
	for i, g[2].q[1] = range []int{1} {
	}
	for m["z"][0] = range 10 {
	}
}
func two() (int, string) { return 1, "" }
func ret() (any, error, string) {
	return 1, nil, "a"
}
func ret2() (a any, b any) {
	defer func() { a = 2 }()
	if true {
		return two()
	}
	return
}
