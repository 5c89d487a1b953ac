// Everything that is left to chance.
package main

import (
	crand "crypto/rand"
	"fmt"
	"math/rand"
	randv2 "math/rand/v2"
	"sync"
)

func main() {
	m := map[int]bool{}
	for i := range 20 {
		m[i] = true
	}
	for k := range m {
		fmt.Print(k, " ")
	}
	fmt.Println()

	a, b := make(chan int, 100), make(chan int, 100)
	for range 100 {
		a <- 1
		b <- 1
	}
	for range 40 {
		select {
		case <-a:
			fmt.Print("a")
		case <-b:
			fmt.Print("b")
		}
	}
	fmt.Println()

	var mu sync.Mutex
	var wg sync.WaitGroup
	c := make(chan int)
	for i := range 8 {
		wg.Go(func() {
			for k := range 4 {
				mu.Lock()
				fmt.Print(i, k, " ")
				mu.Unlock()
				c <- i
			}
		})
	}
	go func() {
		wg.Wait()
		close(c)
	}()
	for i := range c {
		fmt.Print("<", i, " ")
	}
	fmt.Println()

	// Goroutines that are stopped in their loops.
	turns := make([]int, 3)
	for i := range turns {
		wg.Go(func() {
			for n := 0; n < 3_000_000; n++ {
				if turns[i]++; n%500_000 == 0 {
					fmt.Print(i)
				}
			}
		})
	}
	wg.Wait()
	var secret [4]byte
	crand.Read(secret[:])
	fmt.Println(rand.Int(), randv2.Int(), secret)
}
