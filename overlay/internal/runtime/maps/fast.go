package maps

import (
	"internal/abi"
	"internal/runtime/hash"
	"unsafe"
)

// Maps with keys of 4 and 8 bytes and with strings: what compiled code calls for them. The hash is computed in place, and what is there
// is found without marking the map as being written: on one thread nobody sees that. Whatever else may be called for (making
// a group or a table larger, using deleted slots again, letting other goroutines in) is left to the functions for keys of
// all kinds. There are few instructions on the way on purpose: processors that do not have to wait for one look into a
// large map before they begin with the next overlap what they wait for in memory.

//go:linkname mapTurn runtime.mapTurn
var mapTurn bool

// emptyIn tells which control bytes are those of empty slots: a bit for each, the highest of its byte.
func emptyIn(ctrls ctrlGroup) uint64 {
	return uint64(ctrls) &^ (uint64(ctrls) << 6) & 0x8080808080808080
}

// slotIn is the slot of the first byte that match has.
func slotIn(typ *abi.MapType, group unsafe.Pointer, match bitset) unsafe.Pointer {
	return unsafe.Add(group, groupSlotsOffset+match.first()*typ.SlotSize)
}

// isPlain tells whether a map that is written to has a table, and neither deleted slots nor other goroutines to care for.
func (m *Map) isPlain() bool {
	return m != nil && m.dirLen > 0 && m.writing == 0 && !mapTurn
}

// tableOf is directoryIndex and directoryAt without a branch: a directory of one table shifts by 64.
func (m *Map) tableOf(h uintptr) *table {
	return m.directoryAt(h >> (m.globalShift & 63) & uintptr(m.dirLen-1))
}

// It ends the program, so that those who read maps do not have to expect that they are suspended.
//
//go:nosplit
func readWhileWritten() {
	fatal("concurrent map read and map write")
}

//go:linkname mapaccess1_fast32 runtime.mapaccess1_fast32
func mapaccess1_fast32(typ *abi.MapType, m *Map, key uint32) unsafe.Pointer {
	if m == nil || m.used == 0 {
		return unsafe.Pointer(&zeroVal[0])
	}
	if m.writing != 0 {
		readWhileWritten()
	}
	if m.dirLen == 0 {
		for full := (*(*ctrlGroup)(m.dirPtr)).matchFull(); full != 0; full = full.removeFirst() {
			slot := slotIn(typ, m.dirPtr, full)
			if *(*uint32)(slot) == key {
				return unsafe.Add(slot, typ.ElemOff)
			}
		}
		return unsafe.Pointer(&zeroVal[0])
	}
	h := uintptr(hash.Word(uint64(key), uint64(m.seed)))
	t := m.tableOf(h)
	mask, size := t.groups.lengthMask, uint64(typ.GroupSize)
	at := uint64(h1(h)) & mask
	for n := uint64(1); ; n++ {
		group := unsafe.Add(t.groups.data, at*size)
		ctrls := *(*ctrlGroup)(group)
		for match := ctrls.matchH2(h2(h)); match != 0; match = match.removeFirst() {
			slot := slotIn(typ, group, match)
			if *(*uint32)(slot) == key {
				return unsafe.Add(slot, typ.ElemOff)
			}
		}
		if emptyIn(ctrls) != 0 {
			return unsafe.Pointer(&zeroVal[0])
		}
		at = (at + n) & mask
	}
}

//go:linkname mapaccess2_fast32 runtime.mapaccess2_fast32
func mapaccess2_fast32(typ *abi.MapType, m *Map, key uint32) (unsafe.Pointer, bool) {
	elem := mapaccess1_fast32(typ, m, key)
	return elem, elem != unsafe.Pointer(&zeroVal[0])
}

//go:linkname mapassign_fast32 runtime.mapassign_fast32
func mapassign_fast32(typ *abi.MapType, m *Map, key uint32) unsafe.Pointer {
	if m.isPlain() {
		h := uintptr(hash.Word(uint64(key), uint64(m.seed)))
		t := m.tableOf(h)
		mask, size := t.groups.lengthMask, uint64(typ.GroupSize)
		at := uint64(h1(h)) & mask
		for n := uint64(1); ; n++ {
			group := unsafe.Add(t.groups.data, at*size)
			ctrls := *(*ctrlGroup)(group)
			for match := ctrls.matchH2(h2(h)); match != 0; match = match.removeFirst() {
				slot := slotIn(typ, group, match)
				if *(*uint32)(slot) == key {
					return unsafe.Add(slot, typ.ElemOff)
				}
			}
			if empty := bitset(emptyIn(ctrls)); empty != 0 {
				if t.growthLeft == 0 || m.tombstonePossible {
					break
				}
				i := empty.first() >> 3
				slot := unsafe.Add(group, groupSlotsOffset+i*typ.SlotSize)
				*(*uint32)(slot) = key
				*(*uint8)(unsafe.Add(group, i)) = uint8(h2(h))
				t.growthLeft--
				t.used++
				m.used++
				return unsafe.Add(slot, typ.ElemOff)
			}
			at = (at + n) & mask
		}
	}
	k := key // the key itself stays in a local
	return runtime_mapassign(typ, m, abi.NoEscape(unsafe.Pointer(&k)))
}

