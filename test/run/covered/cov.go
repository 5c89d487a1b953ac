package cov

import "fmt"

var table = map[string]func(int) int{
	"a": func(x int) int { return x + 1 },
	"b": func(x int) int {
		if x > 0 {
			return 1
		}
		return 2
	},
}

type T struct{ n int }

func (t *T) M(x int) (r string) {
	defer func() {
		if e := recover(); e != nil {
			r = fmt.Sprint(e)
		}
	}()
	if x == 0 {
		return "zero"
	} else if x == 1 {
		t.n++
	} else { // comment with else {
		panic("no")
	}
	switch y := x; {
	case y > 0:
		for i := range 3 {
			if i == 2 {
				continue
			}
			t.n += i
		}
		fallthrough
	default:
		t.n--
	}
	switch {
	}
	select {
	default:
	}
	return
}

func lab(n int) int {
outer:
	for i := 0; i < n; i++ {
		switch {
		case i == 2:
			break outer
		case i == 100:
		}
	}
	x := 0
again:
	x++
	if x < 3 {
		goto again
	}
	func() {
		x += 2
	}()
	var f = func() int { return x }
	defer func() {}()
	{
		x = f()
	}
	ch := make(chan int, 1)
	ch <- x
	var a, b int
	a, b = b, a
	switch v := any(x).(type) {
	case int:
		x = v + a
	case string:
	}
	return x
}

func never() {
	if a := 1; func() bool { return a > 2 }() {
		println("x")
	}
}

func empty() {}
func _()     { println() }
