package runtime

import (
	"internal/abi"
	"internal/strconv"
)

// An Error is a run-time error: a panic that the language or the runtime raises.
type Error interface {
	error

	// RuntimeError does nothing; it tells runtime errors from other errors.
	RuntimeError()
}

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface    *_type
	concrete      *_type
	asserted      *_type
	missingMethod string
}

func (*TypeAssertionError) RuntimeError() {}

func (e *TypeAssertionError) Error() string {
	from := "interface"
	if e._interface != nil {
		from = typeString(e._interface)
	}
	want := typeString(e.asserted)
	if e.concrete == nil {
		return "interface conversion: " + from + " is nil, not " + want
	}
	have := typeString(e.concrete)
	if e.missingMethod != "" {
		return "interface conversion: " + have + " is not " + want + ": missing method " + e.missingMethod
	}
	msg := "interface conversion: " + from + " is " + have + ", not " + want
	if have == want {
		if typePkgPath(e.concrete) != typePkgPath(e.asserted) {
			msg += " (types from different packages)"
		} else {
			msg += " (types from different scopes)"
		}
	}
	return msg
}

// errorString is an error whose text carries the usual prefix.
type errorString string

func (e errorString) RuntimeError() {}

func (e errorString) Error() string {
	return "runtime error: " + string(e)
}

// errorAddressString is an error about a memory access.
type errorAddressString struct {
	msg  string
	addr uintptr
}

func (e errorAddressString) RuntimeError() {}

func (e errorAddressString) Error() string {
	return "runtime error: " + e.msg
}

func (e errorAddressString) Addr() uintptr {
	return e.addr
}

// plainError is an error whose text stands alone.
type plainError string

func (e plainError) RuntimeError() {}

func (e plainError) Error() string {
	return string(e)
}

// A boundsError is a failed index or slice expression.
type boundsError struct {
	x      int64
	y      int
	signed bool
	code   abi.BoundsErrorCode
}

func (e boundsError) RuntimeError() {}

// boundsText has, for each kind, what comes before x, between x and y, and after y; and the end for negative x.
var boundsText = [...][4]string{
	abi.BoundsIndex:      {"index out of range [", "] with length ", "", "]"},
	abi.BoundsSliceAlen:  {"slice bounds out of range [:", "] with length ", "", "]"},
	abi.BoundsSliceAcap:  {"slice bounds out of range [:", "] with capacity ", "", "]"},
	abi.BoundsSliceB:     {"slice bounds out of range [", ":", "]", ":]"},
	abi.BoundsSlice3Alen: {"slice bounds out of range [::", "] with length ", "", "]"},
	abi.BoundsSlice3Acap: {"slice bounds out of range [::", "] with capacity ", "", "]"},
	abi.BoundsSlice3B:    {"slice bounds out of range [:", ":", "]", ":]"},
	abi.BoundsSlice3C:    {"slice bounds out of range [", ":", ":]", "::]"},
}

func (e boundsError) Error() string {
	b := make([]byte, 0, 100)
	b = append(b, "runtime error: "...)
	if e.code == abi.BoundsConvert {
		b = append(b, "cannot convert slice with length "...)
		b = strconv.AppendInt(b, int64(e.y), 10)
		b = append(b, " to array or pointer to array with length "...)
		b = strconv.AppendInt(b, e.x, 10)
		return string(b)
	}
	text := &boundsText[e.code]
	b = append(b, text[0]...)
	if e.signed && e.x < 0 {
		b = strconv.AppendInt(b, e.x, 10)
		b = append(b, text[3]...)
		return string(b)
	}
	b = strconv.AppendUint(b, uint64(e.x), 10)
	b = append(b, text[1]...)
	b = strconv.AppendInt(b, int64(e.y), 10)
	b = append(b, text[2]...)
	return string(b)
}

// A PanicNilError happens when code calls panic(nil).
type PanicNilError struct {
	// Makes its structure unlike that of any other type, so that none converts to it.
	_ [0]*PanicNilError
	_ [0]func()
}

func (*PanicNilError) Error() string { return "panic called with nil argument" }
func (*PanicNilError) RuntimeError() {}

var (
	divideError     = error(errorString("integer divide by zero"))
	overflowError   = error(errorString("integer overflow"))
	shiftError      = error(errorString("negative shift amount"))
	memoryError     = error(errorString("invalid memory address or nil pointer dereference"))
	errNilAssignMap = error(plainError("assignment to entry in nil map"))
)

type stringer interface {
	String() string
}

// printpanicval prints the argument of a panic: basic types as they are, others by type and address.
func printpanicval(v any) {
	switch v := v.(type) {
	case nil:
		print("nil")
	case bool:
		print(v)
	case int:
		print(v)
	case int8:
		print(v)
	case int16:
		print(v)
	case int32:
		print(v)
	case int64:
		print(v)
	case uint:
		print(v)
	case uint8:
		print(v)
	case uint16:
		print(v)
	case uint32:
		print(v)
	case uint64:
		print(v)
	case uintptr:
		print(v)
	case float32:
		print(v)
	case float64:
		print(v)
	case complex64:
		print(v)
	case complex128:
		print(v)
	case string:
		printindented(v)
	default:
		printcustom(v)
	}
}

// printcustom prints values of defined basic types as conversions.
func printcustom(v any) {
	e := efaceOf(&v)
	name := typeString(e._type)
	switch e._type.Kind() {
	case abi.String:
		print(name, `("`)
		printindented(*(*string)(e.data))
		print(`")`)
	case abi.Bool:
		print(name, "(", *(*bool)(e.data), ")")
	case abi.Int:
		print(name, "(", *(*int)(e.data), ")")
	case abi.Int8:
		print(name, "(", *(*int8)(e.data), ")")
	case abi.Int16:
		print(name, "(", *(*int16)(e.data), ")")
	case abi.Int32:
		print(name, "(", *(*int32)(e.data), ")")
	case abi.Int64:
		print(name, "(", *(*int64)(e.data), ")")
	case abi.Uint:
		print(name, "(", *(*uint)(e.data), ")")
	case abi.Uint8:
		print(name, "(", *(*uint8)(e.data), ")")
	case abi.Uint16:
		print(name, "(", *(*uint16)(e.data), ")")
	case abi.Uint32:
		print(name, "(", *(*uint32)(e.data), ")")
	case abi.Uint64:
		print(name, "(", *(*uint64)(e.data), ")")
	case abi.Uintptr:
		print(name, "(", *(*uintptr)(e.data), ")")
	case abi.Float32:
		print(name, "(", *(*float32)(e.data), ")")
	case abi.Float64:
		print(name, "(", *(*float64)(e.data), ")")
	case abi.Complex64:
		print(name, *(*complex64)(e.data))
	case abi.Complex128:
		print(name, *(*complex128)(e.data))
	default:
		print("(", name, ") ", e.data)
	}
}

// panicwrap reports a nil pointer in a generated method wrapper, whose name tells the method.
func panicwrap() {
	name := funcNameAt(getcallerpc())
	for i := 0; i+3 < len(name); i++ {
		if name[i:i+3] != ".(*" {
			continue
		}
		pkg, rest := name[:i], name[i+3:]
		for j := 0; j+1 < len(rest); j++ {
			if rest[j:j+2] == ")." {
				typ, method := rest[:j], rest[j+2:]
				panic(plainError("value method " + pkg + "." + typ + "." + method + " called using nil *" + typ + " pointer"))
			}
		}
	}
	throw("panicwrap: unexpected name " + name)
}
