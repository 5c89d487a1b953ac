// The sieve of Eratosthenes as goroutines: each filters out the multiples of a prime.
package main

func numbers(to chan<- int) {
	for i := 2; ; i++ {
		to <- i
	}
}

func filter(prime int, from <-chan int, to chan<- int) {
	for n := range from {
		if n%prime != 0 {
			to <- n
		}
	}
}

func main() {
	c := make(chan int)
	go numbers(c)
	for range 30 {
		prime := <-c
		println(prime)
		next := make(chan int)
		go filter(prime, c, next)
		c = next
	}
}