//go:linkname mapdelete_fast32 runtime.mapdelete_fast32
func mapdelete_fast32(typ *abi.MapType, m *Map, key uint32) {
	if m != nil && m.used != 0 {
		m.Delete(typ, abi.NoEscape(unsafe.Pointer(&key)))
	}
}

//go:linkname mapaccess1_fast64 runtime.mapaccess1_fast64
func mapaccess1_fast64(typ *abi.MapType, m *Map, key uint64) unsafe.Pointer {
	if m == nil || m.used == 0 {
		return unsafe.Pointer(&zeroVal[0])
	}
	if m.writing != 0 {
		readWhileWritten()
	}
	if m.dirLen == 0 {
		for full := (*(*ctrlGroup)(m.dirPtr)).matchFull(); full != 0; full = full.removeFirst() {
			slot := slotIn(typ, m.dirPtr, full)
			if *(*uint64)(slot) == key {
				return unsafe.Add(slot, 8)
			}
		}
		return unsafe.Pointer(&zeroVal[0])
	}
	h := uintptr(hash.Word(uint64(key), uint64(m.seed)))
	t := m.tableOf(h)
	mask, size := t.groups.lengthMask, uint64(typ.GroupSize)
	at := uint64(h1(h)) & mask
	for n := uint64(1); ; n++ {
		group := unsafe.Add(t.groups.data, at*size)
		ctrls := *(*ctrlGroup)(group)
		for match := ctrls.matchH2(h2(h)); match != 0; match = match.removeFirst() {
			slot := slotIn(typ, group, match)
			if *(*uint64)(slot) == key {
				return unsafe.Add(slot, 8)
			}
		}
		if emptyIn(ctrls) != 0 {
			return unsafe.Pointer(&zeroVal[0])
		}
		at = (at + n) & mask
	}
}

//go:linkname mapaccess2_fast64 runtime.mapaccess2_fast64
func mapaccess2_fast64(typ *abi.MapType, m *Map, key uint64) (unsafe.Pointer, bool) {
	elem := mapaccess1_fast64(typ, m, key)
	return elem, elem != unsafe.Pointer(&zeroVal[0])
}

//go:linkname mapassign_fast64 runtime.mapassign_fast64
func mapassign_fast64(typ *abi.MapType, m *Map, key uint64) unsafe.Pointer {
	if m.isPlain() {
		h := uintptr(hash.Word(uint64(key), uint64(m.seed)))
		t := m.tableOf(h)
		mask, size := t.groups.lengthMask, uint64(typ.GroupSize)
		at := uint64(h1(h)) & mask
		for n := uint64(1); ; n++ {
			group := unsafe.Add(t.groups.data, at*size)
			ctrls := *(*ctrlGroup)(group)
			for match := ctrls.matchH2(h2(h)); match != 0; match = match.removeFirst() {
				slot := slotIn(typ, group, match)
				if *(*uint64)(slot) == key {
					return unsafe.Add(slot, 8)
				}
			}
			if empty := bitset(emptyIn(ctrls)); empty != 0 {
				if t.growthLeft == 0 || m.tombstonePossible {
					break
				}
				i := empty.first() >> 3
				slot := unsafe.Add(group, groupSlotsOffset+i*typ.SlotSize)
				*(*uint64)(slot) = key
				*(*uint8)(unsafe.Add(group, i)) = uint8(h2(h))
				t.growthLeft--
				t.used++
				m.used++
				return unsafe.Add(slot, 8)
			}
			at = (at + n) & mask
		}
	}
	k := key // the key itself stays in a local
	return runtime_mapassign(typ, m, abi.NoEscape(unsafe.Pointer(&k)))
}

//go:linkname mapassign_fast64ptr runtime.mapassign_fast64ptr
func mapassign_fast64ptr(typ *abi.MapType, m *Map, key unsafe.Pointer) unsafe.Pointer {
	if m.isPlain() {
		h := uintptr(hash.Word(uint64(uintptr(key)), uint64(m.seed)))
		t := m.tableOf(h)
		mask, size := t.groups.lengthMask, uint64(typ.GroupSize)
		at := uint64(h1(h)) & mask
		for n := uint64(1); ; n++ {
			group := unsafe.Add(t.groups.data, at*size)
			ctrls := *(*ctrlGroup)(group)
			for match := ctrls.matchH2(h2(h)); match != 0; match = match.removeFirst() {
				slot := slotIn(typ, group, match)
				if *(*unsafe.Pointer)(slot) == key {
					return unsafe.Add(slot, 8)
				}
			}
			if empty := bitset(emptyIn(ctrls)); empty != 0 {
				if t.growthLeft == 0 || m.tombstonePossible {
					break
				}
				i := empty.first() >> 3
				slot := unsafe.Add(group, groupSlotsOffset+i*typ.SlotSize)
				*(*unsafe.Pointer)(slot) = key
				*(*uint8)(unsafe.Add(group, i)) = uint8(h2(h))
				t.growthLeft--
				t.used++
				m.used++
				return unsafe.Add(slot, 8)
			}
			at = (at + n) & mask
		}
	}
	k := key // the key itself stays in a local
	return runtime_mapassign(typ, m, abi.NoEscape(unsafe.Pointer(&k)))
}

