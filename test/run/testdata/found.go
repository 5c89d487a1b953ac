// What programs of Go's own corpus and of others once told apart from the real toolchain.

package main

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"
)

var first, second any = any(nil).(bool)
var numbers = map[int]int{1: 2}
var element, present any = numbers[1]

func tuplesToInterfaces() {
	ch := make(chan string, 1)
	ch <- "x"
	var value, ok any
	value, ok = <-ch
	fmt.Println(first, second, element, present, value, ok)
}

// Neighbouring fields are hashed as one.
type key struct {
	a, b int32
	c    float64
}

func mapsOfReflection() {
	k := key{1, 2, 3}
	m := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[key](), reflect.TypeFor[bool]()))
	m.SetMapIndex(reflect.ValueOf(k), reflect.ValueOf(true))
	type named map[key]bool
	var x named
	reflect.ValueOf(&x).Elem().Set(m)
	fmt.Println(x[k])
}

// watched is an object that tells when it is collected.
type watched struct{ next *watched }

func watch() (*watched, *bool) {
	gone := new(bool)
	w := &watched{&watched{}}
	runtime.SetFinalizer(w, func(*watched) { *gone = true })
	return w, gone
}

func collect() {
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
}

//go:noinline
func elements(list []*watched) int { return len(list) }

// Variables whose address was taken die with their last mention, unless something else points to them.
func variablesInFrames() {
	w, gone := watch()
	list := [10]*watched{w}
	w = nil
	n := elements(list[:])
	collect()
	fmt.Println("not mentioned again:", n, *gone)

	w, gone = watch()
	list2 := [10]*watched{w}
	w = nil
	rest := list2[:]
	collect()
	fmt.Println("pointed to:", *gone)
	n = elements(rest)
	collect()
	fmt.Println("no more:", n, *gone)

	w, gone = watch()
	func() {
		held := [4]*watched{w}
		w = nil
		defer func() {
			fmt.Println("deferred:", held[0] != nil, *gone)
		}()
		collect()
	}()
	collect()
	fmt.Println("after that:", *gone)
}

//go:noinline
//go:uintptrescapes
func unsafely(p uintptr, gone *bool) bool {
	collect()
	return *gone
}

func uintptrs() {
	w, gone := watch()
	fmt.Println("as a uintptr:", unsafely(uintptr(unsafe.Pointer(w)), gone))
	collect()
	fmt.Println("afterwards:", *gone)
}

//go:noinline
func valueOf(n int) reflect.Value {
	runtime.GC()
	p := new([2]int)
	p[0] = n
	return reflect.ValueOf(p)
}

//go:noinline
func firsts(p, q unsafe.Pointer) {
	fmt.Println("firsts:", *(*int)(p), *(*int)(q))
}

func uintptrResults() {
	firsts(unsafe.Pointer(valueOf(1).Pointer()), unsafe.Pointer(valueOf(2).Pointer()))
	var p interface{ Pointer() uintptr } = valueOf(3)
	firsts(unsafe.Pointer(p.Pointer()), unsafe.Pointer(valueOf(4).Pointer()))
}

func sent() {
	c := make(chan [3]*watched)
	w, gone := watch()
	go func() {
		c <- [3]*watched{w}
	}()
	runtime.Gosched()
	w = nil
	collect()
	v := <-c
	fmt.Println("sent:", v[0] != nil, *gone)
}

// A deferred call of nil panics when it is made.
func deferredNil() {
	defer func() {
		fmt.Println("deferred nil:", recover())
	}()
	var f func()
	defer f()
	panic("replaced")
}

type words struct{ a, b, c uintptr }

var third = unsafe.Offsetof(words{}.c)

func setThird(w *words, x uintptr) {
	*(*uintptr)(unsafe.Pointer(uintptr(unsafe.Pointer(w)) + third)) = x
}

//go:noinline
func deep(n int) (sum int) {
	var big [64]int
	if n > 0 {
		sum = deep(n - 1)
	}
	big[sum%64] = n
	return sum + big[n%64]%2
}

// The address of a variable, as a number, is another one after the stack has moved.
func addressesOnStacks() {
	done := make(chan bool)
	go func() {
		var w words
		setThird(&w, 1)
		deep(100)
		setThird(&w, 2)
		fmt.Println(w)
		done <- true
	}()
	<-done
}

func main() {
	deferredNil()
	variablesInFrames()
	uintptrs()
	uintptrResults()
	sent()
	tuplesToInterfaces()
	mapsOfReflection()
	addressesOnStacks()
}
