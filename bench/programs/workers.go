// Buffered channels, a mutex, a wait group.
package main

import (
	"fmt"
	"sync"
)

func main() {
	jobs := make(chan int, 64)
	var (
		mu    sync.Mutex
		total int
		wg    sync.WaitGroup
	)
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range jobs {
				s := 0
				for i := range n % 64 {
					s += i * n
				}
				mu.Lock()
				total += s
				mu.Unlock()
			}
		}()
	}
	for i := range 2_000_000 {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	fmt.Println(total)
}
