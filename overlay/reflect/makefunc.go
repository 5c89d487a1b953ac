package reflect

import (
	"internal/abi"
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

// stubFor gives the code that calls of ftyp need; the compiler leaves its address in the descriptor.
//
//go:noinline
func stubFor(ftyp *funcType) *funcStubs {
	at := *(*uint32)(unsafe.Add(unsafe.Pointer(ftyp), unsafe.Sizeof(abi.Type{})+4))
	if at == 0 {
		panic("reflect: goesc cannot make functions of type " + stringFor(&ftyp.Type) + ", which the program does not mention")
	}
	return (*funcStubs)(unsafe.Pointer(uintptr(at)))
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
