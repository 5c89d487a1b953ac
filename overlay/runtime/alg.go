package runtime

import (
	"internal/abi"
	"internal/runtime/hash"
	"unsafe"
)

// Equality and hashing: what the compiler and package reflect refer to, for hash.Word and hash.Bytes.

func memhash(p unsafe.Pointer, seed, size uintptr) uintptr {
	return uintptr(hash.Bytes(p, uint64(seed), size))
}

func memhash0(p unsafe.Pointer, h uintptr) uintptr {
	return h
}

func memhash8(p unsafe.Pointer, h uintptr) uintptr {
	return memhash(p, h, 1)
}

func memhash16(p unsafe.Pointer, h uintptr) uintptr {
	return memhash(p, h, 2)
}

func memhash32(p unsafe.Pointer, h uintptr) uintptr {
	return uintptr(hash.Word(uint64(*(*uint32)(p)), uint64(h)))
}

func memhash64(p unsafe.Pointer, h uintptr) uintptr {
	return uintptr(hash.Word(*(*uint64)(p), uint64(h)))
}

func memhash128(p unsafe.Pointer, h uintptr) uintptr {
	return memhash(p, h, 16)
}

// memhash_varlen takes the size from the closure that it is called through.
func memhash_varlen(p unsafe.Pointer, h uintptr) uintptr {
	size := *(*uintptr)(unsafe.Pointer(getclosureptr() + 8))
	return memhash(p, h, size)
}

func getclosureptr() uintptr

func strhash(p unsafe.Pointer, h uintptr) uintptr {
	s := (*string)(p)
	return memhash(unsafe.Pointer(unsafe.StringData(*s)), h, uintptr(len(*s)))
}

func strhashFallback(p unsafe.Pointer, h uintptr) uintptr {
	return strhash(p, h)
}

// zeroKey stands for zeros of both signs; a whole number 0 has another hash.
const zeroKey = 1 << 63

func f32hash(p unsafe.Pointer, h uintptr) uintptr {
	f := *(*float32)(p)
	switch {
	case f == 0:
		return uintptr(hash.Word(zeroKey, uint64(h))) // +0, -0
	case f != f:
		return uintptr(hash.Word(rand(), uint64(h))) // any kind of NaN
	}
	return memhash(p, h, 4)
}

func f64hash(p unsafe.Pointer, h uintptr) uintptr {
	f := *(*float64)(p)
	switch {
	case f == 0:
		return uintptr(hash.Word(zeroKey, uint64(h)))
	case f != f:
		return uintptr(hash.Word(rand(), uint64(h)))
	}
	return memhash(p, h, 8)
}

func c64hash(p unsafe.Pointer, h uintptr) uintptr {
	return f32hash(add(p, 4), f32hash(p, h))
}

func c128hash(p unsafe.Pointer, h uintptr) uintptr {
	return f64hash(add(p, 8), f64hash(p, h))
}

func interhash(p unsafe.Pointer, h uintptr) uintptr {
	i := (*iface)(p)
	if i.tab == nil {
		return h
	}
	return dataHash(i.tab.Type, i.data, h)
}

func nilinterhash(p unsafe.Pointer, h uintptr) uintptr {
	e := (*eface)(p)
	if e._type == nil {
		return h
	}
	return dataHash(e._type, e.data, h)
}

// dataHash hashes a value of type t in an interface.
func dataHash(t *_type, data unsafe.Pointer, h uintptr) uintptr {
	if t.Equal == nil {
		// Check the hash functions of the parts: the error names the first that has none.
		panic(errorString("hash of unhashable type " + typeString(t)))
	}
	if t.TFlag&abi.TFlagDirectIface != 0 {
		return mixType(typehash(t, unsafe.Pointer(&data), h))
	}
	return mixType(typehash(t, data, h))
}

func mixType(h uintptr) uintptr {
	return uintptr(hash.Word(uint64(h), 0))
}

// typehash hashes a value of any type, at p.
func typehash(t *_type, p unsafe.Pointer, h uintptr) uintptr {
	if t.TFlag&abi.TFlagRegularMemory != 0 {
		switch t.Size_ {
		case 4:
			return memhash32(p, h)
		case 8:
			return memhash64(p, h)
		}
		return memhash(p, h, t.Size_)
	}
	switch t.Kind() {
	case abi.Float32:
		return f32hash(p, h)
	case abi.Float64:
		return f64hash(p, h)
	case abi.Complex64:
		return c64hash(p, h)
	case abi.Complex128:
		return c128hash(p, h)
	case abi.String:
		return strhash(p, h)
	case abi.Interface:
		i := (*interfacetype)(unsafe.Pointer(t))
		if len(i.Methods) == 0 {
			return nilinterhash(p, h)
		}
		return interhash(p, h)
	case abi.Array:
		a := (*arraytype)(unsafe.Pointer(t))
		for i := uintptr(0); i < a.Len; i++ {
			h = typehash(a.Elem, add(p, i*a.Elem.Size_), h)
		}
		return h
	case abi.Struct:
		s := (*structtype)(unsafe.Pointer(t))
		for i := range s.Fields {
			f := &s.Fields[i]
			if f.Name.IsBlank() {
				continue
			}
			h = typehash(f.Typ, add(p, f.Offset), h)
		}
		return h
	}
	panic(errorString("hash of unhashable type " + typeString(t)))
}

