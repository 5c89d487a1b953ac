// Rounds that take long each do not keep others from running for long.
package main

import (
	"fmt"
	"sync/atomic"
	"time"
)

func count(list []byte, done *atomic.Bool) int {
	rounds, sum := 0, 0
	for ; rounds < 6000 && !done.Load(); rounds++ {
		for _, b := range list {
			sum += int(b)
		}
	}
	if sum != 0 {
		panic(sum)
	}
	return rounds
}

func main() {
	var done atomic.Bool
	go func() {
		time.Sleep(time.Millisecond)
		done.Store(true)
	}()
	time.Sleep(0)
	rounds := count(make([]byte, 200_000), &done)
	fmt.Println(rounds < 4000)
	if rounds >= 4000 {
		fmt.Println(rounds, "rounds")
	}
}
