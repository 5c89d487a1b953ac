// Rule: a uintptr is no pointer, but one that becomes an unsafe.Pointer again in the same expression carries it along.
// Instead of returning the pointer: use it here.
package main

import "unsafe"

func escapes() *int32 {
	a := [2]int32{1, 2}
	return (*int32)(unsafe.Pointer(uintptr(unsafe.Pointer(&a)) + 4))
}

func stays() int32 {
	a := [2]int32{1, 2}
	return *(*int32)(unsafe.Add(unsafe.Pointer(&a), 4))
}

func main() {
	println(*escapes(), stays())
}
