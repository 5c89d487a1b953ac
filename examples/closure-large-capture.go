// Rule: what is larger than 128 bytes is captured by reference, reassigned or not.
// Instead: capture the part that is needed.
package main

type table struct{ cells [17]int }

func escapes() func() int {
	t := table{}
	return func() int { return t.cells[3] }
}

func stays() func() int {
	t := table{}
	cell := t.cells[3]
	return func() int { return cell }
}

func main() {
	println(escapes()(), stays()())
}
