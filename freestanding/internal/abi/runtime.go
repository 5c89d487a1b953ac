package abi

import "unsafe"

type ITab struct {
	Inter *InterfaceType
	Type  *Type
	Hash  uint32
	Fun   [1]uintptr // as many as the interface has methods
}

type EmptyInterface struct {
	Type *Type
	Data unsafe.Pointer
}

type InterfaceSwitch struct {
	Cache  unsafe.Pointer
	NCases int
	Cases  [1]*InterfaceType // as many as NCases
}

type TypeAssert struct {
	Cache   unsafe.Pointer
	Inter   *InterfaceType
	CanFail bool
}

// RegArgs is empty: calls by reflection have their arguments in memory.
type RegArgs struct{}

// ZeroValSize is the size of the zero value that misses in maps share.
const ZeroValSize = 1024

// FuncPCABIInternal is the code address of a function.
func FuncPCABIInternal(f any) uintptr

// FuncPCABI0 is the same.
func FuncPCABI0(f any) uintptr

// TypeOf is the dynamic type of a value.
func TypeOf(a any) *Type { return (*EmptyInterface)(unsafe.Pointer(&a)).Type }

var sink any
var never bool

// Escape makes x escape to the heap.
func Escape[T any](x T) T {
	if never {
		sink = x
	}
	return x
}

// NoEscape hides from the escape analysis that the result is p.
//
//go:nosplit
func NoEscape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return unsafe.Pointer(x ^ 0)
}

// A BoundsErrorCode says which check has failed.
type BoundsErrorCode uint8

const (
	BoundsIndex BoundsErrorCode = iota
	BoundsSliceAlen
	BoundsSliceAcap
	BoundsSliceB
	BoundsSlice3Alen
	BoundsSlice3Acap
	BoundsSlice3B
	BoundsSlice3C
	BoundsConvert
)

// RF_State is the state of a loop over a function.
type RF_State int

const (
	RF_DONE RF_State = iota
	RF_READY
	RF_PANIC
	RF_EXHAUSTED
	RF_MISSING_PANIC
)
