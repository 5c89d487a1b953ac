// Programs that want more memory than there is.
package main

import "os"

type node struct {
	next *node
	data [100]int
}

var keep *node
var bytes [][]byte
var m = map[int]string{}

//go:noinline
func deep(n int, p *[100]int) int {
	var a [100]int
	a[n%100] = n
	return deep(n+1, &a) + a[3] + p[5]
}

func main() {
	switch os.Args[1] {
	case "list":
		for {
			keep = &node{next: keep}
		}
	case "append":
		var s []int
		for i := 0; ; i++ {
			s = append(s, i)
		}
	case "large":
		for {
			bytes = append(bytes, make([]byte, 10<<20))
		}
	case "huge":
		bytes = append(bytes, make([]byte, 3<<30))
		bytes = append(bytes, make([]byte, 3<<30))
	case "goroutines":
		c := make(chan int)
		for {
			go func() { <-c }()
		}
	case "stack":
		deep(0, new([100]int))
	case "string":
		s := "x"
		for {
			s += s
		}
	case "map":
		for i := 0; ; i++ {
			m[i] = "x"
		}
	}
}