//go:linkname reflect_typehash reflect.typehash
func reflect_typehash(t *_type, p unsafe.Pointer, h uintptr) uintptr {
	return typehash(t, p, h)
}

// memequal_varlen takes the size from the closure that it is called through.
func memequal_varlen(p, q unsafe.Pointer) bool {
	size := *(*uintptr)(unsafe.Pointer(getclosureptr() + 8))
	return memequal(p, q, size)
}

func memequal0(p, q unsafe.Pointer) bool  { return true }
func memequal8(p, q unsafe.Pointer) bool  { return *(*int8)(p) == *(*int8)(q) }
func memequal16(p, q unsafe.Pointer) bool { return *(*int16)(p) == *(*int16)(q) }
func memequal32(p, q unsafe.Pointer) bool { return *(*int32)(p) == *(*int32)(q) }
func memequal64(p, q unsafe.Pointer) bool { return *(*int64)(p) == *(*int64)(q) }
func memequal128(p, q unsafe.Pointer) bool {
	return *(*int64)(p) == *(*int64)(q) && *(*int64)(add(p, 8)) == *(*int64)(add(q, 8))
}
func f32equal(p, q unsafe.Pointer) bool  { return *(*float32)(p) == *(*float32)(q) }
func f64equal(p, q unsafe.Pointer) bool  { return *(*float64)(p) == *(*float64)(q) }
func c64equal(p, q unsafe.Pointer) bool  { return *(*complex64)(p) == *(*complex64)(q) }
func c128equal(p, q unsafe.Pointer) bool { return *(*complex128)(p) == *(*complex128)(q) }
func strequal(p, q unsafe.Pointer) bool  { return *(*string)(p) == *(*string)(q) }
func interequal(p, q unsafe.Pointer) bool {
	x, y := (*iface)(p), (*iface)(q)
	return x.tab == y.tab && ifaceeq(x.tab, x.data, y.data)
}
func nilinterequal(p, q unsafe.Pointer) bool {
	x, y := (*eface)(p), (*eface)(q)
	return x._type == y._type && efaceeq(x._type, x.data, y.data)
}

// efaceeq compares two values of type t in interfaces.
func efaceeq(t *_type, x, y unsafe.Pointer) bool {
	if t == nil {
		return true
	}
	eq := t.Equal
	if eq == nil {
		panic(errorString("comparing uncomparable type " + typeString(t)))
	}
	if t.TFlag&abi.TFlagDirectIface != 0 {
		return x == y
	}
	return x == y && t.TFlag&abi.TFlagRegularMemory != 0 || eq(x, y)
}

func ifaceeq(tab *itab, x, y unsafe.Pointer) bool {
	if tab == nil {
		return true
	}
	return efaceeq(tab.Type, x, y)
}

// cmpstring gives -1, 0 or 1.
func cmpstring(a, b string) int {
	n := min(len(a), len(b))
	p, q := uint32(uintptr(unsafe.Pointer(unsafe.StringData(a)))), uint32(uintptr(unsafe.Pointer(unsafe.StringData(b))))
	if n >= 8 {
		for i := 0; i < n-8; i += 8 {
			if x, y := load64(p+uint32(i)), load64(q+uint32(i)); x != y {
				return cmpword(x, y)
			}
		}
		// Some of these bytes are known to be equal.
		if x, y := load64(p+uint32(n-8)), load64(q+uint32(n-8)); x != y {
			return cmpword(x, y)
		}
	} else if n >= 4 {
		x := uint64(load32(p)) | uint64(load32(p+uint32(n-4)))<<32
		y := uint64(load32(q)) | uint64(load32(q+uint32(n-4)))<<32
		if x != y {
			return cmpword(x, y)
		}
	} else {
		for i := 0; i < n; i++ {
			if c, d := a[i], b[i]; c != d {
				return cmpword(uint64(c), uint64(d))
			}
		}
	}
	if len(a) < len(b) {
		return -1
	}
	if len(a) > len(b) {
		return 1
	}
	return 0
}

// cmpword compares words that differ, by the first of their bytes that does.
func cmpword(x, y uint64) int {
	shift := ctz64(x^y) &^ 7
	if byte(x>>shift) < byte(y>>shift) {
		return -1
	}
	return 1
}
