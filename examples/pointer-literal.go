// Rule: &T{...} is an allocation of its own; it escapes when its pointer outlives the function.
// Instead: return T, not *T.
package main

type point struct{ x, y int }

func escapes() *point {
	return &point{1, 2}
}

func stays() point {
	p := &point{1, 2}
	p.x++
	return *p
}

func main() {
	println(escapes().x, stays().x)
}
