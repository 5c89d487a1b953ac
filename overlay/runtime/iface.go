package runtime

import (
	"internal/abi"
	"unsafe"
)

// staticuint64s is what interfaces to single bytes point to.
var staticuint64s = [...]uint64{
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
	0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f,
	0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f,
	0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f,
	0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f,
	0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f,
	0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f,
	0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f,
	0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f,
	0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf,
	0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf,
	0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
	0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf,
	0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef,
	0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
}

// Method tables made at run time, in a hash table with open addressing; those of the compiler join them at first use.
type itabTableType struct {
	entries []*itab
	count   int
}

var itabTable itabTableType

func itabHash(inter *interfacetype, typ *_type) uint32 {
	return inter.Type.Hash ^ typ.Hash
}

func (t *itabTableType) find(inter *interfacetype, typ *_type) *itab {
	if len(t.entries) == 0 {
		return nil
	}
	mask := uint32(len(t.entries) - 1)
	h := itabHash(inter, typ) & mask
	for i := uint32(1); ; i++ {
		m := t.entries[h]
		if m == nil || m.Inter == inter && m.Type == typ {
			return m
		}
		h = (h + i) & mask
	}
}

func (t *itabTableType) add(m *itab) {
	if 4*(t.count+1) > 3*len(t.entries) {
		old := t.entries
		// Not of the heap, where it would count as the program's.
		n := max(512, 2*len(old))
		t.entries = unsafe.Slice((**itab)(unsafe.Pointer(persistentalloc(uintptr(n)*8, 8, &memstats.otherSys))), n)
		t.count = 0
		for _, o := range old {
			if o != nil {
				t.add(o)
			}
		}
	}
	mask := uint32(len(t.entries) - 1)
	h := itabHash(m.Inter, m.Type) & mask
	for i := uint32(1); t.entries[h] != nil; i++ {
		if t.entries[h] == m {
			return
		}
		h = (h + i) & mask
	}
	t.entries[h] = m
	t.count++
}

var itabsAdded bool

func itabsinit() {
	itabsAdded = true
	addrs := unsafe.Slice((*uint32)(unsafe.Pointer(uintptr(linkinfo[linkItabs]))), int(linkinfo[linkNumItabs]))
	for _, a := range addrs {
		itabTable.add((*itab)(unsafe.Pointer(uintptr(a))))
	}
}

// getitab gives the method table of typ for inter. Without the methods it panics or, if canfail, gives nil.
func getitab(inter *interfacetype, typ *_type, canfail bool) *itab {
	if len(inter.Methods) == 0 {
		throw("internal error - misuse of itab")
	}
	if typ.TFlag&abi.TFlagUncommon == 0 {
		if canfail {
			return nil
		}
		panic(&TypeAssertionError{nil, typ, &inter.Type, nameOfMethod(inter, 0).Name()})
	}
	if !itabsAdded {
		itabsinit()
	}
	m := itabTable.find(inter, typ)
	if m == nil {
		size := unsafe.Sizeof(itab{}) + uintptr(len(inter.Methods)-1)*8
		m = (*itab)(unsafe.Pointer(persistentalloc(size, 8, &memstats.otherSys)))
		m.Inter = inter
		m.Type = typ
		m.Hash = 0
		itabInit(m, true)
		itabTable.add(m)
	}
	if m.Fun[0] != 0 {
		return m
	}
	if canfail {
		return nil
	}
	panic(&TypeAssertionError{concrete: typ, asserted: &inter.Type, missingMethod: itabInit(m, false)})
}

func nameOfMethod(inter *interfacetype, i int) abi.Name {
	return nameAt(inter.Methods[i].Name)
}

// itabInit fills in the methods. If one is missing, it gives its name and leaves Fun[0] at 0.
func itabInit(m *itab, fill bool) string {
	inter, typ := m.Inter, m.Type
	u := typ.Uncommon()
	have := unsafe.Slice((*abi.Method)(add(unsafe.Pointer(u), uintptr(u.Moff))), int(u.Mcount))
	funs := unsafe.Slice((*uintptr)(unsafe.Pointer(&m.Fun)), len(inter.Methods))
	j := 0
	var fun0 uintptr
next:
	for k := range inter.Methods {
		want := &inter.Methods[k]
		wantType := typeAt(want.Typ)
		name := nameAt(want.Name)
		text := name.Name()
		pkg := namePkgPath(name)
		if pkg == "" {
			pkg = inter.PkgPath.Name()
		}
		for ; j < len(have); j++ {
			t := &have[j]
			tname := nameAt(t.Name)
			if typeAt(t.Mtyp) == wantType && tname.Name() == text {
				tpkg := namePkgPath(tname)
				if tpkg == "" {
					tpkg = nameAt(u.PkgPath).Name()
				}
				if tname.IsExported() || tpkg == pkg {
					ifn := uintptr(uint32(t.Ifn))
					if k == 0 {
						fun0 = ifn
					} else if fill {
						funs[k] = ifn
					}
					continue next
				}
			}
		}
		return text
	}
	if fill {
		m.Fun[0] = fun0
	}
	return ""
}

