package runtime

import (
	"internal/runtime/maps"
	"unsafe"
)

// Maps are those of internal/runtime/maps; here is what the compiler and package reflect call.

//go:linkname maps_errNilAssign internal/runtime/maps.errNilAssign
var maps_errNilAssign error = plainError("assignment to entry in nil map")

//go:linkname maps_fatal internal/runtime/maps.fatal
//line $GOROOT/src/runtime/panic.go:1180
func maps_fatal(s string) {
	fatal(s)
}

//go:linkname maps_typedmemmove internal/runtime/maps.typedmemmove
func maps_typedmemmove(typ *_type, dst, src unsafe.Pointer) {
	typedmemmove(typ, dst, src)
}

//go:linkname maps_typedmemclr internal/runtime/maps.typedmemclr
func maps_typedmemclr(typ *_type, ptr unsafe.Pointer) {
	typedmemclr(typ, ptr)
}

//go:linkname maps_typeString internal/runtime/maps.typeString
func maps_typeString(typ *_type) string {
	return typeString(typ)
}

// mapTurn is set when the next write to a map is to let others in: internal/runtime/maps calls maptakesturns then, as
// soon as the map says that it is being written.
var mapTurn bool

func maptakesturns() {
	mapTurn = false
	if !m0.onsystem && othersRunnable() {
		preempt()
	}
}

func makemap64(t *maptype, hint int64, m *maps.Map) *maps.Map {
	return makemap(t, int(hint), m)
}

func makemap_small() *maps.Map {
	return maps.NewEmptyMap()
}

func makemap(t *maptype, hint int, m *maps.Map) *maps.Map {
	if hint < 0 {
		hint = 0
	}
	return maps.NewMap(t, uintptr(hint), m, maxAlloc)
}

func mapaccess1(t *maptype, m *maps.Map, key unsafe.Pointer) unsafe.Pointer
func mapaccess2(t *maptype, m *maps.Map, key unsafe.Pointer) (unsafe.Pointer, bool)
func mapassign(t *maptype, m *maps.Map, key unsafe.Pointer) unsafe.Pointer
func mapaccess1_faststr(t *maptype, m *maps.Map, key string) unsafe.Pointer
func mapaccess2_faststr(t *maptype, m *maps.Map, key string) (unsafe.Pointer, bool)
func mapassign_faststr(t *maptype, m *maps.Map, key string) unsafe.Pointer

func mapaccess1_fat(t *maptype, m *maps.Map, key, zero unsafe.Pointer) unsafe.Pointer {
	e := mapaccess1(t, m, key)
	if e == unsafe.Pointer(&zeroVal[0]) {
		return zero
	}
	return e
}

func mapaccess2_fat(t *maptype, m *maps.Map, key, zero unsafe.Pointer) (unsafe.Pointer, bool) {
	e := mapaccess1(t, m, key)
	if e == unsafe.Pointer(&zeroVal[0]) {
		return zero, false
	}
	return e, true
}

func mapdelete(t *maptype, m *maps.Map, key unsafe.Pointer) {
	m.Delete(t, key)
}

func mapclear(t *maptype, m *maps.Map) {
	m.Clear(t)
}

func mapIterStart(t *maptype, m *maps.Map, it *maps.Iter) {
	it.Init(t, m)
	it.Next()
}

func mapIterNext(it *maps.Iter) {
	it.Next()
}

//go:linkname reflect_makemap reflect.makemap
func reflect_makemap(t *maptype, capacity int) *maps.Map {
	return makemap(t, capacity, nil)
}

//go:linkname reflect_mapaccess reflect.mapaccess
func reflect_mapaccess(t *maptype, m *maps.Map, key unsafe.Pointer) unsafe.Pointer {
	elem, ok := mapaccess2(t, m, key)
	if !ok {
		return nil
	}
	return elem
}

//go:linkname reflect_mapaccess_faststr reflect.mapaccess_faststr
func reflect_mapaccess_faststr(t *maptype, m *maps.Map, key string) unsafe.Pointer {
	elem, ok := mapaccess2_faststr(t, m, key)
	if !ok {
		return nil
	}
	return elem
}

//go:linkname reflect_mapassign reflect.mapassign0
func reflect_mapassign(t *maptype, m *maps.Map, key, elem unsafe.Pointer) {
	typedmemmove(t.Elem, mapassign(t, m, key), elem)
}

//go:linkname reflect_mapassign_faststr reflect.mapassign_faststr0
func reflect_mapassign_faststr(t *maptype, m *maps.Map, key string, elem unsafe.Pointer) {
	typedmemmove(t.Elem, mapassign_faststr(t, m, key), elem)
}

//go:linkname reflect_mapdelete reflect.mapdelete
func reflect_mapdelete(t *maptype, m *maps.Map, key unsafe.Pointer) {
	mapdelete(t, m, key)
}

func mapdelete_faststr(t *maptype, m *maps.Map, key string)

//go:linkname reflect_mapdelete_faststr reflect.mapdelete_faststr
func reflect_mapdelete_faststr(t *maptype, m *maps.Map, key string) {
	mapdelete_faststr(t, m, key)
}

//go:linkname reflect_maplen reflect.maplen
func reflect_maplen(m *maps.Map) int {
	if m == nil {
		return 0
	}
	return int(m.Used())
}

//go:linkname reflectlite_maplen internal/reflectlite.maplen
func reflectlite_maplen(m *maps.Map) int {
	return reflect_maplen(m)
}

//go:linkname reflect_mapclear reflect.mapclear
func reflect_mapclear(t *maptype, m *maps.Map) {
	mapclear(t, m)
}

// mapclone is for package maps.
//
//go:linkname mapclone maps.clone
func mapclone(m any) any {
	e := efaceOf(&m)
	e.data = unsafe.Pointer((*maps.Map)(e.data).Clone((*maptype)(unsafe.Pointer(e._type))))
	return m
}
