// -m=2
package main

func id[T any](v T) T { return v }

func twice(f func() int) int { return f() + f() }

func main() {
	long := 0
	long += id(long) + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + long + func() int { return id(long) + twice(func() int { return id(1) }) }()
	_ = long
}
