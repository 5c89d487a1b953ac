// Package sys has operations of the machine.
package sys

// NotInHeap marks types that are never allocated in the garbage collected heap.
type NotInHeap struct{ _ nih }

type nih struct{}

func TrailingZeros64(x uint64) int
func TrailingZeros32(x uint32) int
func TrailingZeros8(x uint8) int
func Len64(x uint64) int
func OnesCount64(x uint64) int
func GetCallerPC() uintptr
func GetCallerSP() uintptr
func GetClosurePtr() uintptr
