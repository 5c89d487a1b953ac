package p

// Bounds that a slice expression would have anyway (free from Go 1.26 on).
func bounds(a []int, s string) ([]int, string) { return a[0:len(a)], s[0:len(s)] }

// A literal in a function that is inlined: its name.
func lit(n int) func() int { return func() int { return n } }

func useLit() int { return lit(3)() + lit(4)() }

func deeper() func() func() int {
	return func() func() int { return lit(5) }
}

func useDeeper() int { return deeper()()() }

// A defer in a loop over a function.
func rangeDefer(seq func(func(int) bool), f func(int)) {
	for x := range seq {
		defer f(x)
	}
}

func rangeLit(seq func(func(int) bool)) (fs []func() int) {
	for x := range seq {
		fs = append(fs, func() int { return x })
	}
	return fs
}

// Constants of a type parameter's type.
type number interface{ ~int8 | ~float64 }

func zero[T number](x T) T { return T(0) + x }

var _ = zero[int8](1)

// A pointer to what contains a shape.
type named interface{ Name() string }

type box[T any] struct{ v T }

func (b *box[T]) Name() string { return "box" }

//go:noinline
func name[T named](x T) string { return x.Name() }

func nameBox[T any](v T) string { return name(&box[T]{v}) }

var _ = nameBox(1)

// A method that an embedded interface promotes.
type wrapper struct{ named }

var _ named = &wrapper{}

// Interface values that are assigned twice.
type impl struct{}

func (*impl) Name() string { return "impl" }

func twice(b bool) string {
	var n named = &impl{}
	if b {
		n = &impl{}
	}
	return n.Name()
}

// A loop over the indices of an array (its length, from Go 1.25 on).
type table struct{ rows [3]int }

func (t *table) clear() {
	for i := range t.rows {
		t.rows[i] = 0
	}
}
