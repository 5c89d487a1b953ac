package maps

import (
	"internal/abi"
	"unsafe"
)

func typeString(t *abi.Type) string

type unhashableTypeError struct{ typ *abi.Type }

func (unhashableTypeError) RuntimeError() {}

func (e unhashableTypeError) Error() string { return "hash of unhashable type: " + typeString(e.typ) }

// checkKey panics if the key cannot be hashed: for maps where nothing has to be.
func checkKey(t *abi.MapType, key unsafe.Pointer) {
	if !t.HashMightPanic() {
		return
	}
	if bad := unhashable(t.Key, key); bad != nil {
		panic(unhashableTypeError{bad})
	}
}

// unhashable finds a type in a value that has no hash.
func unhashable(t *abi.Type, p unsafe.Pointer) *abi.Type {
	switch t.Kind() {
	case abi.Interface:
		word := *(*unsafe.Pointer)(p)
		if word == nil {
			return nil
		}
		inner := (*abi.Type)(word)
		if len((*abi.InterfaceType)(unsafe.Pointer(t)).Methods) > 0 {
			inner = (*abi.ITab)(word).Type
		}
		if inner.Equal == nil {
			return inner
		}
		data := unsafe.Add(p, 8)
		if !inner.IsDirectIface() {
			data = *(*unsafe.Pointer)(data)
		}
		return unhashable(inner, data)
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		for i := range a.Len {
			if bad := unhashable(a.Elem, unsafe.Add(p, i*a.Elem.Size_)); bad != nil {
				return bad
			}
		}
	case abi.Struct:
		for _, f := range (*abi.StructType)(unsafe.Pointer(t)).Fields {
			if f.Name.IsBlank() {
				continue
			}
			if bad := unhashable(f.Typ, unsafe.Add(p, f.Offset)); bad != nil {
				return bad
			}
		}
	}
	return nil
}
