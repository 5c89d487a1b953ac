// Arrays: bounds checks in tight loops.
package main

func count(n int) int {
	composite := make([]bool, n+1)
	primes := 0
	for i := 2; i <= n; i++ {
		if composite[i] {
			continue
		}
		primes++
		for j := i * i; j <= n; j += i {
			composite[j] = true
		}
	}
	return primes
}

func main() {
	total := 0
	for range 40 {
		total += count(5_000_000)
	}
	println(total)
}
