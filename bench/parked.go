// 100,000 goroutines that wait for a channel.
package main

import "sync"

func main() {
	const n = 100_000
	start, done := make(chan int), make(chan int)
	var ready sync.WaitGroup
	ready.Add(n)
	for range n {
		go func() {
			ready.Done()
			done <- <-start
		}()
	}
	ready.Wait()
	sum := 0
	for i := range n {
		start <- i
	}
	for range n {
		sum += <-done
	}
	println(sum)
}
