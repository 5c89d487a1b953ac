// Rule: new makes no promise about the heap; only where its pointer flows counts.
// Instead: let the pointer die with the function.
package main

func escapes() *int {
	p := new(int)
	*p = 3
	return p
}

func stays() int {
	p := new(int)
	*p = 3
	return *p
}

func main() {
	println(*escapes(), stays())
}
