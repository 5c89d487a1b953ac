package atomic

import "unsafe"

// The functions are operations of the machine, or plain ones where goroutines take turns.

func Load(ptr *uint32) uint32
func Loaduintptr(ptr *uintptr) uintptr
func Store(ptr *uint32, val uint32)
func Storeuintptr(ptr *uintptr, val uintptr)
func Xadd(ptr *uint32, delta int32) uint32
func Xchg(ptr *uint32, new uint32) uint32
func Cas(ptr *uint32, old, new uint32) bool
func StorepNoWB(ptr unsafe.Pointer, val unsafe.Pointer)
func Casp1(ptr *unsafe.Pointer, old, new unsafe.Pointer) bool
