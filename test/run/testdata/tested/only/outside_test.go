package only_test

import "testing"

func TestOutside(t *testing.T) {}
