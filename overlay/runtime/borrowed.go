package runtime

import (
	"internal/abi"
	"internal/runtime/maps"
	"unsafe"
)

// What modules outside of the standard library take from package runtime by its name, or expect of assembly that does
// nothing but go to package syscall.

//go:linkname unix_Syscall golang.org/x/sys/unix.Syscall
//go:nosplit
//go:uintptrkeepalive
func unix_Syscall(trap, a1, a2, a3 uintptr) (r1, r2, err uintptr) {
	return linux_Syscall6(trap, a1, a2, a3, 0, 0, 0)
}

//go:linkname unix_Syscall6 golang.org/x/sys/unix.Syscall6
//go:nosplit
//go:uintptrkeepalive
func unix_Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, err uintptr) {
	return linux_Syscall6(trap, a1, a2, a3, a4, a5, a6)
}

//go:linkname unix_RawSyscall golang.org/x/sys/unix.RawSyscall
//go:nosplit
//go:uintptrkeepalive
func unix_RawSyscall(trap, a1, a2, a3 uintptr) (r1, r2, err uintptr) {
	return linux_Syscall6(trap, a1, a2, a3, 0, 0, 0)
}

//go:linkname unix_RawSyscall6 golang.org/x/sys/unix.RawSyscall6
//go:nosplit
//go:uintptrkeepalive
func unix_RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, err uintptr) {
	return linux_Syscall6(trap, a1, a2, a3, a4, a5, a6)
}

//go:linkname unix_SyscallNoError golang.org/x/sys/unix.SyscallNoError
func unix_SyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) {
	return syscall_rawSyscallNoError(trap, a1, a2, a3)
}

//go:linkname unix_RawSyscallNoError golang.org/x/sys/unix.RawSyscallNoError
func unix_RawSyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) {
	return syscall_rawSyscallNoError(trap, a1, a2, a3)
}

//go:linkname unix_gettimeofday golang.org/x/sys/unix.gettimeofday
func unix_gettimeofday(tv *[2]int64) (err uintptr) {
	return syscall_gettimeofday(tv)
}

//go:linkname iscgo
var iscgo bool

//go:linkname procPin
func procPin() int {
	return sync_runtime_procPin()
}

//go:linkname procUnpin
func procUnpin() {
	sync_runtime_procUnpin()
}

//go:linkname procyield
func procyield(cycles uint32) {}

// callers is Callers, but counts from its caller.
//
//go:linkname callers
//go:noinline
func callers(skip int, pcbuf []uintptr) int {
	if len(pcbuf) == 0 {
		return 0
	}
	return callersFrom(uintptr(callersp()), skip, pcbuf)
}

// getm gives what stands for the thread.
//
//go:linkname getm
func getm() uintptr {
	return uintptr(unsafe.Pointer(&m0))
}

//go:linkname heapObjectsCanMove
func heapObjectsCanMove() bool {
	return false
}

//go:linkname stringHash
func stringHash(s string, seed uintptr) uintptr {
	return strhash(noescape(unsafe.Pointer(&s)), seed)
}

//go:linkname gobytes
func gobytes(p *byte, n int) []byte {
	b := make([]byte, n)
	copy(b, unsafe.Slice(p, n))
	return b
}

//go:linkname chanbuf
func chanbuf(c *hchan, i uint) unsafe.Pointer {
	return add(c.buf, uintptr(i)*uintptr(c.elemsize))
}

// borrowedIter is an iterator as callers lay it out: with key and element first, and room for what it was once.
type borrowedIter struct {
	key, elem unsafe.Pointer
	typ       *abi.MapType
	it        *maps.Iter
}

//go:linkname mapiterinit
func mapiterinit(t *abi.MapType, m *maps.Map, it *borrowedIter) {
	it.typ = t
	it.it = new(maps.Iter)
	mapIterStart(t, m, it.it)
	it.key, it.elem = it.it.Key(), it.it.Elem()
}

//go:linkname mapiternext
func mapiternext(it *borrowedIter) {
	mapIterNext(it.it)
	it.key, it.elem = it.it.Key(), it.it.Elem()
}

//go:linkname reflect_mapiterinit reflect.mapiterinit
func reflect_mapiterinit(t *abi.MapType, m *maps.Map, it *borrowedIter) {
	mapiterinit(t, m, it)
}

//go:linkname reflect_mapiternext reflect.mapiternext
func reflect_mapiternext(it *borrowedIter) {
	mapiternext(it)
}

//go:linkname reflect_mapiterkey reflect.mapiterkey
func reflect_mapiterkey(it *borrowedIter) unsafe.Pointer {
	return it.it.Key()
}

//go:linkname reflect_mapiterelem reflect.mapiterelem
func reflect_mapiterelem(it *borrowedIter) unsafe.Pointer {
	return it.it.Elem()
}
