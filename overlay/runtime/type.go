package runtime

import (
	"internal/abi"
	"unsafe"
)

// Names and offsets in type descriptors: offsets are addresses.

func nameAt(off abi.NameOff) abi.Name {
	return abi.Name{Bytes: (*byte)(unsafe.Pointer(uintptr(uint32(off))))}
}

func typeAt(off abi.TypeOff) *_type {
	if off == 0 || off == -1 {
		return nil
	}
	return (*_type)(unsafe.Pointer(uintptr(uint32(off))))
}

func typeString(t *_type) string {
	s := nameAt(t.Str).Name()
	if t.TFlag&abi.TFlagExtraStar != 0 {
		return s[1:]
	}
	return s
}

// typeName is the name of a defined type without its package, or "".
func typeName(t *_type) string {
	if t.TFlag&abi.TFlagNamed == 0 {
		return ""
	}
	s := typeString(t)
	i := len(s) - 1
	depth := 0
	for i >= 0 && (s[i] != '.' || depth != 0) {
		switch s[i] {
		case ']':
			depth++
		case '[':
			depth--
		}
		i--
	}
	return s[i+1:]
}

func typePkgPath(t *_type) string {
	if u := t.Uncommon(); u != nil {
		return nameAt(u.PkgPath).Name()
	}
	switch t.Kind() {
	case abi.Struct:
		return (*structtype)(unsafe.Pointer(t)).PkgPath.Name()
	case abi.Interface:
		return (*interfacetype)(unsafe.Pointer(t)).PkgPath.Name()
	}
	return ""
}

// namePkgPath is the package of an unexported name.
func namePkgPath(n abi.Name) string {
	if n.Bytes == nil || *n.Data(0)&(1<<2) == 0 {
		return ""
	}
	i, l := n.ReadVarint(1)
	off := 1 + i + l
	if *n.Data(0)&(1<<1) != 0 {
		i2, l2 := n.ReadVarint(off)
		off += i2 + l2
	}
	var pkg abi.NameOff
	memcopy(unsafe.Pointer(&pkg), unsafe.Pointer(n.Data(off)), 4)
	return nameAt(pkg).Name()
}

//go:linkname reflect_resolveNameOff reflect.resolveNameOff
func reflect_resolveNameOff(ptrInModule unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(nameAt(abi.NameOff(off)).Bytes)
}

//go:linkname reflect_resolveTypeOff reflect.resolveTypeOff
func reflect_resolveTypeOff(rtype unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(typeAt(abi.TypeOff(off)))
}

//go:linkname reflect_resolveTextOff reflect.resolveTextOff
func reflect_resolveTextOff(rtype unsafe.Pointer, off int32) unsafe.Pointer {
	if off == -1 {
		return unsafe.Pointer(abiUnreachableMethod())
	}
	return unsafe.Pointer(uintptr(uint32(off)))
}

func abiUnreachableMethod() uintptr {
	return abi.FuncPCABIInternal(unreachableMethod)
}

//go:linkname reflectlite_resolveNameOff internal/reflectlite.resolveNameOff
func reflectlite_resolveNameOff(ptrInModule unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(nameAt(abi.NameOff(off)).Bytes)
}

//go:linkname reflectlite_resolveTypeOff internal/reflectlite.resolveTypeOff
func reflectlite_resolveTypeOff(rtype unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(typeAt(abi.TypeOff(off)))
}

// reflect_addReflectOff names something that reflect has made by an offset: its address.
//
//go:linkname reflect_addReflectOff reflect.addReflectOff
func reflect_addReflectOff(ptr unsafe.Pointer) int32 {
	if threads {
		lock()
		defer unlock()
	}
	for _, p := range reflectOffs {
		if p == ptr {
			return int32(uint32(uintptr(ptr)))
		}
	}
	reflectOffs = append(reflectOffs, ptr)
	return int32(uint32(uintptr(ptr)))
}

var reflectOffs []unsafe.Pointer

//go:linkname reflect_typelinks reflect.typelinks
func reflect_typelinks() ([]unsafe.Pointer, [][]int32) {
	n := int(linkinfo[linkNumTypes])
	if n == 0 {
		return nil, nil
	}
	offs := unsafe.Slice((*int32)(unsafe.Pointer(uintptr(linkinfo[linkTypes]))), n)
	return []unsafe.Pointer{nil}, [][]int32{offs}
}

// reflect_isStaticType tells whether the compiler made the descriptor.
//
//go:linkname reflect_isStaticType reflect.isStaticType
func reflect_isStaticType(t unsafe.Pointer) bool {
	return uintptr(t) < uintptr(linkinfo[linkHeapBase])
}

//go:linkname reflect_gcbits reflect.gcbits
func reflect_gcbits(x any) []byte {
	if bits, ok := heapPointerBits(uintptr(efaceOf(&x).data)); ok {
		return bits
	}
	return pointerBits(x)
}

// heapPointerBits gives the pointer mask of the object that p points into, a byte for each word.
func heapPointerBits(p uintptr) (bits []byte, ok bool) {
	s := spanOf(p)
	if s == nil || s.state != spanObjects {
		return nil, false
	}
	if s.spanclass.noscan() {
		return nil, true
	}
	base := s.base + s.objIndex(p)*s.elemsize
	bits = make([]byte, s.elemsize/8)
	if s.elemsize <= maxBitmapSize {
		mask := s.pointerBits(base)
		for i := range bits {
			bits[i] = byte(mask >> i & 1)
		}
		return bits, true
	}
	t := s.largeType
	if s.spanclass.sizeclass() != 0 {
		t = *(**_type)(unsafe.Pointer(base))
		bits = bits[mallocHeaderSize/8:]
	}
	if t == nil {
		return nil, true
	}
	mask := unsafe.Pointer(ptrMask(t))
	for i := range bits {
		if off := uintptr(i) * 8 % t.Size_; off < t.PtrBytes {
			bits[i] = *(*byte)(add(mask, off/64)) >> (off / 8 % 8) & 1
		}
	}
	return bits, true
}

// pointerBits gives the pointer mask of the variable that x points to, a byte for each word.
func pointerBits(x any) []byte {
	e := efaceOf(&x)
	t := (*ptrtype)(unsafe.Pointer(e._type)).Elem
	n := t.PtrBytes / 8
	bits := make([]byte, n)
	mask := ptrMask(t)
	for i := range bits {
		bits[i] = *(*byte)(add(unsafe.Pointer(mask), uintptr(i)/8)) >> (uintptr(i) % 8) & 1
	}
	return bits
}

//go:linkname reflect_verifyNotInHeapPtr reflect.verifyNotInHeapPtr
func reflect_verifyNotInHeapPtr(p uintptr) bool {
	return spanOf(p) == nil && p != ^uintptr(0)
}

// getStaticuint64s gives the values that interfaces to small numbers point to.
func getStaticuint64s() *[256]uint64 {
	return &staticuint64s
}

// pkgPath of a method's name in an interface: that of the interface if the name has none.
func methodPkgPath(n abi.Name, inter *interfacetype) string {
	if p := namePkgPath(n); p != "" {
		return p
	}
	return inter.PkgPath.Name()
}
