// Rule: the variable of a type switch holds what the interface held; putting it into another interface is a new
// conversion.
// Instead: pass on the interface that is already there.
package main

var sink any

func escapes(v any) {
	switch x := v.(type) {
	case int:
		sink = x
	}
}

func stays(v any) {
	switch v.(type) {
	case int:
		sink = v
	}
}

func main() {
	escapes(1)
	stays(2)
	println(sink.(int))
}
