// Rule: //go:uintptrescapes makes pointers that are converted to uintptr in an argument escape.
// Instead: a function without the directive does not even see that it was a pointer.
package main

import "unsafe"

//go:uintptrescapes
func address(p uintptr) bool { return p != 0 }

func plain(p uintptr) bool { return p != 0 }

func escapes() bool {
	x := 1
	return address(uintptr(unsafe.Pointer(&x)))
}

func stays() bool {
	x := 1
	return plain(uintptr(unsafe.Pointer(&x)))
}

func main() {
	println(escapes(), stays())
}
