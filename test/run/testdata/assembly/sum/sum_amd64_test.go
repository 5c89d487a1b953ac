package sum

import "testing"

// Only where there is assembly.
func TestOfAssembly(t *testing.T) { t.Skip("not in Go") }
