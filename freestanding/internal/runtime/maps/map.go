// Package maps has the maps of programs: groups of eight slots with a word of control bytes before them, probed one after
// the other. The compiler lays out groups, and makes small maps in frames; all else is up to this package.
package maps

import (
	"internal/abi"
	"unsafe"
)

const (
	slots   = 8
	empty   = 0x80
	deleted = 0xfe
	// allEmpty is the control word of a group without entries.
	allEmpty = 0x8080808080808080
	highBits = 0x8080808080808080
	lowBits  = 0x0101010101010101
)

// A Map is laid out as the compiler expects it.
type Map struct {
	used    uint64
	seed    uintptr
	groups  unsafe.Pointer
	length  int // groups, a power of two; 0 for a small map, which has one at most
	_       [2]uint8
	writing uint8
	_       bool
	clears  uint32
	tombs   uint32 // deleted slots that searches go past
}

func (m *Map) Used() uint64 { return m.used }

func (m *Map) count() int { return max(m.length, 1) }

func NewEmptyMap() *Map {
	return &Map{seed: uintptr(rand())}
}

// NewMap makes a map with room for hint entries, in m if that is not nil.
func NewMap(t *abi.MapType, hint uintptr, m *Map, maxAlloc uintptr) *Map {
	if m == nil {
		m = new(Map)
	}
	m.seed = uintptr(rand())
	if hint <= slots {
		return m
	}
	if hint > maxAlloc/t.GroupSize {
		return m // it has to grow until memory ends
	}
	length := 2
	for uintptr(length)*(slots-1) < hint {
		length *= 2
	}
	m.length = length
	m.groups = newGroups(t, length)
	return m
}

func newGroups(t *abi.MapType, n int) unsafe.Pointer {
	groups := newarray(t.Group, n)
	for i := range n {
		*ctrlOf(groupAt(t, groups, i)) = allEmpty
	}
	return groups
}

func groupAt(t *abi.MapType, groups unsafe.Pointer, i int) unsafe.Pointer {
	return unsafe.Add(groups, uintptr(i)*t.GroupSize)
}

func ctrlOf(group unsafe.Pointer) *uint64 { return (*uint64)(group) }

func ctrlByte(group unsafe.Pointer, slot int) *uint8 { return (*uint8)(unsafe.Add(group, slot)) }

func slotAt(t *abi.MapType, group unsafe.Pointer, slot int) unsafe.Pointer {
	return unsafe.Add(group, 8+uintptr(slot)*t.SlotSize)
}

func keyIn(t *abi.MapType, slot unsafe.Pointer) unsafe.Pointer {
	if t.IndirectKey() {
		return *(*unsafe.Pointer)(slot)
	}
	return slot
}

func elemIn(t *abi.MapType, slot unsafe.Pointer) unsafe.Pointer {
	elem := unsafe.Add(slot, t.ElemOff)
	if t.IndirectElem() {
		return *(*unsafe.Pointer)(elem)
	}
	return elem
}

func (m *Map) hash(t *abi.MapType, key unsafe.Pointer) uintptr {
	return t.Hasher(abi.NoEscape(key), m.seed)
}

// find gives the group and the number of the slot with the key; the group is nil if there is none.
func (m *Map) find(t *abi.MapType, key unsafe.Pointer, hash uintptr) (unsafe.Pointer, int) {
	if m.groups == nil {
		return nil, 0
	}
	key = abi.NoEscape(key)
	mask := m.count() - 1
	at := int(hash>>7) & mask
	tag := uint64(hash&0x7f) * lowBits
	for step := 1; step <= mask+1; step++ {
		group := groupAt(t, m.groups, at)
		word := *ctrlOf(group)
		// Bytes that are zero here have the tag; a byte after such a one may seem to.
		differs := word ^ tag
		for found := (differs - lowBits) &^ differs & highBits; found != 0; found &= found - 1 {
			i := lowestByte(found)
			slot := slotAt(t, group, i)
			if t.Key.Equal(key, keyIn(t, slot)) {
				return group, i
			}
		}
		if hasEmpty(word) {
			return nil, 0
		}
		at = (at + step) & mask
	}
	return nil, 0
}

// hasEmpty: of the bytes with the high bit, an empty one has no other.
func hasEmpty(word uint64) bool { return word&^(word<<6)&highBits != 0 }

func lowestByte(bits uint64) int {
	n := 0
	for bits&0xff == 0 {
		bits >>= 8
		n++
	}
	return n
}

// place finds a free slot for a key that is not there.
func (m *Map) place(t *abi.MapType, hash uintptr) (unsafe.Pointer, int) {
	mask := m.count() - 1
	at := int(hash>>7) & mask
	for step := 1; ; step++ {
		group := groupAt(t, m.groups, at)
		if free := *ctrlOf(group) & highBits; free != 0 {
			i := lowestByte(free)
			if *ctrlByte(group, i) == deleted {
				m.tombs--
			}
			*ctrlByte(group, i) = uint8(hash & 0x7f)
			return group, i
		}
		at = (at + step) & mask
	}
}

func (m *Map) beginWrite() {
	if m.writing != 0 {
		fatal("concurrent map writes")
	}
	m.writing ^= 1
}

