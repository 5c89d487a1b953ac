package print

import (
	"internal/abi"
	"internal/strconv"
	"unsafe"
)

//go:linkname runtimeWrite runtime.write
func runtimeWrite(fd uintptr, p unsafe.Pointer, n int32) int32

func write(b []byte) {
	for len(b) > 0 {
		n := runtimeWrite(1, unsafe.Pointer(&b[0]), int32(min(len(b), 1<<20)))
		if n <= 0 {
			return
		}
		b = b[n:]
	}
}

// appendPlain appends a value without methods of interest.
func appendPlain(b []byte, x any) []byte {
	value := (*abi.EmptyInterface)(unsafe.Pointer(&x))
	p := value.Data
	if value.Type.IsDirectIface() {
		p = unsafe.Pointer(&value.Data)
	}
	return appendValue(b, value.Type, p)
}

// appendElem appends a part of a value, which may have methods.
func appendElem(b []byte, t *abi.Type, p unsafe.Pointer) []byte {
	if t.Kind() == abi.Interface {
		word := *(*unsafe.Pointer)(p)
		if word == nil {
			return append(b, "<nil>"...)
		}
		inner := abi.EmptyInterface{Type: (*abi.Type)(word), Data: ((*[2]unsafe.Pointer)(p))[1]}
		if len((*abi.InterfaceType)(unsafe.Pointer(t)).Methods) > 0 {
			inner.Type = (*abi.ITab)(word).Type
		}
		return Append(b, *(*any)(unsafe.Pointer(&inner)))
	}
	outer := abi.EmptyInterface{Type: t, Data: p}
	if t.IsDirectIface() {
		outer.Data = *(*unsafe.Pointer)(p)
	}
	return Append(b, *(*any)(unsafe.Pointer(&outer)))
}

func appendValue(b []byte, t *abi.Type, p unsafe.Pointer) []byte {
	switch t.Kind() {
	case abi.Bool:
		if *(*bool)(p) {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case abi.Int:
		return strconv.AppendInt(b, int64(*(*int)(p)), 10)
	case abi.Int8:
		return strconv.AppendInt(b, int64(*(*int8)(p)), 10)
	case abi.Int16:
		return strconv.AppendInt(b, int64(*(*int16)(p)), 10)
	case abi.Int32:
		return strconv.AppendInt(b, int64(*(*int32)(p)), 10)
	case abi.Int64:
		return strconv.AppendInt(b, *(*int64)(p), 10)
	case abi.Uint:
		return strconv.AppendUint(b, uint64(*(*uint)(p)), 10)
	case abi.Uint8:
		return strconv.AppendUint(b, uint64(*(*uint8)(p)), 10)
	case abi.Uint16:
		return strconv.AppendUint(b, uint64(*(*uint16)(p)), 10)
	case abi.Uint32:
		return strconv.AppendUint(b, uint64(*(*uint32)(p)), 10)
	case abi.Uint64:
		return strconv.AppendUint(b, *(*uint64)(p), 10)
	case abi.Uintptr:
		return strconv.AppendUint(b, uint64(*(*uintptr)(p)), 10)
	case abi.Float32:
		return strconv.AppendFloat(b, float64(*(*float32)(p)), 'g', -1, 32)
	case abi.Float64:
		return strconv.AppendFloat(b, *(*float64)(p), 'g', -1, 64)
	case abi.Complex64:
		return strconv.AppendComplex(b, complex128(*(*complex64)(p)), 'g', -1, 64)
	case abi.Complex128:
		return strconv.AppendComplex(b, *(*complex128)(p), 'g', -1, 128)
	case abi.String:
		return append(b, *(*string)(p)...)
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		return appendList(b, a.Elem, p, int(a.Len))
	case abi.Slice:
		s := (*struct {
			p      unsafe.Pointer
			n, cap int
		})(p)
		return appendList(b, t.Elem(), s.p, s.n)
	case abi.Struct:
		b = append(b, '{')
		for i, f := range (*abi.StructType)(unsafe.Pointer(t)).Fields {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendElem(b, f.Typ, unsafe.Add(p, f.Offset))
		}
		return append(b, '}')
	}
	address := *(*uintptr)(p)
	if address == 0 {
		return append(b, "<nil>"...)
	}
	return strconv.AppendUint(append(b, "0x"...), uint64(address), 16)
}

func appendList(b []byte, t *abi.Type, p unsafe.Pointer, n int) []byte {
	b = append(b, '[')
	for i := range n {
		if i > 0 {
			b = append(b, ' ')
		}
		b = appendElem(b, t, unsafe.Add(p, uintptr(i)*t.Size_))
	}
	return append(b, ']')
}
