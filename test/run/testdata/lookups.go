// Strings made of bytes to look something up: which of them are copied.
package main

import (
	"fmt"
	"runtime"
	"unique"
)

var (
	ages  = map[string]int{"x": 1}
	many  = []map[string]int{ages, ages}
	bytes = make([]byte, 100)
	found int
	ok    bool
)

type table map[string]int

func (t table) age(name string) int { return t[name] }

func ageOf(name string) int { return ages[name] }

//go:noinline
func variable(b []byte) int {
	k := string(b)
	return ages[k]
}

//go:noinline
func commaOk(b []byte) (int, bool) {
	k := string(b)
	v, ok := ages[k]
	return v, ok
}

//go:noinline
func remove(b []byte) {
	k := string(b)
	delete(ages, k)
}

//go:noinline
func inlined(b []byte) int { return ageOf(string(b)) + table(ages).age(string(b)) }

//go:noinline
func behindChecks(b []byte, i int) int {
	k := string(b)
	if i > 0 {
		return many[i][k]
	}
	return i
}

//go:noinline
func handle(b []byte) unique.Handle[string] { return unique.Make(string(b)) }

//go:noinline
func changed(b []byte) int {
	k := string(b)
	b[0] = 'z'
	return ages[k]
}

//go:noinline
func changedOnce(b []byte, i int) int {
	k := string(b)
	if i > 0 {
		b[0] = 'z'
	}
	return ages[k]
}

//go:noinline
func inLoop(b []byte, n int) (sum int) {
	k := string(b)
	for range n {
		sum += ages[k]
		b[0]++
	}
	return sum
}

//go:noinline
func usedTwice(b []byte) int {
	k := string(b)
	if v, ok := ages[k]; ok {
		return v
	}
	return len(k)
}

//go:noinline
func stored(b []byte) {
	k := string(b)
	ages[k] = 1
	delete(ages, k)
}

func measure(name string, f func()) {
	var before, after runtime.MemStats
	f()
	runtime.ReadMemStats(&before)
	for range 10 {
		f()
	}
	runtime.ReadMemStats(&after)
	fmt.Println(name, (after.Mallocs-before.Mallocs)/10, (after.TotalAlloc-before.TotalAlloc)/10)
}

func main() {
	measure("variable", func() { found = variable(bytes) })
	measure("comma ok", func() { found, ok = commaOk(bytes) })
	measure("remove", func() { remove(bytes) })
	measure("inlined", func() { found = inlined(bytes) })
	measure("behind checks", func() { found = behindChecks(bytes, 1) })
	measure("handle", func() { handle(bytes) })
	measure("changed", func() { found = changed(bytes) })
	measure("changed once", func() { found = changedOnce(bytes, 1) })
	measure("in a loop", func() { found = inLoop(bytes, 2) })
	measure("used twice", func() { found = usedTwice(bytes) })
	measure("stored", func() { stored(bytes) })

	// What is looked up is what was there when the string was made.
	b := []byte("x")
	fmt.Println(variable(b), changed(b), string(b), variable(b))
	fmt.Println(handle([]byte("x")) == unique.Make("x"), handle([]byte("x")).Value())
}
