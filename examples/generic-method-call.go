// Rule: a method of a type parameter is called through the dictionary, so its receiver and arguments escape.
// Instead: pass the function that is to be called, or write the concrete type.
package main

type adder interface{ add(*int) }
type sum struct{ n int }

func (s *sum) add(d *int) { s.n += *d }

func escapes[T adder](t T) {
	d := 1
	t.add(&d)
}

func stays(t *sum) {
	d := 1
	t.add(&d)
}

func main() {
	s := &sum{}
	escapes(s)
	stays(s)
	println(s.n)
}
