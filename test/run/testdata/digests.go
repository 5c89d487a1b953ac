// Digests whose code the overlay has: of texts of all lengths around those of blocks, written whole and in pieces.
package main

import (
	"crypto/sha256"
	"fmt"
)

func main() {
	text := make([]byte, 300)
	for i := range text {
		text[i] = byte(i * 7)
	}
	all, pieces := sha256.New(), sha256.New()
	for n := range text {
		sum := sha256.Sum256(text[:n])
		all.Write(sum[:])
		pieces.Write(text[:n/3])
		pieces.Write(text[n/3 : n])
	}
	fmt.Printf("%x %x\n", sha256.Sum224(text), sha256.Sum256(text))
	fmt.Printf("%x\n%x\n", all.Sum(nil), pieces.Sum(nil))
}
