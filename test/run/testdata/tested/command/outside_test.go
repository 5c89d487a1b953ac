package main_test

import (
	"testing"

	command "tested/command"
)

func TestOutside(t *testing.T) {
	if command.Exported(4) != 8 {
		t.Error("not 8")
	}
}
