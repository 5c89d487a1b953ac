// Objects and bytes that single operations allocate, by runtime.ReadMemStats.
package main

import (
	"bytes"
	"runtime"
	"strings"
)

var sinkS string
var sinkB []byte
var sinkI any
var sinkIs []int
var sinkM map[int]int
var n4, n5, n100, n33 = 4, 5, 100, 33
var str5, str40 = "hello", "0123456789012345678901234567890123456789"
var byt = []byte("hello world")
var byt40 = []byte(str40)
var m = map[string]int{"hello world": 1}
var i256, i5 = 256, 5
var f15 = 1.5
var runes = []rune("héllo")

type S3 struct{ a, b, c int }

var s3 S3

func measure(name string, f func()) {
	var a, b runtime.MemStats
	f()
	runtime.ReadMemStats(&a)
	for i := 0; i < 10; i++ {
		f()
	}
	runtime.ReadMemStats(&b)
	println(name, (b.Mallocs-a.Mallocs)/10, (b.TotalAlloc-a.TotalAlloc)/10)
}

//go:noinline
func use(s []int) int { return len(s) }

//go:noinline
func useS(s string) int { return len(s) }

//go:noinline
func useB(s []byte) int { return len(s) }

//go:noinline
func wr(s []byte) { s[0] = 'x' }

func appendLoop(n int) int {
	var s []int
	for i := 0; i < n; i++ {
		s = append(s, i)
	}
	return len(s)
}

//go:noinline
func appendRet(n int) []int {
	var s []int
	for i := 0; i < n; i++ {
		s = append(s, i)
	}
	return s
}

//go:noinline
func appendRetCap(n int) ([]int, int) {
	var s []int
	for i := 0; i < n; i++ {
		s = append(s, i)
	}
	return s, cap(s)
}

//go:noinline
func eat(x any) bool { return x == nil }

func main() {
	measure("make4", func() { use(make([]int, n4)) })
	measure("make5", func() { use(make([]int, n5)) })
	measure("makeconst", func() { use(make([]int, 8192)) })
	measure("makeconst+", func() { use(make([]int, 8193)) })
	measure("append4", func() { appendLoop(n4) })
	measure("append5", func() { appendLoop(n5) })
	measure("append100", func() { appendLoop(n100) })
	measure("ret1", func() { sinkIs = appendRet(1) })
	measure("ret4", func() { sinkIs = appendRet(4) })
	measure("ret5", func() { sinkIs = appendRet(5) })
	measure("ret9", func() { sinkIs = appendRet(9) })
	measure("ret100", func() { sinkIs = appendRet(100) })
	measure("retcap3", func() { sinkIs, _ = appendRetCap(3) })
	measure("retcap5", func() { sinkIs, _ = appendRetCap(5) })
	measure("map0", func() { mm := map[int]int{}; mm[1] = 2 })
	measure("map8", func() {
		mm := make(map[int]int, 8)
		for i := 0; i < 8; i++ {
			mm[i] = i
		}
	})
	measure("map9", func() {
		mm := make(map[int]int)
		for i := 0; i < 9; i++ {
			mm[i] = i
		}
	})
	measure("mapesc0", func() { sinkM = map[int]int{} })
	measure("mapesc1", func() { sinkM = map[int]int{}; sinkM[1] = 1 })
	measure("mapesc8", func() { sinkM = make(map[int]int, 8) })
	measure("mapesc9", func() { sinkM = make(map[int]int, 9) })
	measure("mapesc100", func() {
		sinkM = map[int]int{}
		for i := 0; i < 100; i++ {
			sinkM[i] = i
		}
	})
	measure("chan", func() { c := make(chan int); _ = c; close(c) })
	measure("chan4", func() { c := make(chan int, 4); close(c) })
	measure("chan4p", func() { c := make(chan *int, 4); close(c) })
	measure("m[string(b)]", func() { _ = m[string(byt)] })
	measure("m[string(b)]++", func() { m[string(byt)]++ })
	measure("string(b)==", func() { _ = string(byt) == str5 })
	measure("concat<>", func() { sinkS = "<" + string(byt) + ">" })
	measure("range[]byte", func() {
		for range []byte(str40) {
		}
	})
	measure("lenrunes", func() { _ = len([]rune(str40)) })
	measure("rangestring(b)", func() {
		for range string(byt40) {
		}
	})
	measure("[]byte(s)zero", func() { useB([]byte(str40)) })
	measure("[]byte(s)wr", func() { wr([]byte(str5)) })
	measure("[]byte(s)wr40", func() { wr([]byte(str40)) })
	measure("string(b)short", func() { useS(string(byt)) })
	measure("string(b)long", func() { useS(string(byt40)) })
	measure("string(b)esc", func() { sinkS = string(byt) })
	measure("string(b)1", func() { sinkS = string(byt[:1]) })
	measure("string(r)esc", func() { sinkS = string(runes[1]) })
	measure("string(r)", func() { useS(string(runes[1])) })
	measure("concat", func() { useS(str5 + str5) })
	measure("concatlong", func() { useS(str5 + str40) })
	measure("concatesc6", func() { sinkS = str5 + str5 + str5 + str5 + str5 + str5 })
	measure("concatempty", func() { sinkS = str5 + "" + sinkS[:0] })
	measure("[]rune", func() { _ = len(append([]rune(str5), 1)) })
	measure("string(runes)", func() { useS(string(runes)) })
	measure("strings.Compare", func() { i5 = 5 + strings.Compare(string(byt), string(byt[:10])) - 1 })
	measure("bytes.Compare", func() { i5 = 5 + bytes.Compare([]byte(str5), []byte(str40)) - 1 })
	measure("strings.IndexByte", func() { i5 = 5 + 0*strings.IndexByte(string(byt), 'w') })
	measure("strings.Count", func() { i5 = 5 + 0*strings.Count(string(byt), "l") })
	measure("iface5", func() { sinkI = i5 })
	measure("iface256", func() { sinkI = i256 })
	measure("ifacestr", func() { sinkI = str5 })
	measure("ifacebytes", func() { sinkI = byt })
	measure("ifacef", func() { sinkI = f15 })
	measure("ifaces3", func() { sinkI = s3 })
	measure("ifaceconst", func() { sinkI = "const" })
	measure("ifaceconst300", func() { sinkI = 300 })
	measure("ifacelit", func() { sinkI = S3{1, 2, 3} })
	measure("ifaceptr", func() { sinkI = &s3 })
	measure("ifacestack", func() { eat(i256); eat(s3) })
	measure("new", func() { p := new(S3); p.a = 1 })
	measure("newesc", func() { sinkI = new(S3) })
	measure("litesc", func() { sinkI = &S3{1, 2, i5} })
	measure("slicelit", func() { use([]int{1, 2, i5}) })
	measure("slicelitesc", func() { sinkIs = []int{1, 2, i5} })
	measure("bytes", func() { sinkB = []byte("hello") })
	measure("appendmake", func() { sinkIs = append(sinkIs[:0:0], make([]int, n5)...) })
	measure("maplit", func() { mm := map[string]int{"a": 1, "b": i5}; _ = mm })
	measure("mapany", func() { mm := map[any]int{1: 1, i256: i5}; _ = mm[i256] })
}
