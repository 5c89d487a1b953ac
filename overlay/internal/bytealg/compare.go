package bytealg

import "unsafe"

func Compare(a, b []byte) int {
	return CompareString(unsafe.String(unsafe.SliceData(a), len(a)), unsafe.String(unsafe.SliceData(b), len(b)))
}

// CompareString gives -1, 0 or 1. Package runtime has it, since compiled code calls it.
//
//go:linkname CompareString runtime.cmpstring
//go:noescape
func CompareString(a, b string) int
