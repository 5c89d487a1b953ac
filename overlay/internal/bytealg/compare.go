package bytealg

import "unsafe"

// As for the compiler the functions of this package are written in assembly elsewhere, they are not inlined here either, and
// what escapes in them is what it takes to: only so do programs allocate what they allocate there.

//go:noinline
func Compare(a, b []byte) int {
	return compare(unsafe.String(unsafe.SliceData(a), len(a)), unsafe.String(unsafe.SliceData(b), len(b)))
}

func CompareString(a, b string) int {
	return cmpstring(a, b)
}

// The function that compiled code calls gives -1, 0 or 1. Called as cmpstring, nobody knows that it keeps nothing.
//
//go:linkname cmpstring runtime.cmpstring
func cmpstring(a, b string) int

//go:linkname compare runtime.cmpstring
//go:noescape
func compare(a, b string) int
