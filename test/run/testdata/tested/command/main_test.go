package main

import (
	"runtime"
	"testing"
)

var Exported = double

func TestMain(m *testing.M) { m.Run() }

func TestDouble(t *testing.T) {
	if double(3) != 6 {
		t.Error("not 6")
	}
	pc, _, _, _ := runtime.Caller(0)
	t.Log(runtime.FuncForPC(pc).Name())
	main()
}
