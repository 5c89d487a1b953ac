// Rule: conversions between string and []byte copy; the copy escapes with the result. One that is only read shares the
// string's memory.
// Instead: work on the bytes that are there.
package main

func escapes(s string) []byte {
	return []byte(s)
}

func stays(s string) int {
	sum := 0
	for _, b := range []byte(s) {
		sum += int(b)
	}
	return sum
}

func backEscapes(b []byte) string {
	return string(b)
}

func backStays(b []byte) bool {
	return string(b) == "go"
}

func main() {
	b := escapes("go")
	println(stays("go"), backEscapes(b), backStays(b))
}
