package maps

import (
	"internal/abi"
	"unsafe"
)

// An Iter goes over the groups that the map had at first, from a random slot on. It is laid out as the compiler expects it:
// key and element come first.
type Iter struct {
	key    unsafe.Pointer // nil at the end
	elem   unsafe.Pointer
	typ    *abi.MapType
	m      *Map
	offset uint64
	total  uint64
	clears uint64
	_      uint8
	_      int
	_      unsafe.Pointer
	groups unsafe.Pointer
	next   uint64
}

func (it *Iter) Key() unsafe.Pointer { return it.key }

func (it *Iter) Elem() unsafe.Pointer { return it.elem }

func (it *Iter) Initialized() bool { return it.typ != nil }

func (it *Iter) Map() *Map { return it.m }

func (it *Iter) Init(t *abi.MapType, m *Map) {
	it.typ = t
	it.m = m
	if m == nil || m.used == 0 {
		return
	}
	it.groups = m.groups
	it.total = uint64(m.count() * slots)
	it.offset = rand()
	it.clears = uint64(m.clears)
}

func (it *Iter) Next() {
	t, m := it.typ, it.m
	for it.next < it.total {
		if m.writing != 0 {
			fatal("concurrent map iteration and map write")
		}
		at := (it.next + it.offset) & (it.total - 1)
		it.next++
		group := groupAt(t, it.groups, int(at/slots))
		i := int(at % slots)
		if *ctrlByte(group, i)&empty != 0 {
			continue
		}
		slot := slotAt(t, group, i)
		it.key, it.elem = keyIn(t, slot), elemIn(t, slot)
		if m.groups == it.groups {
			return
		}
		// The map has grown since: what is in it now counts.
		if found, k := m.find(t, it.key, m.hash(t, it.key)); found != nil {
			slot = slotAt(t, found, k)
			it.key, it.elem = keyIn(t, slot), elemIn(t, slot)
			return
		}
		// A key that is not equal to itself is never found, nor deleted but by clearing all.
		if !t.Key.Equal(it.key, it.key) && it.clears == uint64(m.clears) {
			return
		}
	}
	it.key, it.elem = nil, nil
}
