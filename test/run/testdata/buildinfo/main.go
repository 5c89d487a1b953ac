package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"example.com/lib"
)

func main() {
	info, ok := debug.ReadBuildInfo()
	fmt.Println(ok, lib.F(), info.GoVersion == runtime.Version())
	fmt.Println(info.Path, info.Main)
	for _, dep := range info.Deps {
		fmt.Println(dep.Path, dep.Version, dep.Sum, *dep.Replace)
	}
	for _, setting := range info.Settings {
		fmt.Println(setting)
	}
}
