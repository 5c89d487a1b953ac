// Rule: a local that holds a constant for good counts as that constant: no storage is needed to put it into an
// interface.
// Instead of reassigning it: use a variable of its own.
package main

func escapes(flag bool) any {
	x := 5
	if flag {
		x = 6
	}
	return x
}

func stays() any {
	x := 5
	return x
}

func main() {
	println(escapes(true).(int), stays().(int))
}
