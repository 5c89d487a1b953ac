// Names of generic functions where a program asks for them: without the shapes that they are made for.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"runtime/pprof"
	"strings"
)

//go:noinline
func deep[T any](f func()) T  { var t T; f(); return t }
func inl[T any](t T) []string { return names() }

type G[K comparable] struct{ m map[K]int }

//go:noinline
func (g *G[K]) at(k K) (out []string) {
	out = inl(k)
	func() { out = append(out, names()...) }()
	return
}

//go:noinline
func names() (out []string) {
	pcs := make([]uintptr, 4)
	fs := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := fs.Next()
		out = append(out, f.Function, runtime.FuncForPC(f.PC).Name())
		if !more || f.Function == "main.main" {
			return
		}
	}
}

func main() {
	fmt.Println(deep[int](func() {
		for _, n := range (&G[string]{}).at("x") {
			fmt.Println(n)
		}
	}))
	for _, n := range (&G[[2]int8]{}).at([2]int8{}) {
		fmt.Println(n)
	}
	fmt.Println(runtime.FuncForPC(reflect.ValueOf(deep[string]).Pointer()).Name())
	var b strings.Builder
	deep[map[string]int](func() { pprof.Lookup("goroutine").WriteTo(&b, 1) })
	i := strings.Index(b.String(), "main.deep[")
	fmt.Println(strings.Split(b.String()[i:], "+")[0])
}
