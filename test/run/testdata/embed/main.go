// Variables that are filled from files.
package main

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed files/a.txt
var text string

//go:embed files/sub/b.bin
var data []byte

//go:embed files/empty.txt
var empty []byte

//go:embed files
//go:embed main.go
var tree embed.FS

func main() {
	fmt.Printf("%q %x %v\n", text, data, empty == nil)
	data[0]++
	fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		info, _ := d.Info()
		fmt.Println(path, d.IsDir(), info.Size(), info.Mode(), err)
		return nil
	})
	b, err := tree.ReadFile("files/sub/b.bin")
	fmt.Println(b, err)
	_, err = tree.ReadFile("files/none")
	fmt.Println(err)
}
