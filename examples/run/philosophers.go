// Five philosophers share five forks.
package main

import (
	"goesc/print"
	"sync"
	"time"
)

func main() {
	const n, meals = 5, 20
	var forks [n]sync.Mutex
	var eaten [n]int
	var table sync.WaitGroup
	for i := range n {
		table.Go(func() {
			first, second := &forks[i], &forks[(i+1)%n]
			if i == n-1 {
				first, second = second, first // one takes the other fork first, so that they never all wait
			}
			for range meals {
				first.Lock()
				second.Lock()
				eaten[i]++
				time.Sleep(20 * time.Microsecond)
				second.Unlock()
				first.Unlock()
			}
		})
	}
	table.Wait()
	print.Line("meals:", eaten)
}
