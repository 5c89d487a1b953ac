package main

import (
	"fmt"
	"os"

	"trial/lib"
)

type named struct {
	lib.Shape
	n int
}

func main() {
	ch := make(chan lib.Shape, lib.Small(2))
	go func() { ch <- lib.New(3) }()
	fmt.Println(lib.Map([]int{1, 2}, func(n int) string { return fmt.Sprint(n) }), (<-ch).Area())
	if _, err := lib.Find("c"); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	s := lib.New(2)
	n := &named{s, lib.Loops(lib.Text, nil, nil)}
	lib.Values(s, os.Stdout)
	var list lib.List[int]
	list.Push(n.n)
	for i := range list.All() {
		fmt.Println(i, n.Area(), s.Tag(), lib.Sum(1, 2))
	}
}
