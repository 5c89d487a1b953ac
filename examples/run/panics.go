// Panics that are recovered from, in the order in which things happen.
package main

import (
	"goesc/print"
	"runtime"
)

func try(name string, f func()) {
	defer func() {
		r := recover()
		_, isRuntime := r.(runtime.Error)
		print.Line(name, "→", r, isRuntime)
	}()
	f()
}

type shape interface{ area() float64 }
type square float64

func (s square) area() float64 { return float64(s * s) }

func main() {
	var list []int
	var table map[string]int
	var pointer *struct{ x int }
	var s shape
	zero := 0
	try("index", func() { list[zero+3]++ })
	try("slice", func() { _ = list[2:zero] })
	try("map", func() { table["x"] = 1 })
	try("nil", func() { pointer.x = 1 })
	try("divide", func() { print.Line(1 / zero) })
	try("method", func() { s.area() })
	try("assertion", func() { _ = any("text").(int) })
	try("interface", func() { _ = any(3).(shape) })
	try("close", func() {
		c := make(chan int)
		close(c)
		close(c)
	})
	try("key", func() { _ = map[any]int{}[list] })
	try("own", func() { panic("enough") })
	try("none", func() {
		for i := range 3 {
			defer print.Line("deferred", i)
		}
	})
	try("again", func() {
		defer func() {
			recover()
			panic("second")
		}()
		panic("first")
	})
	var shapes = []shape{square(1.5), square(2)}
	print.Line(shapes[0].area()+shapes[1].area(), 1e6, 1e21, 0.1+0.2, float32(0.1), 1.0/3, 5e-324, -0.000012345)
	print.Line(true, 'x', uint8(200), int64(-1)<<63, "text", []byte("ab"), 2+3i, nil, struct {
		a int
		b string
	}{1, "two"})
}
