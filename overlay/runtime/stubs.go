// Package runtime is goesc's own runtime: what the compiler calls and what the standard library's package runtime
// exports, over a WebAssembly memory. docs/execution.md has the conventions.
package runtime

import (
	"internal/abi"
	"unsafe"
)

// Machine access: replaced by operations in src/ssa/intrinsics.ts.

func getg() *g
func setg(gp *g)

// getsp is the address of the caller's frame.
func getsp() uintptr
func getlimit() uintptr
func setlimit(limit uintptr)
func setbarrier(on uintptr)

func getcallerpc() uintptr

// frameaddr is the caller's frame, for keeping: it follows the stack when it moves.
func frameaddr() unsafe.Pointer

// callersp is the frame of the function that called the one it is used in.
func callersp() unsafe.Pointer

// callon calls fn with the stack pointer at sp and comes back to the caller's stack.
//
//go:noescape
func callon(sp uintptr, fn func())

// parkself returns to the run loop; the goroutine goes on after it when it is resumed.
func parkself()

// yieldself is parkself for a goroutine that can go on at once.
func yieldself()
func unreachable()

// Memory without a check for nil.
func load32(addr uint32) uint32
func load64(addr uint32) uint64
func store64(addr uint32, value uint64)

func memorypages() uintptr
func growmemory(pages uintptr) int

//go:noescape
func memcopy(to, from unsafe.Pointer, n uintptr)

//go:noescape
func memzero(ptr unsafe.Pointer, n uintptr)

// As the engine does it.
//
//go:noescape
func copylarge(to, from unsafe.Pointer, n uintptr)

//go:noescape
func clearlarge(ptr unsafe.Pointer, n uintptr)
func ctz64(x uint64) uint64
func clz64(x uint64) uint64
func popcnt64(x uint64) uint64
func mulhigh(x, y uint64) uint64
func f64bits(f float64) uint64
func f64frombits(b uint64) float64
func f32bits(f float32) uint32
func f32frombits(b uint32) float32

// Host functions: imports of the module, see src/runtime/machine.ts. They take and give numbers only.

// hostwrite writes to a file descriptor and gives the number of bytes, or a negative error number.
func hostwrite(fd int32, p uint32, n int32) int32

// hostexit ends the program; it does not come back.
func hostexit(code int32)

// hostnanotime and hostwalltime are the monotonic and the wall clock in nanoseconds.
func hostnanotime() int64
func hostwalltime() int64

// hostunwind gives the native stack up: the run loop goes on with the frame that gp.sp says. It does not come back.
func hostunwind()

// hostrandom fills memory with random bytes: of the system, or of the seed.
func hostrandom(p uint32, n int32)

// hostarg gives the size of item i of the program's arguments (kind 0) or environment (kind 1) and, if p is not 0,
// writes it there; -1 after the last.
func hostarg(kind, i int32, p uint32) int32

// hostpending gives the signals that have come since it was last asked, as bits.
func hostpending() uint32

// hostsignals tells which signals the program wants to get, and which it ignores.
func hostsignals(wanted, ignored uint32)

// hostkill ends the program by a signal; it does not come back.
func hostkill(sig int32)

// hostsyscall is a Linux system call: its six arguments lie at p. The result is negative for errors.
func hostsyscall(number int32, p uint32) int64

// hostnumber gives a number that the host knows; see hostGOMAXPROCS and the others.
func hostnumber(what int32) int64

const (
	hostNumCPU    = 0
	hostMaxMemory = 1 // bytes, 0 if there is no limit
	hostStressGC  = 2 // collect at every n-th allocation
	hostCheck     = 3 // verify after each collection
	hostSeeded    = 4
	hostProfile   = 5 // count every allocation
	hostThreads   = 6
	hostAwaits    = 7 // what comes from outside: see awaited
)

func add(p unsafe.Pointer, x uintptr) unsafe.Pointer {
	return unsafe.Pointer(uintptr(p) + x)
}

// noescape hides a pointer from escape analysis.
//
//go:nosplit
func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return unsafe.Pointer(x ^ 0)
}

func memmove(to, from unsafe.Pointer, n uintptr) {
	memcopy(to, from, n)
}

func memclrNoHeapPointers(ptr unsafe.Pointer, n uintptr) {
	memzero(ptr, n)
}

func memclrHasPointers(ptr unsafe.Pointer, n uintptr) {
	bulkBarrierPreWrite(uintptr(ptr), 0, n)
	memzero(ptr, n)
}

//go:linkname reflect_memclrNoHeapPointers reflect.memclrNoHeapPointers
func reflect_memclrNoHeapPointers(ptr unsafe.Pointer, n uintptr) {
	memzero(ptr, n)
}

//go:linkname reflect_memmove reflect.memmove
func reflect_memmove(to, from unsafe.Pointer, n uintptr) {
	memcopy(to, from, n)
}

func alignUp(n, a uintptr) uintptr {
	return (n + a - 1) &^ (a - 1)
}

func alignDown(n, a uintptr) uintptr {
	return n &^ (a - 1)
}

func divRoundUp(n, a uintptr) uintptr {
	return (n + a - 1) / a
}

func bool2int(x bool) int {
	if x {
		return 1
	}
	return 0
}

type _type = abi.Type
type maptype = abi.MapType
type chantype = abi.ChanType
type slicetype = abi.SliceType
type functype = abi.FuncType
type ptrtype = abi.PtrType
type arraytype = abi.ArrayType
type structtype = abi.StructType
type interfacetype = abi.InterfaceType
type itab = abi.ITab
type uncommontype = abi.UncommonType

type iface struct {
	tab  *itab
	data unsafe.Pointer
}

type eface struct {
	_type *_type
	data  unsafe.Pointer
}

func efaceOf(p *any) *eface {
	return (*eface)(unsafe.Pointer(p))
}

type funcval struct {
	fn uintptr
	// captured variables follow
}

const (
	_PageShift = 13
	_PageSize  = 1 << _PageShift
	maxAlloc   = 1 << 32
	// Above this, sizes are wrong; below, memory is only short.
	maxAllocAMD64 = 1 << 48
)

const GOOS = "linux"
const GOARCH = "amd64"

// Compiler is the name of the compiler toolchain that built the running binary.
const Compiler = "gc"
