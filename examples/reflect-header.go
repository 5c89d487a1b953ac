// Rule: storing an address into the Data field of a reflect.SliceHeader counts as storing a pointer.
// Instead: unsafe.Slice says the same and is followed exactly.
package main

import (
	"reflect"
	"unsafe"
)

func escapes() byte {
	buf := [2]byte{1, 2}
	var s []byte
	h := (*reflect.SliceHeader)(unsafe.Pointer(&s))
	h.Data = uintptr(unsafe.Pointer(&buf))
	h.Len, h.Cap = 2, 2
	return s[1]
}

func stays() byte {
	buf := [2]byte{1, 2}
	s := unsafe.Slice(&buf[0], 2)
	return s[1]
}

func main() {
	println(escapes(), stays())
}
