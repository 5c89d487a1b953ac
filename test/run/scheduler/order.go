// In which order goroutines run on one processor.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

var log []string

func note(args ...any) { log = append(log, strings.TrimSpace(fmt.Sprintln(args...))) }

func flush(title string) {
	fmt.Println(title, strings.Join(log, " "))
	log = nil
}

func id() string {
	var buf [64]byte
	return strings.Fields(string(buf[:runtime.Stack(buf[:], false)]))[1]
}

func main() {
	runtime.GOMAXPROCS(1)
	var wg sync.WaitGroup
	fmt.Println("main is", id())

	for i := range 10 {
		wg.Go(func() { note(i) })
	}
	wg.Wait()
	flush("last first:")

	for i := range 4 {
		wg.Go(func() {
			for k := range 3 {
				note(i, k)
				runtime.Gosched()
			}
		})
	}
	for range 5 {
		note("main")
		runtime.Gosched()
	}
	wg.Wait()
	flush("Gosched:")

	// More than fit in the ring of a processor.
	sum, late := 0, 0
	for i := range 1000 {
		wg.Go(func() {
			if sum++; sum <= 20 || sum == 1000 {
				note(i)
			}
		})
	}
	wg.Wait()
	flush("overflow:")

	c := make(chan int)
	for i := range 3 {
		wg.Go(func() {
			for v := range c {
				note(i, v)
			}
		})
	}
	for v := range 6 {
		c <- v
	}
	close(c)
	wg.Wait()
	flush("channel:")

	var mu sync.Mutex
	mu.Lock()
	for i := range 4 {
		wg.Go(func() {
			mu.Lock()
			note(i)
			mu.Unlock()
		})
	}
	runtime.Gosched()
	mu.Unlock()
	wg.Wait()
	flush("mutex:")

	// Two that always make each other ready, and one that never parks, keep nobody waiting for long.
	a, b := make(chan int), make(chan int)
	stop := false
	go func() {
		for v := range a {
			b <- v
		}
	}()
	go func() {
		for !stop {
			a <- 1
			<-b
		}
	}()
	go func() {
		n := 0
		for i := 0; i < 1e15 && !stop; i++ {
			n += i
		}
	}()
	time.AfterFunc(20*time.Millisecond, func() { late++ })
	for range 5 {
		time.Sleep(5 * time.Millisecond)
	}
	for late == 0 {
		runtime.Gosched()
	}
	stop = true
	if len(os.Args) > 1 {
		fmt.Println(runtime.NumCPU() > 0, runtime.NumGoroutine() > 0)
	}
	ids := make(chan string)
	go func() { ids <- id() }()
	fmt.Println("another has a number:", <-ids != "")
}
