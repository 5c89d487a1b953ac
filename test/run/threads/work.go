package main

// What threads may do to each other: counters, locks, channels, allocation, collections, timers, panics, pools.
import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	var wg sync.WaitGroup
	var a atomic.Int64
	var mu sync.Mutex
	m := 0
	ch := make(chan int)
	sum := 0
	done := make(chan bool)
	go func() {
		for v := range ch {
			sum += v
		}
		done <- true
	}()
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := 0; k < 20000; k++ {
				a.Add(1)
				mu.Lock()
				m++
				mu.Unlock()
				if k%10 == 0 {
					ch <- k
				}
			}
		}()
	}
	wg.Wait()
	close(ch)
	<-done
	fmt.Println(a.Load(), m, sum)

	// Allocation from all, with collections.
	var total atomic.Int64
	for i := 0; i < 6; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			type node struct {
				l, r *node
				v    int
			}
			var mk func(d int) *node
			mk = func(d int) *node {
				if d == 0 {
					return &node{v: 1}
				}
				return &node{mk(d - 1), mk(d - 1), d}
			}
			var count func(n *node) int
			count = func(n *node) int {
				if n == nil {
					return 0
				}
				return 1 + count(n.l) + count(n.r)
			}
			keep := mk(12)
			for k := 0; k < 20; k++ {
				total.Add(int64(count(mk(10))))
				s := make([]string, 0)
				for j := 0; j < 50; j++ {
					s = append(s, fmt.Sprint(j, k))
				}
				if s[49] != fmt.Sprint(49, k) {
					panic("bad")
				}
			}
			total.Add(int64(count(keep)))
		}()
	}
	wg.Wait()
	fmt.Println(total.Load())
	runtime.GC()

	// Select, timers.
	t := time.NewTicker(time.Millisecond)
	var n atomic.Int64
	quit := make(chan int)
	go func() {
		for n.Load() <= 2 {
			time.Sleep(time.Millisecond)
		}
		close(quit)
	}()
loop:
	for {
		select {
		case <-t.C:
			n.Add(1)
		case <-quit:
			break loop
		}
	}
	fmt.Println(n.Load() > 2)

	// Many parked.
	gate := make(chan int)
	res := make(chan int, 100)
	for i := 0; i < 10000; i++ {
		go func() {
			res <- <-gate + i
		}()
	}
	go func() {
		for i := 0; i < 10000; i++ {
			gate <- 1
		}
	}()
	s := 0
	for i := 0; i < 10000; i++ {
		s += <-res
	}
	fmt.Println(s)

	// Panics in goroutines
	for i := 0; i < 100; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() {
				if r := recover(); r == nil {
					panic("no")
				}
			}()
			if i%3 == 0 {
				var c chan int
				close(c)
			} else if i%3 == 1 {
				c := make(chan int)
				close(c)
				c <- 1
			}
			var x any = i
			_ = x.(fmt.Stringer)
		}()
	}
	wg.Wait()
	var once sync.Once
	var p sync.Pool
	p.New = func() any { return new([64]int) }
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := 0; k < 2000; k++ {
				x := p.Get().(*[64]int)
				for j := range x {
					if x[j] != 0 {
						panic("pool shared")
					}
					x[j] = i + 1
				}
				clear(x[:])
				p.Put(x)
				once.Do(func() { fmt.Println("once") })
			}
		}()
	}
	wg.Wait()
	// What a collection finds is finalized without another one.
	freed := make(chan bool)
	runtime.SetFinalizer(new([64]int), func(*[64]int) { freed <- true })
	runtime.GC()
	fmt.Println("end", <-freed)
}
