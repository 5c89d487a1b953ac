package main

// Names of files in line directives are not those of this file's directory.
import (
	"fmt"
	"runtime"
)

func at() {
	_, file, line, _ := runtime.Caller(1)
	fmt.Println(file, line)
}

func main() {
//line other.go:5
	at()
//line sub/./other.go:6
	at()
//line c:/other.go:7
	at()
/*line :9:1*/	at()
//line /rooted.go:10
	at()
//line :5
	at()
}
