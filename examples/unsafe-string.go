// Rule: unsafe.String and unsafe.Slice are views: what they look at goes where they go.
// Instead of returning the view: convert, which copies.
package main

import "unsafe"

func escapes() string {
	buf := [2]byte{'g', 'o'}
	return unsafe.String(&buf[0], len(buf))
}

func stays() bool {
	buf := [2]byte{'g', 'o'}
	return unsafe.String(&buf[0], len(buf)) == "go"
}

func main() {
	println(escapes(), stays())
}
