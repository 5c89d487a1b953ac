// Calls through interfaces, type switches.
package main

import "fmt"

type shape interface{ area() float64 }

type (
	square struct{ side float64 }
	circle struct{ r float64 }
	rect   struct{ w, h float64 }
)

func (s square) area() float64  { return s.side * s.side }
func (c *circle) area() float64 { return c.r * c.r * 3 }
func (r rect) area() float64    { return r.w * r.h }

func kind(s shape) int {
	switch s := s.(type) {
	case square:
		return int(s.side)
	case *circle:
		return 2
	case fmt.Stringer:
		return 3
	default:
		return 4
	}
}

func main() {
	shapes := []shape{square{2}, &circle{3}, rect{4, 5}, square{6}, &circle{1}}
	sum, kinds := 0.0, 0
	for i := range 150_000_000 {
		s := shapes[i%len(shapes)]
		sum += s.area()
		if i&7 == 0 {
			kinds += kind(s)
		}
	}
	fmt.Println(sum, kinds)
}
