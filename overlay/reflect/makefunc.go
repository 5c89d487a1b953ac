package reflect

import (
	"internal/abi"
	"strconv"
	"sync"
	"unsafe"
)

// makeFuncCtxt is what all function values made at run time begin with.
type makeFuncCtxt struct {
	fn      uintptr
	stack   *bitVector
	argLen  uintptr
	regPtrs abi.IntArgRegBitmap
}

// makeFuncImpl is the function value that MakeFunc makes.
type makeFuncImpl struct {
	makeFuncCtxt
	ftyp *funcType
	fn   func([]Value) []Value
}

// methodValue is the function value that stands for a method and its receiver.
type methodValue struct {
	makeFuncCtxt
	method int
	rcvr   Value
}

// funcStubs has the code for function values of one type: src/ssa/reflectdata/funcstub.ts.
type funcStubs struct {
	makeFunc   uint32
	methodCall uint32
}

// stubFor gives the code that calls of ftyp need. The compiler leaves its address in the descriptor; function types made
// at run time take that of a type whose calls look the same.
//
//go:noinline
func stubFor(ftyp *funcType) *funcStubs {
	stubs := stubsIn(ftyp)
	if !isStaticType(unsafe.Pointer(ftyp)) {
		stubsOfShape.once.Do(collectStubs)
		stubs = stubsOfShape.stubs[shapeOf(ftyp)]
	}
	if stubs == nil {
		stubs = &funcStubs{makeFunc: uint32(dynamicFunc(callDynamic))}
	}
	return stubs
}

// callDynamic calls a function that MakeFunc made of a type that the program has no code for.
func callDynamic(fn, frame unsafe.Pointer) {
	var retValid bool
	var regs abi.RegArgs
	callReflect((*makeFuncImpl)(fn), frame, &retValid, &regs)
}

func dynamicFunc(call func(fn, frame unsafe.Pointer)) uintptr

func isStaticType(t unsafe.Pointer) bool

func stubsIn(ftyp *funcType) *funcStubs {
	at := *(*uint32)(unsafe.Add(unsafe.Pointer(ftyp), unsafe.Sizeof(abi.Type{})+4))
	return (*funcStubs)(unsafe.Pointer(uintptr(at)))
}

// stubsOfShape has the code for all function types of the program, by what shapeOf says.
var stubsOfShape struct {
	once  sync.Once
	stubs map[string]*funcStubs
}

func collectStubs() {
	stubsOfShape.stubs = make(map[string]*funcStubs)
	sections, offsets := typelinks()
	for i, section := range sections {
		for _, off := range offsets[i] {
			t := (*abi.Type)(rtypeOff(section, off))
			if t.Kind() != abi.Func {
				continue
			}
			ftyp := (*funcType)(unsafe.Pointer(t))
			if s := stubsIn(ftyp); s != nil {
				stubsOfShape.stubs[shapeOf(ftyp)] = s
			}
		}
	}
}

// shapeOf describes how functions are called: the machine values of each parameter and result, with their places, and
// which of them are passed in memory.
func shapeOf(ftyp *funcType) string {
	var shape []byte
	add := func(types []*abi.Type) {
		for _, t := range types {
			shape = append(shape, ' ')
			if !inRegisters(t) {
				shape = append(shape, 'm')
			}
			shape = strconv.AppendInt(shape, int64(t.Align()), 10)
			shape = append(shape, ':')
			shape = strconv.AppendInt(shape, int64(t.Size()), 10)
			shape = appendParts(shape, t, 0)
		}
	}
	add(ftyp.InSlice())
	shape = append(shape, '>')
	add(ftyp.OutSlice())
	return string(shape)
}

