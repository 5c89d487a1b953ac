// Rule: an initialiser that the linker can lay out as data allocates nothing; others run in the package's init.
// Instead: write the value as a literal.
package main

type config struct{ name string }

var escapes = make([]int, 3)

var table = map[string]int{"a": 1}

var stays = []int{0, 0, 0}

var settings = &config{"x"}

func main() {
	println(len(escapes), len(table), len(stays), settings.name)
}
