package p

var sink any

func leak(x *int) *int { return x }

func grow(n int) int {
	s := make([]int, n)
	t := append(s[:0:0], n)
	return len(t)
}

func empty() int {
	s := make([]struct{}, 10)
	return len(s)
}

func box() {
	x := 5
	sink = x
}

func nop(*int)  {}
func nop2(*int) {}

func callees(b bool) {
	f := nop
	if b {
		f = nop2
	}
	x := 1
	f(&x)
}

type word struct {
	_ struct{}
	p *int
}

func pack(p *int) { sink = word{p: p} }
