package none

func Untested(x int) int {
	if x > 0 {
		return 1
	}
	return 2
}
