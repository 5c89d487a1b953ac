// Rule: hash/maphash.Comparable hashes addresses, which a moving stack would change: values with pointers escape,
// strings and numbers do not.
// Instead: hash what the pointer points to.
package main

import "hash/maphash"

func escapes(seed maphash.Seed) bool {
	x := 1
	return maphash.Comparable(seed, &x) == 0
}

func stays(seed maphash.Seed) bool {
	x := 1
	return maphash.Comparable(seed, x) == 0
}

func main() {
	seed := maphash.MakeSeed()
	println(escapes(seed), stays(seed))
}
