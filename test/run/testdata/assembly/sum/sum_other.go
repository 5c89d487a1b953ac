//go:build !amd64

package sum

func of(xs []int) int {
	total := 0
	for _, x := range xs {
		total += x
	}
	return total
}