// inRegisters mirrors canSSA of src/ssa/layout.ts.
func inRegisters(t *abi.Type) bool {
	if t.Size() > 32 {
		return false
	}
	switch Kind(t.Kind()) {
	case Array:
		return t.Len() == 0 || t.Len() == 1 && inRegisters(t.Elem())
	case Struct:
		st := (*structType)(unsafe.Pointer(t))
		if len(st.Fields) > 4 {
			return false
		}
		for i := range st.Fields {
			if !inRegisters(st.Fields[i].Typ) {
				return false
			}
		}
	}
	return true
}

// partsOfKind has a letter for each machine value: p is a pointer, t the type word of an interface.
var partsOfKind = [...]string{
	Bool: "b", Uint8: "b", Int8: "B", Uint16: "h", Int16: "H", Uint32: "w", Int32: "w",
	Int: "l", Uint: "l", Int64: "l", Uint64: "l", Uintptr: "l",
	Float32: "f", Float64: "d", Complex64: "ff", Complex128: "dd",
	String: "pl", Slice: "pll", Interface: "tp",
	Chan: "p", Func: "p", Map: "p", Pointer: "p", UnsafePointer: "p",
}

func appendParts(shape []byte, t *abi.Type, offset uintptr) []byte {
	switch Kind(t.Kind()) {
	case Array:
		if t.Len() == 0 {
			break
		}
		if t.Len() > 1 {
			shape = append(shape, '[')
			shape = strconv.AppendInt(shape, int64(t.Len()), 10)
			shape = append(shape, ']')
		}
		shape = appendParts(shape, t.Elem(), offset)
	case Struct:
		st := (*structType)(unsafe.Pointer(t))
		for i := range st.Fields {
			f := &st.Fields[i]
			shape = appendParts(shape, f.Typ, offset+f.Offset)
		}
	default:
		shape = strconv.AppendUint(shape, uint64(offset), 10)
		shape = append(shape, partsOfKind[t.Kind()]...)
	}
	return shape
}

// MakeFunc returns a new function of the given [Type] that wraps the function fn. When called, that new function
// converts its arguments to a slice of Values, runs fn, and returns the results as a slice of Values, one per formal
// result.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	if typ.Kind() != Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	t := typ.common()
	ftyp := (*funcType)(unsafe.Pointer(t))
	_, _, abid := funcLayout(ftyp, nil)
	impl := &makeFuncImpl{
		makeFuncCtxt: makeFuncCtxt{
			fn:     uintptr(stubFor(ftyp).makeFunc),
			stack:  abid.stackPtrs,
			argLen: abid.stackCallArgsSize,
		},
		ftyp: ftyp,
		fn:   fn,
	}
	return Value{t, unsafe.Pointer(impl), flag(Func)}
}

// makeMethodValue makes a function of a method value, for Interface and the like.
func makeMethodValue(op string, v Value) Value {
	if v.flag&flagMethod == 0 {
		panic("reflect: internal error: invalid use of makeMethodValue")
	}
	fl := v.flag & (flagRO | flagAddr | flagIndir)
	fl |= flag(v.typ().Kind())
	rcvr := Value{v.typ(), v.ptr, fl}
	ftyp := (*funcType)(unsafe.Pointer(v.Type().(*rtype)))
	_, _, abid := funcLayout(ftyp, nil)
	fv := &methodValue{
		makeFuncCtxt: makeFuncCtxt{
			fn:     uintptr(stubFor(ftyp).methodCall),
			stack:  abid.stackPtrs,
			argLen: abid.stackCallArgsSize,
		},
		method: int(v.flag) >> flagMethodShift,
		rcvr:   rcvr,
	}
	// Panics now if the receiver is not fit for the method, as the language says of method values.
	methodReceiver(op, fv.rcvr, fv.method)
	return Value{ftyp.Common(), unsafe.Pointer(fv), v.flag&flagRO | flag(Func)}
}

// methodValueCallCodePtr is the code that Pointer gives for all method values.
func methodValueCallCodePtr() uintptr {
	return abi.FuncPCABIInternal(callMethod)
}

func moveMakeFuncArgPtrs(ctxt *makeFuncCtxt, args *abi.RegArgs) {}
