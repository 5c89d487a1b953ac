package sum

//go:noescape
func of(xs []int) int
