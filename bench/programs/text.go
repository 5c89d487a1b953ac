// Strings and fmt.
package main

import (
	"fmt"
	"strings"
)

func main() {
	var b strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&b, "line %d: %s has %.2f and %v\n", i, "gopher", float64(i)/7, i%3 == 0)
	}
	text := b.String()
	words := strings.Fields(text)
	seen := 0
	for _, w := range words {
		if strings.Contains(w, "77") || strings.HasPrefix(w, "go") {
			seen++
		}
	}
	upper := strings.ToUpper(text)
	replaced := strings.ReplaceAll(upper, "GOPHER", "rodent")
	fmt.Println(len(text), len(words), seen, strings.Count(replaced, "rodent"), strings.LastIndex(replaced, "LINE"))
}
