package work

import "example.com/pgo/shapes"

type op func(a, b int) (int, error)

//go:noinline
func refused(a, b int) (int, error) {
	s := a
	for i := 0; i < 300; i++ {
		s = s*31 + b
	}
	return s, nil
}

func apply(f op, n int) int {
	t := 0
	for i := 0; i < n; i++ {
		v, err := f(i%10, i%10+30)
		if err != nil {
			panic(err)
		}
		t += v
	}
	return t
}

func applyRefused(f op, n int) (t int) {
	for i := 0; i < n; i++ {
		v, _ := f(i, n)
		t ^= v
	}
	return t
}

func applyMethod(f func(k float64) float64, n int) (t float64) {
	for i := 0; i < n; i++ {
		t += f(float64(i))
	}
	return t
}

func total(list []shapes.Shape, k float64) float64 {
	t := 0.0
	for _, s := range list {
		t += s.Area(k)
	}
	return t
}

func totalUnseen(list []shapes.Shape, k float64) float64 {
	t := 0.0
	for _, s := range list {
		t += s.Area(k)
	}
	return t
}

func names(list []shapes.Shape, n int) int {
	t := 0
	for i := 0; i < n; i++ {
		for _, s := range list {
			t += len(s.Name())
		}
	}
	return t
}

func discs(list []shapes.Shape, k float64) float64 {
	t := 0.0
	for i := 0; i < len(list); i++ {
		t += list[i].Area(k) + list[i].Area(-k)
	}
	return t
}

func lookup(m map[string][]int, keys []string) (n int) {
	for _, k := range keys {
		n += weigh(m[k], func(x int) bool { return x&1 == 0 })
	}
	return n
}

func weigh(list []int, keep func(int) bool) int {
	w, low, high := 0, 1<<62, -1<<62
	for i, x := range list {
		if !keep(x) {
			continue
		}
		w += i * x
		low, high = min(low, x), max(high, x)
		if w > 1000000 {
			w %= 1000
		}
	}
	return w + low + high
}

// Work is what the profile is of.
func Work() (float64, int) {
	squares := []shapes.Shape{shapes.Square{Side: 2}, shapes.Square{Side: 3}, shapes.Square{Side: 4}, shapes.Disc(1)}
	round := []shapes.Shape{shapes.Disc(1), shapes.Disc(2)}
	unseen := []shapes.Shape{shapes.Hidden(), shapes.Hidden()}
	m := map[string][]int{"a": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, "b": {4, 5, 6, 8, 10, 12, 14}}
	keys := []string{"a", "b", "a", "b", "c"}
	t, n := 0.0, 0
	for i := 0; i < 400; i++ {
		k := float64(i)
		t += total(squares, k) + discs(round, k) + totalUnseen(unseen, k)
		t += applyMethod(shapes.Square{Side: k}.Area, 4)
		n += apply(shapes.Step, 5) + applyRefused(refused, 3) + names(squares, 3)
		n += lookup(m, keys)
	}
	return t, n
}
