// Rule: a value in an interface needs storage of its own; it escapes when the interface does.
// Pointers and constants need none.
// Instead: keep the concrete type.
package main

func escapes(n int) any {
	return n
}

func stays(n int) int {
	var v any = n
	return v.(int)
}

func constant() any {
	return 42
}

func pointer(p *int) any {
	return p
}

func main() {
	x := 1
	println(escapes(1).(int), stays(1), constant().(int), *pointer(&x).(*int))
}
