package cov

import "testing"

func TestM(t *testing.T) {
	var v T
	v.M(1)
	v.M(5)
	lab(5)
	table["b"](1)
}
