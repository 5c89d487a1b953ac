// Rule: each result of a call is followed on its own; a conversion of one of them to an interface is an allocation.
// Instead: keep the results in variables of their type.
package main

func two() (int, error) { return 1, nil }

func escapes() (any, error) {
	return two()
}

func stays() int {
	n, err := two()
	if err != nil {
		return 0
	}
	return n
}

func main() {
	v, _ := escapes()
	println(v.(int), stays())
}
