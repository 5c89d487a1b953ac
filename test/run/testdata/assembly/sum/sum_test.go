package sum

import "testing"

func TestOf(t *testing.T) {
	if got := Of([]int{1, 2, 3}); got != 6 {
		t.Error(got)
	}
}
