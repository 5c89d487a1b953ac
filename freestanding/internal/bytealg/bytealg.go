// Package bytealg has what package runtime looks up in strings; the rest is in the overlay.
package bytealg

// MaxLen is the length of the longest string that Index looks for.
var MaxLen int

// MakeNoZero makes a slice whose bytes may be anything; package runtime has it.
func MakeNoZero(n int) []byte
