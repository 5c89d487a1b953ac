// What the escape analysis keeps in frames, one of each kind.
package main

type pair struct{ a, b int }

func (p *pair) sum() int { return p.a + p.b }

//go:noinline
func use(p *int) { *p++ }

//go:noinline
func call(f func() int) int { return f() }

//go:noinline
func show(x any) int {
	if n, ok := x.(int); ok {
		return n
	}
	return 0
}

//go:noinline
func work(n int) int {
	total := 0
	for i := range n {
		v := i
		use(&v)
		p := &pair{v, 2}
		total += p.sum()
	}
	xs := make([]int, 10)
	xs[n%10] = 3
	ys := make([]int32, n%8)
	m := map[int]int{n: 1}
	q := new(pair)
	q.a = n
	total += len(ys) + len(m) + xs[3] + q.sum()
	total += call(func() int { return total })
	total += show(n)
	var zs []int
	for i := range 3 {
		zs = append(zs, i)
	}
	return total + len(zs)
}

func main() {
	println(work(100), work(7))
}
