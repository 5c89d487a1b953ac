package maps

import (
	"internal/abi"
	"unsafe"
)

// What package runtime does for maps.

func fatal(s string)
func rand() uint64
func typedmemmove(t *abi.Type, dst, src unsafe.Pointer)
func typedmemclr(t *abi.Type, p unsafe.Pointer)
func newarray(t *abi.Type, n int) unsafe.Pointer
func newobject(t *abi.Type) unsafe.Pointer

//go:linkname errNilAssign
var errNilAssign error

//go:linkname zeroVal runtime.zeroVal
var zeroVal [abi.ZeroValSize]byte

// What compiled code calls. Keys of the usual sizes come as values.

//go:linkname mapaccess1 runtime.mapaccess1
func mapaccess1(t *abi.MapType, m *Map, key unsafe.Pointer) unsafe.Pointer {
	elem, _ := mapaccess2(t, m, key)
	return elem
}

//go:linkname mapaccess2 runtime.mapaccess2
func mapaccess2(t *abi.MapType, m *Map, key unsafe.Pointer) (unsafe.Pointer, bool) {
	if m == nil || m.used == 0 {
		checkKey(t, key)
		return unsafe.Pointer(&zeroVal[0]), false
	}
	if m.writing != 0 {
		fatal("concurrent map read and map write")
	}
	group, i := m.find(t, key, m.hash(t, key))
	if group == nil {
		return unsafe.Pointer(&zeroVal[0]), false
	}
	return elemIn(t, slotAt(t, group, i)), true
}

//go:linkname mapassign runtime.mapassign
func mapassign(t *abi.MapType, m *Map, key unsafe.Pointer) unsafe.Pointer {
	if m == nil {
		panic(errNilAssign)
	}
	return m.assign(t, key)
}

//go:linkname mapaccess1_fast32 runtime.mapaccess1_fast32
func mapaccess1_fast32(t *abi.MapType, m *Map, key uint32) unsafe.Pointer {
	elem, _ := mapaccess2(t, m, abi.NoEscape(unsafe.Pointer(&key)))
	return elem
}

//go:linkname mapaccess2_fast32 runtime.mapaccess2_fast32
func mapaccess2_fast32(t *abi.MapType, m *Map, key uint32) (unsafe.Pointer, bool) {
	return mapaccess2(t, m, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapassign_fast32 runtime.mapassign_fast32
func mapassign_fast32(t *abi.MapType, m *Map, key uint32) unsafe.Pointer {
	return mapassign(t, m, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapdelete_fast32 runtime.mapdelete_fast32
func mapdelete_fast32(t *abi.MapType, m *Map, key uint32) {
	m.Delete(t, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapaccess1_fast64 runtime.mapaccess1_fast64
func mapaccess1_fast64(t *abi.MapType, m *Map, key uint64) unsafe.Pointer {
	elem, _ := mapaccess2(t, m, abi.NoEscape(unsafe.Pointer(&key)))
	return elem
}

//go:linkname mapaccess2_fast64 runtime.mapaccess2_fast64
func mapaccess2_fast64(t *abi.MapType, m *Map, key uint64) (unsafe.Pointer, bool) {
	return mapaccess2(t, m, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapassign_fast64 runtime.mapassign_fast64
func mapassign_fast64(t *abi.MapType, m *Map, key uint64) unsafe.Pointer {
	return mapassign(t, m, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapdelete_fast64 runtime.mapdelete_fast64
func mapdelete_fast64(t *abi.MapType, m *Map, key uint64) {
	m.Delete(t, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapaccess1_faststr runtime.mapaccess1_faststr
func mapaccess1_faststr(t *abi.MapType, m *Map, key string) unsafe.Pointer {
	elem, _ := mapaccess2(t, m, abi.NoEscape(unsafe.Pointer(&key)))
	return elem
}

//go:linkname mapaccess2_faststr runtime.mapaccess2_faststr
func mapaccess2_faststr(t *abi.MapType, m *Map, key string) (unsafe.Pointer, bool) {
	return mapaccess2(t, m, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapassign_faststr runtime.mapassign_faststr
func mapassign_faststr(t *abi.MapType, m *Map, key string) unsafe.Pointer {
	return mapassign(t, m, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapdelete_faststr runtime.mapdelete_faststr
func mapdelete_faststr(t *abi.MapType, m *Map, key string) {
	m.Delete(t, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapassign_fast32ptr runtime.mapassign_fast32ptr
func mapassign_fast32ptr(t *abi.MapType, m *Map, key unsafe.Pointer) unsafe.Pointer {
	return mapassign(t, m, abi.NoEscape(unsafe.Pointer(&key)))
}

//go:linkname mapassign_fast64ptr runtime.mapassign_fast64ptr
func mapassign_fast64ptr(t *abi.MapType, m *Map, key unsafe.Pointer) unsafe.Pointer {
	return mapassign(t, m, abi.NoEscape(unsafe.Pointer(&key)))
}
