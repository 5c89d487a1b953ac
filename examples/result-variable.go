// Rule: a result is a variable of the function; its address in a place that outlives the call moves it.
// Instead: work on a local and return it.
package main

var kept *int
var keptValue int

func escapes() (n int) {
	n = 1
	kept = &n
	return n
}

func stays() (n int) {
	n = 1
	keptValue = n
	return n
}

func main() {
	println(escapes(), stays(), *kept, keptValue)
}
