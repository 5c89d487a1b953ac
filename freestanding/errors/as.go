package errors

import (
	"internal/abi"
	"unsafe"
)

//go:linkname assertE2I2 runtime.assertE2I2
func assertE2I2(inter *abi.InterfaceType, t *abi.Type) unsafe.Pointer

//go:linkname typedmemmove runtime.typedmemmove
func typedmemmove(t *abi.Type, dst, src unsafe.Pointer)

func implements(inter *abi.InterfaceType, t *abi.Type) bool {
	return len(inter.Methods) == 0 || assertE2I2(inter, t) != nil
}

// isComparable reports whether values of the type of err can be compared.
func isComparable(err error) bool { return abi.TypeOf(err).Equal != nil }

// As finds the first error in err that *target can hold, and puts it there.
func As(err error, target any) bool {
	if err == nil {
		return false
	}
	if target == nil {
		panic("errors: target cannot be nil")
	}
	value := (*abi.EmptyInterface)(unsafe.Pointer(&target))
	if value.Type.Kind() != abi.Pointer || value.Data == nil {
		panic("errors: target must be a non-nil pointer")
	}
	want := value.Type.Elem()
	if want.Kind() != abi.Interface && !implements(typeError, want) {
		panic("errors: *target must be interface or implement error")
	}
	return walk(err, func(err error) bool {
		var x any = err
		have := (*abi.EmptyInterface)(unsafe.Pointer(&x))
		switch {
		case want.Kind() == abi.Interface:
			inter := (*abi.InterfaceType)(unsafe.Pointer(want))
			if implements(inter, have.Type) {
				if len(inter.Methods) == 0 {
					*(*any)(value.Data) = x
				} else {
					*(*[2]unsafe.Pointer)(value.Data) = [2]unsafe.Pointer{assertE2I2(inter, have.Type), have.Data}
				}
				return true
			}
		case have.Type == want:
			from := have.Data
			if want.IsDirectIface() {
				from = unsafe.Pointer(&have.Data)
			}
			typedmemmove(want, value.Data, from)
			return true
		}
		as, ok := err.(interface{ As(any) bool })
		return ok && as.As(target)
	})
}

var typeError = (*abi.InterfaceType)(unsafe.Pointer(abi.TypeOf((*error)(nil)).Elem()))
