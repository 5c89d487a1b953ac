// Rule: the variable of a range over an integer is new in each iteration, as every loop variable.
// Instead: pass its value on.
package main

var kept *int
var keptValue int

func escapes() {
	for i := range 3 {
		kept = &i
	}
}

func stays() {
	for i := range 3 {
		keptValue = i
	}
}

func main() {
	escapes()
	stays()
	println(*kept, keptValue)
}
