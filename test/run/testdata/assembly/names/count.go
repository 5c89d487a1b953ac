//go:build !noasm

package names

func Count(s string, c byte) int
