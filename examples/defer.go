// Rule: a deferred closure outside of loops lives in the frame; in a loop each run needs a record of its own.
// Instead: defer once, or call a function per iteration that defers.
package main

func escapes(n int) (sum int) {
	for i := 0; i < n; i++ {
		defer func() { sum += i }()
	}
	return 0
}

func stays(n int) (sum int) {
	for i := 0; i < n; i++ {
		func() {
			defer func() { sum += i }()
		}()
	}
	return sum
}

func main() {
	println(escapes(3), stays(3))
}
