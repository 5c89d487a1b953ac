// Ways for a program to fail; the argument says which.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

type point struct{ x, y int }

func (p *point) sum() int { return p.x + p.y }
func (p point) norm() int { return p.x*p.x + p.y*p.y }

type normer interface{ norm() int }
type failing struct{ text string }

func (f failing) Error() string { return f.text }

type named string
type celsius float64
type flag bool
type stringy struct{ n int }

func (s stringy) String() string { return fmt.Sprint("stringy ", s.n) }

type angry struct{}

func (angry) Error() string { panic("angry") }

type big struct{ a [1 << 16]byte }
type tree struct{ left, right *tree }

var (
	zero    int
	one     = 1
	five    = 5
	minus   = -1
	numbers = []int{1, 2, 3}
	array   = [3]int{1, 2, 3}
	text    = "abc"
	nilp    *point
	nilmap  map[string]int
	nilfunc func(int) int
	nilif   normer
	nilany  any
	sink    any
	keep    [][]byte
)

//go:noinline
func recurse(n int) int { return recurse(n+1) + 1 }

//go:noinline
func even(n int) int { return odd(n+1) + 1 }

//go:noinline
func odd(n int) int { return even(n+1) + 1 }

var cases = map[string]func(){
	"index":              func() { println(numbers[five]) },
	"index-negative":     func() { println(numbers[minus]) },
	"index-array":        func() { println(array[five]) },
	"index-string":       func() { println(text[five]) },
	"index-pointer":      func() { p := &array; println(p[five]) },
	"index-unsigned":     func() { println(numbers[uint8(250+five)]) },
	"index-store":        func() { numbers[five] = 1 },
	"slice-high":         func() { println(len(numbers[:five])) },
	"slice-low":          func() { println(len(numbers[five:])) },
	"slice-crossed":      func() { println(len(numbers[one+1 : one])) },
	"slice-negative":     func() { println(len(numbers[minus:])) },
	"slice-string":       func() { println(text[:five]) },
	"slice-string-low":   func() { println(text[five:]) },
	"slice-string-cross": func() { println(text[one+1 : one]) },
	"slice-array":        func() { println(len(array[:five])) },
	"slice3-max":         func() { println(len(numbers[0:1:five])) },
	"slice3-high":        func() { println(len(numbers[:five:3])) },
	"slice3-low":         func() { println(len(numbers[3 : one+1 : 3])) },
	"slice3-array":       func() { println(len(array[:one:five])) },
	"slice-to-array":     func() { println(len([4]int(numbers))) },
	"slice-to-pointer":   func() { println((*[4]int)(numbers)) },
	"nil-read":           func() { println(nilp.x) },
	"nil-read-second":    func() { println(nilp.y) },
	"nil-write":          func() { nilp.y = 1 },
	"nil-method":         func() { println(nilp.sum()) },
	"nil-value-method":   func() { println(nilp.norm()) },
	"nil-wrapper":        func() { var n normer = nilp; println(n.norm()) },
	"nil-interface":      func() { println(nilif.norm()) },
	"nil-map":            func() { nilmap["a"] = 1 },
	"nil-func":           func() { println(nilfunc(1)) },
	"nil-go":             func() { var f func(); go f(); time.Sleep(time.Second) },
	"nil-defer":          func() { var f func(); defer f() },
	"divide":             func() { println(five / zero) },
	"modulo":             func() { println(uint8(five) % uint8(zero)) },
	"shift":              func() { println(1 << minus) },
	"assert":             func() { sink = "x"; println(sink.(int)) },
	"assert-nil":         func() { println(nilany.(int)) },
	"assert-interface":   func() { sink = 1; println(sink.(error)) },
	"assert-nil-iface":   func() { println(nilany.(error)) },
	"assert-from":        func() { var n normer = point{}; println(n.(*point)) },
	"assert-stringer":    func() { var n normer = point{}; println(n.(fmt.Stringer).String()) },
	"unhashable":         func() { m := map[any]int{}; m[numbers] = 1 },
	"uncomparable":       func() { sink = numbers; println(sink == any(numbers)) },
	"make-len":           func() { println(len(make([]int, minus))) },
	"make-huge":          func() { println(len(make([]int, 1<<62))) },
	"make-cap":           func() { println(len(make([]int, 1, zero))) },
	"make-chan":          func() { println(cap(make(chan int, minus))) },
	"make-memory":        func() { println(len(make([]byte, (one+1)<<42))) },
	"grow-huge":          func() { s := make([]big, 1); println(len(append(s, make([]big, 1<<45)...))) },
	"repeat":             func() { println(len(strings.Repeat("x", minus))) },
	"send-closed":        func() { c := make(chan int, 1); close(c); c <- 1 },
	"send-select-closed": func() {
		c := make(chan int)
		close(c)
		select {
		case c <- 1:
		case <-time.After(time.Hour):
		}
	},
	"send-waits-closed":  func() { c := make(chan int); go func() { time.Sleep(time.Millisecond); close(c) }(); c <- 1 },
	"close-nil":          func() { var c chan int; close(c) },
	"close-closed":       func() { c := make(chan int); close(c); close(c) },
	"panic-string":       func() { panic("first\nsecond") },
	"panic-error":        func() { panic(errors.New("an error")) },
	"panic-custom-error": func() { panic(failing{"custom\nerror"}) },
	"panic-stringer":     func() { panic(stringy{3}) },
	"panic-int":          func() { panic(42) },
	"panic-float":        func() { panic(1.5) },
	"panic-complex":      func() { panic(2 + 3i) },
	"panic-bool":         func() { panic(true) },
	"panic-named":        func() { panic(named("n\nm")) },
	"panic-celsius":      func() { panic(celsius(36.6)) },
	"panic-flag":         func() { panic(flag(true)) },
	"panic-struct":       func() { panic(point{1, 2}) },
	"panic-pointer":      func() { panic(&point{1, 2}) },
	"panic-slice":        func() { panic([]int{1}) },
	"panic-nil":          func() { panic(nil) },
	"panic-rune":         func() { panic('x') },
	"panic-uintptr":      func() { panic(uintptr(7)) },
	"panic-angry":        func() { panic(angry{}) },
	"panic-error-nil":    func() { var e *failing; var err error = e; panic(err) },
	"panic-exit":         func() { defer os.Exit(3); panic("lost") },
	"exit-deferred":      func() { defer fmt.Println("not printed"); defer os.Exit(4) },
	"nested":             func() { defer func() { panic("second") }(); panic("first") },
	"nested-recovered": func() {
		defer func() {
			defer func() { recover() }()
			panic("second")
		}()
		panic("first")
	},
	"recovered-then-panic": func() { defer func() { recover(); panic("again") }(); panic("first") },
	"repanic":              func() { defer func() { panic(recover()) }(); panic("same") },
	"repanic-error":        func() { defer func() { panic(recover()) }(); println(five / zero) },
	"repanic-wrapped": func() {
		defer func() { panic(fmt.Sprint("wrapped ", recover())) }()
		panic("inner")
	},
	"repanic-twice": func() {
		defer func() { panic(recover()) }()
		defer func() { panic(recover()) }()
		panic("deep")
	},
	"goroutine":     func() { go func() { panic("in goroutine") }(); time.Sleep(time.Second) },
	"goroutine-arg": func() { go explode(7); time.Sleep(time.Second) },
	"goexit-main": func() {
		go func() {}()
		runtime.Goexit()
	},
	"goexit-deferred": func() {
		done := make(chan bool)
		go func() {
			defer close(done)
			defer fmt.Println("deferred", recover())
			defer runtime.Goexit()
			panic("forgotten")
		}()
		<-done
		panic("end")
	},
	"goexit-panic": func() {
		defer func() { panic("after Goexit") }()
		runtime.Goexit()
	},
	"goexit-recover": func() {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { fmt.Println(recover()) }()
			runtime.Goexit()
		}()
		wg.Wait()
		panic("end")
	},
	"deadlock-receive": func() { <-make(chan int) },
	"deadlock-send":    func() { make(chan int) <- 1 },
	"deadlock-nil":     func() { var c chan int; <-c },
	"deadlock-nilsend": func() { var c chan int; c <- 1 },
	"deadlock-select":  func() { select {} },
	"deadlock-cases": func() {
		a, b := make(chan int), make(chan int)
		select {
		case <-a:
		case b <- 1:
		}
	},
	"deadlock-mutex":  func() { var mu sync.Mutex; mu.Lock(); mu.Lock() },
	"deadlock-rlock":  func() { var mu sync.RWMutex; mu.Lock(); mu.RLock() },
	"deadlock-rwlock": func() { var mu sync.RWMutex; mu.RLock(); mu.Lock() },
	"deadlock-group":  func() { var wg sync.WaitGroup; wg.Add(1); wg.Wait() },
	"deadlock-cond":   func() { c := sync.NewCond(new(sync.Mutex)); c.L.Lock(); c.Wait() },
	"deadlock-several": func() {
		c := make(chan int)
		go wait(c)
		go wait(c)
		var wg sync.WaitGroup
		wg.Add(1)
		wg.Wait()
	},
	"unlock":         func() { var mu sync.Mutex; mu.Unlock() },
	"unlock-rw":      func() { var mu sync.RWMutex; mu.Unlock() },
	"runlock":        func() { var mu sync.RWMutex; mu.RUnlock() },
	"group-negative": func() { var wg sync.WaitGroup; wg.Done() },
	"overflow":       func() { debug.SetMaxStack(64 << 20); recurse(0) },
	"overflow-two":   func() { debug.SetMaxStack(64 << 20); even(0) },
	"map-writes":     func() { m := map[int]int{}; race(func(i int) { m[i]++ }, func(i int) { m[i]++ }) },
	"map-write-read": func() { m := map[int]int{}; race(func(i int) { m[i]++ }, func(i int) { one = m[i] }) },
	"map-string":     func() { m := map[string]int{}; race(func(i int) { m["a"]++ }, func(i int) { one = m["a"] }) },
	"map-iteration": func() {
		m := map[int]int{1: 1}
		race(func(i int) { m[i&1023]++ }, func(int) {
			for k := range m {
				one = k
			}
		})
	},
	"map-delete": func() { m := map[int]int{1: 1}; race(func(i int) { delete(m, i) }, func(i int) { delete(m, i) }) },
	"map-many": func() {
		m := map[int]int{}
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				for k := range 1000 {
					m[k] = i
				}
			})
		}
		wg.Wait()
	},
	"exit":     func() { os.Exit(7) },
	"exit-256": func() { os.Exit(256 + 9) },
}

//go:noinline
func explode(n int) { panic(n) }

func wait(c chan int) { <-c }

// race runs both for ever.
func race(a, b func(int)) {
	for _, f := range []func(int){a, b} {
		go func() {
			for i := 0; ; i++ {
				f(i)
			}
		}()
	}
	time.Sleep(10 * time.Second)
	fmt.Println("nobody noticed")
}

// texts recovers from what each of the cases panics with.
func texts(names []string) {
	for _, name := range names {
		func() {
			defer func() {
				v := recover()
				_, isRuntime := v.(runtime.Error)
				fmt.Printf("%s: %T %v %v\n", name, v, v, isRuntime)
			}()
			cases[name]()
		}()
	}
}

func main() {
	if os.Args[1] == "texts" {
		texts(os.Args[2:])
		return
	}
	cases[os.Args[1]]()
}
