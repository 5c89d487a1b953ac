package p

type (
	P struct{ X, Y int }
	Q struct {
		P
		z string
	}
)

var (
	_ = P{1, 2}
	_ = P{1}
	_ = P{1, 2, 3}
	_ = P{X: 1, 2}
	_ = P{1, Y: 2}
	_ = P{X: 1, X: 2}
	_ = P{Z: 1}
	_ = P{x: 1}
	_ = P{"a", 1.5}
	_ = P{1: 2}
	_ = Q{X: 1}
	_ = &Q{P{}, 1}
	_ = [2]int{1, 2, 3}
	_ = [2]int{5: 1}
	_ = [...]int{5: 1, 2, 5: 3}
	_ = [...]string{1, "x"}
	_ = []int{1: 1, 1: 2}
	_ = []int{-1: 1}
	_ = []int{"a": 1}
	_ = []P{{1, 2}, {X: 1}, {1}}
	_ = []*P{{1, 2}, &P{}, {Z: 1}}
	_ = map[string]int{"a": 1, "b": 2, "a": 3}
	_ = map[string]int{1: 1}
	_ = map[string]int{"a"}
	_ = map[any]int{1: 1, 1.0: 2, 1: 3, "x": 1, 'x': 2}
	_ = map[float64]int{1: 1, 1.0: 2}
	_ = map[P]string{{1, 2}: "x", {1}: "y"}
	_ = map[bool]int{true: 1, false: 2, true: 3}
	_ = int{1}
	_ = []int{{1}}
	_ = struct{ a int }{b: 1}
	_ = func() int { return "x" }
	_ = [...]int{1, 2}[2]
)
