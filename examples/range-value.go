// Rule: the value variable of a range loop is a copy; its address is not the element's.
// Instead: take the address of the element, which is where it was.
package main

func escapes(s []int) *int {
	for _, v := range s {
		if v > 1 {
			return &v
		}
	}
	return nil
}

func stays(s []int) *int {
	for i := range s {
		if s[i] > 1 {
			return &s[i]
		}
	}
	return nil
}

func main() {
	s := []int{1, 2, 3}
	println(*escapes(s), *stays(s))
}
