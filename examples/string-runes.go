// Rule: conversions between string and []rune, and of one rune to string, allocate.
// Instead: range over the string.
package main

func escapes(s string) []rune {
	return []rune(s)
}

func stays(s string) int {
	n := 0
	for range []rune(s) {
		n++
	}
	return n
}

func oneEscapes(r rune) string {
	return string(r)
}

func oneStays(r rune) bool {
	return string(r) == "é"
}

func main() {
	println(string(escapes("é")), stays("é"), oneEscapes('é'), oneStays('é'))
}
