// Rule: all methods of an instantiated type are compiled where it is mentioned.
// Instead of returning pointers to the stack of a generic type: push values.
package main

type stack[T any] struct{ items []T }

func (s *stack[T]) push(v T) { s.items = append(s.items, v) }

func (s *stack[T]) top() *T {
	v := s.items[len(s.items)-1]
	return &v
}

func (s *stack[T]) topValue() T {
	return s.items[len(s.items)-1]
}

func main() {
	var s stack[int]
	s.push(1)
	println(*s.top(), s.topValue())
}
