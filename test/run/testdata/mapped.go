// Files and memory that a program maps for itself.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

type node struct {
	next *node
	n    int
}

func main() {
	f, err := os.CreateTemp("", "mapped")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(f.Name())
	fmt.Fprint(f, "what is in the file")
	data, err := syscall.Mmap(int(f.Fd()), 0, 19, syscall.PROT_READ, syscall.MAP_SHARED)
	fmt.Println(string(data), err)
	fmt.Println(syscall.Munmap(data))

	// Longer than the file: what is beyond is zero; a private mapping may be written.
	data, err = syscall.Mmap(int(f.Fd()), 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
	data[0] = 'W'
	fmt.Println(string(data[:19]), data[4095], err)
	whole, _ := os.ReadFile(f.Name())
	fmt.Println(string(whole))
	fmt.Println(syscall.Munmap(data))

	mem, err := syscall.Mmap(-1, 0, 1<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	fmt.Println(len(mem), mem[1<<20-1], err)
	// The collector neither frees nor moves it, and does not look into it.
	list := unsafe.Slice((*node)(unsafe.Pointer(&mem[0])), len(mem)/16)
	for i := range list[1:] {
		list[i] = node{&list[i+1], i}
	}
	for range 3 {
		_ = make([]byte, 1<<20)
		runtime.GC()
	}
	count := 0
	for n := &list[0]; n != nil; n = n.next {
		count++
	}
	fmt.Println(count, list[count-2].n)
	fmt.Println(syscall.Munmap(mem))
	fmt.Println(syscall.Munmap(mem))

	_, err = syscall.Mmap(int(f.Fd()), 1, 10, syscall.PROT_READ, syscall.MAP_SHARED)
	fmt.Println(err)
	_, err = syscall.Mmap(1000, 0, 10, syscall.PROT_READ, syscall.MAP_SHARED)
	fmt.Println(err)
	// A shared mapping shows what is written to the file, on whichever way.
	data, err = syscall.Mmap(int(f.Fd()), 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	show := func(how string) { fmt.Printf("%s: %q %v\n", how, data[:24], err) }
	f.WriteAt([]byte("That"), 0)
	show("at a place")
	f.WriteString("!")
	f.Write([]byte("?"))
	show("at the end")
	other, _ := os.OpenFile(f.Name(), os.O_WRONLY|os.O_APPEND, 0)
	other.WriteString(".")
	show("appended")
	other.Truncate(5)
	show("cut")
	os.Truncate(f.Name(), 2)
	show("cut by name")
	other.ReadFrom(bytes.NewReader([]byte("e rest")))
	show("copied")
	fmt.Println(syscall.Munmap(data))
	f.WriteAt([]byte("gone"), 0)

	// As much as there are addresses for: where there is no room the program goes on without.
	_, err = syscall.Mmap(-1, 0, 1<<32, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	fmt.Println(err == nil || err == syscall.ENOMEM)
}
