// Packages with assembly: one has the same in Go for other machines, one under a tag; that of x/sys only leads to package
// syscall. Package runtime is asked for what modules take from it.
package main

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"assembly/names"
	"assembly/sum"

	"golang.org/x/sys/unix"
)

//go:linkname procPin runtime.procPin
func procPin() int

//go:linkname procUnpin runtime.procUnpin
func procUnpin()

//go:linkname callers runtime.callers
func callers(skip int, pcs []uintptr) int

//go:linkname getm runtime.getm
func getm() uintptr

//go:linkname heapObjectsCanMove runtime.heapObjectsCanMove
func heapObjectsCanMove() bool

//go:linkname stringHash runtime.stringHash
func stringHash(s string, seed uintptr) uintptr

//go:linkname mapiterinit reflect.mapiterinit
func mapiterinit(typ, m unsafe.Pointer, it *iter)

//go:linkname mapiternext reflect.mapiternext
func mapiternext(it *iter)

// Pointers that are declared as numbers.
//
//go:linkname typehash runtime.typehash
func typehash(typ uintptr, p unsafe.Pointer, seed uintptr) uintptr

//go:linkname newobject reflect.unsafe_New
func newobject(typ uintptr) uintptr

type iter struct {
	key, elem unsafe.Pointer
	rest      [12]uintptr
}

func main() {
	fmt.Println(sum.Of([]int{1, 2, 3}), names.Count("abcabc", 'b'))
	pid, _, err := unix.Syscall(unix.SYS_GETPID, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), err)
	_, _, err = unix.RawSyscall(unix.SYS_CLOSE, 99, 0, 0)
	fmt.Println(err)

	procPin()
	procUnpin()
	func() {
		var pcs [2]uintptr
		n := callers(1, pcs[:])
		frame, _ := runtime.CallersFrames(pcs[:n]).Next()
		fmt.Println(callers(0, nil), n, frame.Function)
	}()
	fmt.Println(getm() != 0, heapObjectsCanMove())
	fmt.Println(stringHash("a", 1) == stringHash("a", 1), stringHash("a", 1) == stringHash("b", 1))

	var m any = map[string]int{"one": 1, "two": 2}
	words := *(*[2]unsafe.Pointer)(unsafe.Pointer(&m))
	var it iter
	total := 0
	for mapiterinit(words[0], words[1], &it); it.key != nil; mapiternext(&it) {
		total += len(*(*string)(it.key)) * *(*int)(it.elem)
	}
	fmt.Println(total)

	var one any = 1
	typ := (*[2]uintptr)(unsafe.Pointer(&one))[0]
	a, b, c := 5, 5, 6
	hash := func(n *int) uintptr { return typehash(typ, unsafe.Pointer(n), 1) }
	fmt.Println(hash(&a) == hash(&b), hash(&a) == hash(&c))
	fmt.Println(newobject(typ) != 0)
}
