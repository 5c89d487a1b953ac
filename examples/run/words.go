// Counts words with a map, and sorts them.
package main

import "goesc/print"

const text = `the quick brown fox jumps over the lazy dog and the dog barks at the fox
while a lazy cat sleeps over there and dreams of the quick mouse`

func split(s string) []string {
	var words []string
	start := -1
	for i, r := range s + " " {
		switch {
		case r == ' ' || r == '\n':
			if start >= 0 {
				words = append(words, s[start:i])
			}
			start = -1
		case start < 0:
			start = i
		}
	}
	return words
}

func main() {
	counts := map[string]int{}
	for _, w := range split(text) {
		counts[w]++
	}
	var words []string
	for w := range counts {
		at := len(words)
		for at > 0 && (counts[words[at-1]] < counts[w] || counts[words[at-1]] == counts[w] && words[at-1] > w) {
			at--
		}
		words = append(words, "")
		copy(words[at+1:], words[at:])
		words[at] = w
	}
	for _, w := range words {
		print.Line(counts[w], w)
	}
	big := map[int][]string{}
	for i := range 1000 {
		big[i%37] = append(big[i%37], "x")
	}
	for i := range 20 {
		delete(big, i)
	}
	print.Line(len(big), len(big[36]), big[3] == nil)
	sum := 0
	for k, v := range big {
		sum += k * len(v)
	}
	print.Line(sum)
	wide := map[[40]int]float64{{1: 2}: 0.5, {2: 3}: 1.5}
	wide[[40]int{1: 2}]++
	print.Line(len(wide), wide[[40]int{1: 2}])
	any := map[any]string{1: "int", "1": "string", 1.0: "float", [2]int{1, 2}: "array"}
	print.Line(any[1], any["1"], any[1.0], any[[2]int{1, 2}], len(any[nil]))
	clear(any)
	print.Line(len(any))
}
