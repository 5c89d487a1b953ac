// Rule: a label with a jump back to it is a loop: what is declared after it is new each time round.
// Instead: declare before the label.
package main

func escapes() int {
	var last *int
	n := 0
again:
	x := n
	last = &x
	n++
	if n < 3 {
		goto again
	}
	return *last
}

func stays() int {
	var last *int
	var x int
	n := 0
again:
	x = n
	last = &x
	n++
	if n < 3 {
		goto again
	}
	return *last
}

func main() {
	println(escapes(), stays())
}
