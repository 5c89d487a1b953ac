// Squares numbers in three workers, and gives up when asked to.
package main

import (
	"goesc/print"
	"sync"
)

func worker(jobs <-chan int, done <-chan struct{}, results chan<- int) {
	for {
		select {
		case n, ok := <-jobs:
			if !ok {
				return
			}
			results <- n * n
		case <-done:
			return
		}
	}
}

func main() {
	jobs := make(chan int, 4)
	done := make(chan struct{})
	results := make(chan int)
	var workers sync.WaitGroup
	for range 3 {
		workers.Go(func() { worker(jobs, done, results) })
	}
	go func() {
		for i := range 100 {
			jobs <- i + 1
		}
		close(jobs)
		workers.Wait()
		close(results)
	}()
	sum, count := 0, 0
	for r := range results {
		sum += r
		count++
	}
	close(done)
	print.Line(count, "squares, sum", sum)

	var nothing chan int
	select {
	case <-nothing:
		print.Line("never")
	case _, ok := <-done:
		print.Line("closed:", !ok)
	}
}
