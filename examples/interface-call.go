// Rule: nobody knows which method an interface call reaches, so its receiver and arguments escape.
// Instead: call the method of the concrete type; where the compiler sees the type it does so by itself.
package main

type shape interface{ area(*int) int }
type square struct{ side int }

func (s *square) area(scale *int) int { return s.side * s.side * *scale }

func escapes(s shape) int {
	scale := 2
	return s.area(&scale)
}

func stays(s *square) int {
	scale := 2
	return s.area(&scale)
}

func devirtualized() int {
	scale := 2
	var s shape = &square{3}
	return s.area(&scale)
}

func main() {
	println(escapes(&square{3}), stays(&square{3}), devirtualized())
}
