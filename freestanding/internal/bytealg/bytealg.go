// Package bytealg has what package runtime looks up in strings.
package bytealg

// IndexByteString is the first place of c in s, or -1.
func IndexByteString(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// MakeNoZero makes a slice whose bytes may be anything; package runtime has it.
func MakeNoZero(n int) []byte
