// Rule: a parameter's content leaks when what it points to is kept, not the pointer itself.
// Then the caller's slice may stay, its elements may not.
// Instead: keep values.
package main

var kept *int
var keptValue int

func leaks(s []*int) { kept = s[0] }

func copies(s []*int) { keptValue = *s[0] }

func escapes() {
	x := 1
	leaks([]*int{&x})
}

func stays() {
	x := 1
	copies([]*int{&x})
}

func main() {
	escapes()
	stays()
	println(*kept, keptValue)
}
