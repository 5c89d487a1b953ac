// Package tested has tests that pass, fail, are skipped, run in parallel and measure.
package tested

import "fmt"

// Join writes the numbers below n.
func Join(n int) string {
	s := ""
	for i := range n {
		s += fmt.Sprint(i)
	}
	return s
}
