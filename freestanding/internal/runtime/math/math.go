// Package math multiplies without losing the overflow.
package math

const MaxUintptr = ^uintptr(0)

// MulUintptr is a*b and whether that does not fit; an operation of the machine.
func MulUintptr(a, b uintptr) (uintptr, bool)