func (m *Map) endWrite() {
	if m.writing == 0 {
		fatal("concurrent map writes")
	}
	m.writing ^= 1
}

// assign gives the place of the key's element.
func (m *Map) assign(t *abi.MapType, key unsafe.Pointer) unsafe.Pointer {
	key = abi.NoEscape(key)
	hash := m.hash(t, key)
	m.beginWrite()
	group, i := m.find(t, key, hash)
	if group != nil {
		slot := slotAt(t, group, i)
		if t.NeedKeyUpdate() {
			typedmemmove(t.Key, keyIn(t, slot), key)
		}
		m.endWrite()
		return elemIn(t, slot)
	}
	if m.groups == nil {
		m.groups = newGroups(t, 1)
	} else if m.isFull() {
		m.grow(t)
	}
	group, i = m.place(t, hash)
	m.used++
	slot := slotAt(t, group, i)
	if t.IndirectKey() {
		*(*unsafe.Pointer)(slot) = newobject(t.Key)
	}
	if t.IndirectElem() {
		*(*unsafe.Pointer)(unsafe.Add(slot, t.ElemOff)) = newobject(t.Elem)
	}
	typedmemmove(t.Key, keyIn(t, slot), key)
	m.endWrite()
	return elemIn(t, slot)
}

func (m *Map) isFull() bool {
	if m.length == 0 {
		return m.used == slots
	}
	return m.used+uint64(m.tombs) >= uint64(m.length*(slots-1))
}

// grow moves the entries to other groups, more of them unless deleted slots filled these.
func (m *Map) grow(t *abi.MapType) {
	old, n := m.groups, m.count()
	length := n * 2
	if n > 1 && m.used < uint64(n*slots/2) {
		length = n
	}
	m.groups = newGroups(t, length)
	m.length = length
	m.tombs = 0
	for g := range n {
		from := groupAt(t, old, g)
		for i := range slots {
			if *ctrlByte(from, i)&empty != 0 {
				continue
			}
			slot := slotAt(t, from, i)
			to, k := m.place(t, m.hash(t, keyIn(t, slot)))
			moveSlot(t, slotAt(t, to, k), slot)
		}
	}
}

// moveSlot copies key and element, or the pointers to them.
func moveSlot(t *abi.MapType, to, from unsafe.Pointer) {
	if t.IndirectKey() {
		*(*unsafe.Pointer)(to) = *(*unsafe.Pointer)(from)
	} else {
		typedmemmove(t.Key, to, from)
	}
	to, from = unsafe.Add(to, t.ElemOff), unsafe.Add(from, t.ElemOff)
	if t.IndirectElem() {
		*(*unsafe.Pointer)(to) = *(*unsafe.Pointer)(from)
	} else {
		typedmemmove(t.Elem, to, from)
	}
}

func (m *Map) Delete(t *abi.MapType, key unsafe.Pointer) {
	if m == nil || m.used == 0 {
		checkKey(t, key)
		return
	}
	hash := m.hash(t, key)
	m.beginWrite()
	if group, i := m.find(t, key, hash); group != nil {
		m.remove(t, group, i)
	}
	m.endWrite()
}

func (m *Map) remove(t *abi.MapType, group unsafe.Pointer, i int) {
	slot := slotAt(t, group, i)
	if t.IndirectKey() {
		*(*unsafe.Pointer)(slot) = nil
	} else {
		typedmemclr(t.Key, slot)
	}
	elem := unsafe.Add(slot, t.ElemOff)
	if t.IndirectElem() {
		*(*unsafe.Pointer)(elem) = nil
	} else {
		typedmemclr(t.Elem, elem)
	}
	m.used--
	// No search went on past a group with room.
	if m.length == 0 || hasEmpty(*ctrlOf(group)) {
		*ctrlByte(group, i) = empty
		return
	}
	*ctrlByte(group, i) = deleted
	m.tombs++
}

func (m *Map) Clear(t *abi.MapType) {
	if m == nil || m.groups == nil || m.used == 0 && m.tombs == 0 {
		return
	}
	m.beginWrite()
	for g := range m.count() {
		group := groupAt(t, m.groups, g)
		typedmemclr(t.Group, group)
		*ctrlOf(group) = allEmpty
	}
	m.used = 0
	m.tombs = 0
	m.clears++
	m.seed = uintptr(rand())
	m.endWrite()
}

// Clone copies the map.
func (m *Map) Clone(t *abi.MapType) *Map {
	to := &Map{seed: m.seed}
	if m.groups == nil || m.used == 0 {
		return to
	}
	n := m.count()
	to.used, to.length, to.tombs = m.used, m.length, m.tombs
	to.groups = newGroups(t, n)
	for g := range n {
		group := groupAt(t, to.groups, g)
		typedmemmove(t.Group, group, groupAt(t, m.groups, g))
		for i := range slots {
			if t.IndirectElem() && *ctrlByte(group, i)&empty == 0 {
				elem := (*unsafe.Pointer)(unsafe.Add(slotAt(t, group, i), t.ElemOff))
				fresh := newobject(t.Elem)
				typedmemmove(t.Elem, fresh, *elem)
				*elem = fresh
			}
		}
	}
	return to
}
