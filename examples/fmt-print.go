// Rule: the arguments of fmt functions become interfaces that fmt keeps for a while: values escape.
// Instead: format with strconv into a buffer, or print with the builtin.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func escapes(n int) {
	fmt.Println(n)
}

func stays(n int) {
	var buf [20]byte
	os.Stdout.Write(append(strconv.AppendInt(buf[:0], int64(n), 10), '\n'))
}

func main() {
	escapes(1)
	stays(2)
}
