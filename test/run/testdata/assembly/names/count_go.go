//go:build noasm

package names

import "strings"

func Count(s string, c byte) int { return strings.Count(s, string(c)) }
