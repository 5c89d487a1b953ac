// Rule: arguments of a deferred call wait in its closure; outside of loops that is in the frame.
// Instead of deferring in a loop: defer one call that does all.
package main

func show(p *int) { println(*p) }

func escapes() {
	for i := 0; i < 2; i++ {
		x := i
		defer show(&x)
	}
}

func stays() {
	x := 1
	defer show(&x)
}

func main() {
	escapes()
	stays()
}