//go:linkname mapdelete_fast64 runtime.mapdelete_fast64
func mapdelete_fast64(typ *abi.MapType, m *Map, key uint64) {
	if m != nil && m.used != 0 {
		m.Delete(typ, abi.NoEscape(unsafe.Pointer(&key)))
	}
}

//go:linkname memequal runtime.memequal
//go:noescape
func memequal(p, q unsafe.Pointer, size uintptr) bool

// isString tells whether the string at slot is key.
func isString(slot unsafe.Pointer, key string) bool {
	s := *(*string)(slot)
	return len(s) == len(key) &&
		memequal(unsafe.Pointer(unsafe.StringData(s)), unsafe.Pointer(unsafe.StringData(key)), uintptr(len(key)))
}

//go:linkname mapaccess1_faststr runtime.mapaccess1_faststr
func mapaccess1_faststr(typ *abi.MapType, m *Map, key string) unsafe.Pointer {
	if m == nil || m.used == 0 {
		return unsafe.Pointer(&zeroVal[0])
	}
	if m.writing != 0 {
		readWhileWritten()
	}
	if m.dirLen == 0 {
		for full := (*(*ctrlGroup)(m.dirPtr)).matchFull(); full != 0; full = full.removeFirst() {
			slot := slotIn(typ, m.dirPtr, full)
			if isString(slot, key) {
				return unsafe.Add(slot, 16)
			}
		}
		return unsafe.Pointer(&zeroVal[0])
	}
	h := uintptr(hash.Bytes(unsafe.Pointer(unsafe.StringData(key)), uint64(m.seed), uintptr(len(key))))
	t := m.tableOf(h)
	mask, size := t.groups.lengthMask, uint64(typ.GroupSize)
	at := uint64(h1(h)) & mask
	for n := uint64(1); ; n++ {
		group := unsafe.Add(t.groups.data, at*size)
		ctrls := *(*ctrlGroup)(group)
		for match := ctrls.matchH2(h2(h)); match != 0; match = match.removeFirst() {
			slot := slotIn(typ, group, match)
			if isString(slot, key) {
				return unsafe.Add(slot, 16)
			}
		}
		if emptyIn(ctrls) != 0 {
			return unsafe.Pointer(&zeroVal[0])
		}
		at = (at + n) & mask
	}
}

//go:linkname mapaccess2_faststr runtime.mapaccess2_faststr
func mapaccess2_faststr(typ *abi.MapType, m *Map, key string) (unsafe.Pointer, bool) {
	elem := mapaccess1_faststr(typ, m, key)
	return elem, elem != unsafe.Pointer(&zeroVal[0])
}

//go:linkname mapassign_faststr runtime.mapassign_faststr
func mapassign_faststr(typ *abi.MapType, m *Map, key string) unsafe.Pointer {
	if m.isPlain() {
		h := uintptr(hash.Bytes(unsafe.Pointer(unsafe.StringData(key)), uint64(m.seed), uintptr(len(key))))
		t := m.tableOf(h)
		mask, size := t.groups.lengthMask, uint64(typ.GroupSize)
		at := uint64(h1(h)) & mask
		for n := uint64(1); ; n++ {
			group := unsafe.Add(t.groups.data, at*size)
			ctrls := *(*ctrlGroup)(group)
			for match := ctrls.matchH2(h2(h)); match != 0; match = match.removeFirst() {
				slot := slotIn(typ, group, match)
				if isString(slot, key) {
					*(*string)(slot) = key // lets go of the memory of the old one
					return unsafe.Add(slot, 16)
				}
			}
			if empty := bitset(emptyIn(ctrls)); empty != 0 {
				if t.growthLeft == 0 || m.tombstonePossible {
					break
				}
				i := empty.first() >> 3
				slot := unsafe.Add(group, groupSlotsOffset+i*typ.SlotSize)
				*(*string)(slot) = key
				*(*uint8)(unsafe.Add(group, i)) = uint8(h2(h))
				t.growthLeft--
				t.used++
				m.used++
				return unsafe.Add(slot, 16)
			}
			at = (at + n) & mask
		}
	}
	k := key // the key itself stays in a local
	return runtime_mapassign(typ, m, abi.NoEscape(unsafe.Pointer(&k)))
}

//go:linkname mapdelete_faststr runtime.mapdelete_faststr
func mapdelete_faststr(typ *abi.MapType, m *Map, key string) {
	if m != nil && m.used != 0 {
		m.Delete(typ, abi.NoEscape(unsafe.Pointer(&key)))
	}
}
