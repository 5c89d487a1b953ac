// Closures and functions as values.
package main

import "fmt"

func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}

func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

func main() {
	k := 3
	f := compose(
		func(x int) int { return x + k },
		func(x int) int { return x ^ 0x55 },
		func(x int) int { return x & 0xffffff },
	)
	next := counter()
	x := 0
	for range 60_000_000 {
		x = f(x)
		if x&1023 == 0 {
			x += next()
		}
	}
	fmt.Println(x, next())
}
