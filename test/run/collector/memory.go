// Runs out of memory; but not for garbage, however fast it comes.
package main

import "os"

type node struct {
	next *node
	data [2000]byte
}

var keep, garbage *node

func main() {
	for range 8000 {
		keep = &node{next: keep}
	}
	for range 100000 {
		garbage = &node{}
	}
	os.Stdout.WriteString("garbage is no problem\n")
	for {
		keep = &node{next: keep}
	}
}