// convT and its kind allocate the data word of an interface.

func convT(t *_type, v unsafe.Pointer) unsafe.Pointer {
	p := mallocgc(t.Size_, t, true)
	typedmemmove(t, p, v)
	return p
}

func convTnoptr(t *_type, v unsafe.Pointer) unsafe.Pointer {
	p := mallocgc(t.Size_, t, false)
	memcopy(p, v, t.Size_)
	return p
}

func convT16(val uint16) unsafe.Pointer {
	if val < uint16(len(staticuint64s)) {
		return unsafe.Pointer(&staticuint64s[val])
	}
	p := mallocgc(2, nil, false)
	*(*uint16)(p) = val
	return p
}

func convT32(val uint32) unsafe.Pointer {
	if val < uint32(len(staticuint64s)) {
		return unsafe.Pointer(&staticuint64s[val])
	}
	p := mallocgc(4, nil, false)
	*(*uint32)(p) = val
	return p
}

func convT64(val uint64) unsafe.Pointer {
	if val < uint64(len(staticuint64s)) {
		return unsafe.Pointer(&staticuint64s[val])
	}
	p := mallocgc(8, nil, false)
	*(*uint64)(p) = val
	return p
}

func convTstring(val string) unsafe.Pointer {
	if val == "" {
		return unsafe.Pointer(&zeroVal)
	}
	var s any = ""
	p := mallocgc(16, efaceOf(&s)._type, true)
	*(*string)(p) = val
	return p
}

func convTslice(val []byte) unsafe.Pointer {
	if (*slice)(unsafe.Pointer(&val)).array == nil {
		return unsafe.Pointer(&zeroVal)
	}
	p := mallocgc(24, sliceType(), true)
	*(*[]byte)(p) = val
	return p
}

var bytesForType any = []byte(nil)

func sliceType() *_type {
	return efaceOf(&bytesForType)._type
}

// zeroVal is the zero value that map lookups give for missing keys.
var zeroVal [abi.ZeroValSize]byte

func assertE2I(inter *interfacetype, t *_type) *itab {
	if t == nil {
		panic(&TypeAssertionError{nil, nil, &inter.Type, ""})
	}
	return getitab(inter, t, false)
}

func assertE2I2(inter *interfacetype, t *_type) *itab {
	if t == nil {
		return nil
	}
	return getitab(inter, t, true)
}

// assertSite is a place in the program that asserts an interface, with what it found last: compiled code looks at tab
// before it calls typeAssert.
type assertSite struct {
	abi.TypeAssert
	tab    *itab
	missed *_type // the type that did not implement the interface
}

// typeAssert gives the itab of t for the interface of s.
func typeAssert(s *assertSite, t *_type) *itab {
	if t == nil {
		if !s.CanFail {
			panic(&TypeAssertionError{nil, nil, &s.Inter.Type, ""})
		}
		return nil
	}
	if s.missed == t {
		return nil
	}
	tab := getitab(s.Inter, t, s.CanFail)
	if tab != nil {
		s.tab = tab
	} else {
		s.missed = t
	}
	return tab
}

// interfaceSwitch gives the first case of a type switch with interface cases that t fits, and its itab.
func interfaceSwitch(s *abi.InterfaceSwitch, t *_type) (int, *itab) {
	cases := unsafe.Slice(&s.Cases[0], s.NCases)
	for i, c := range cases {
		if tab := getitab(c, t, true); tab != nil {
			return i, tab
		}
	}
	return len(cases), nil
}

//go:linkname reflect_ifaceE2I reflect.ifaceE2I
func reflect_ifaceE2I(inter *interfacetype, e eface, dst *iface) {
	t := e._type
	if t == nil {
		panic(&TypeAssertionError{nil, nil, &inter.Type, ""})
	}
	dst.tab = assertE2I(inter, t)
	dst.data = e.data
}

//go:linkname reflectlite_ifaceE2I internal/reflectlite.ifaceE2I
func reflectlite_ifaceE2I(inter *interfacetype, e eface, dst *iface) {
	reflect_ifaceE2I(inter, e, dst)
}
