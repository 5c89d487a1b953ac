package main

// The lines from which functions call what they deferred: those of the returns, or, if the calls have records, that of the end.
import (
	"fmt"
	"runtime"
)

func show(s string) {
	for skip := 1; ; skip++ {
		pc, _, line, _ := runtime.Caller(skip)
		fn := runtime.FuncForPC(pc).Name()
		if fn == "main.main" {
			break
		}
		fmt.Print(s, " ", fn, " ", line, "; ")
	}
	fmt.Println()
}

func inLoop(n int) int {
	for i := range n {
		defer show("loop")
		if i == 1 {
			return 3
		}
	}
	return 7
}

func atReturns(n int) (r int) {
	defer show("open")
	if n == 0 {
		return 5
	}
	if n == 1 {
		return 6
	}
	r = n
	return
}

func atEnd() {
	defer show("end")
	show("body")
}

func many(n int) int {
	defer show("1")
	defer show("2")
	defer show("3")
	switch n {
	case 0:
		return 4
	case 1:
		return 5
	case 2:
		return 6
	case 3:
		return 7
	case 4:
		return 8
	}
	return 9
}

func escaping() (r *int, n int) {
	var x int
	defer show("escapes")
	r = &x
	return r, 2
}

func heapResult() (x int, p *int) {
	defer show("heap")
	return 3, &x
}

func recovered() {
	defer show("after")
	defer func() { recover() }()
	panic("x")
}

func recoveredInLoop(n int) {
	for range n {
		defer show("after")
		defer func() { recover() }()
	}
	if n > 1 {
		panic("x")
	}
	show("not reached")
}

func main() {
	fmt.Println(runtime.FuncForPC(1), runtime.FuncForPC(999))
	inLoop(1)
	inLoop(5)
	for i := range 3 {
		atReturns(i)
	}
	atEnd()
	many(0)
	many(9)
	escaping()
	heapResult()
	recovered()
	recoveredInLoop(2)
}
