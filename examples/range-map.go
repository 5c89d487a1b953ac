// Rule: keys and values that a range over a map yields are copies in variables of the loop.
// Instead: use them as values.
package main

func escapes(m map[string]int) *int {
	for _, v := range m {
		return &v
	}
	return nil
}

func stays(m map[string]int) int {
	for _, v := range m {
		return v
	}
	return 0
}

func main() {
	m := map[string]int{"a": 1}
	println(*escapes(m), stays(m))
}
