// Package abi has the layouts that compiled code and package runtime share.
package abi

import "unsafe"

type Kind uint8

const (
	Invalid Kind = iota
	Bool
	Int
	Int8
	Int16
	Int32
	Int64
	Uint
	Uint8
	Uint16
	Uint32
	Uint64
	Uintptr
	Float32
	Float64
	Complex64
	Complex128
	Array
	Chan
	Func
	Interface
	Map
	Pointer
	Slice
	String
	Struct
	UnsafePointer
)

type TFlag uint8

const (
	TFlagUncommon TFlag = 1 << iota
	TFlagExtraStar
	TFlagNamed
	TFlagRegularMemory
	TFlagGCMaskOnDemand
	TFlagDirectIface
)

// Addresses of names, types and code.
type (
	NameOff int32
	TypeOff int32
	TextOff int32
)

// A Type begins every type descriptor.
type Type struct {
	Size_       uintptr
	PtrBytes    uintptr
	Hash        uint32
	TFlag       TFlag
	Align_      uint8
	FieldAlign_ uint8
	Kind_       Kind
	Equal       func(unsafe.Pointer, unsafe.Pointer) bool
	GCData      *byte
	Str         NameOff
	PtrToThis   TypeOff
}

type (
	ArrayType struct {
		Type
		Elem  *Type
		Slice *Type
		Len   uintptr
	}
	ChanType struct {
		Type
		Elem *Type
		Dir  ChanDir
	}
	FuncType struct {
		Type
		InCount  uint16
		OutCount uint16
	}
	InterfaceType struct {
		Type
		PkgPath Name
		Methods []Imethod
	}
	MapType struct {
		Type
		Key       *Type
		Elem      *Type
		Group     *Type
		Hasher    func(unsafe.Pointer, uintptr) uintptr
		GroupSize uintptr
		SlotSize  uintptr
		ElemOff   uintptr
		Flags     uint32
	}
	PtrType struct {
		Type
		Elem *Type
	}
	SliceType struct {
		Type
		Elem *Type
	}
	StructType struct {
		Type
		PkgPath Name
		Fields  []StructField
	}
	StructField struct {
		Name   Name
		Typ    *Type
		Offset uintptr
	}
	Imethod struct {
		Name NameOff
		Typ  TypeOff
	}
	Method struct {
		Name NameOff
		Mtyp TypeOff
		Ifn  TextOff
		Tfn  TextOff
	}
	// UncommonType follows the descriptor of a type with methods or a name.
	UncommonType struct {
		PkgPath NameOff
		Mcount  uint16
		Xcount  uint16
		Moff    uint32
		_       uint32
	}
)

type ChanDir int

const (
	RecvDir ChanDir = 1
	SendDir ChanDir = 2
)

func (t *Type) Kind() Kind { return t.Kind_ }

func (t *Type) Pointers() bool { return t.PtrBytes != 0 }

func (t *Type) IsDirectIface() bool { return t.TFlag&TFlagDirectIface != 0 }

func (t *Type) Uncommon() *UncommonType {
	if t.TFlag&TFlagUncommon == 0 {
		return nil
	}
	var size uintptr
	switch t.Kind_ {
	case Array:
		size = unsafe.Sizeof(ArrayType{})
	case Chan:
		size = unsafe.Sizeof(ChanType{})
	case Func:
		size = unsafe.Sizeof(FuncType{})
	case Interface:
		size = unsafe.Sizeof(InterfaceType{})
	case Map:
		size = unsafe.Sizeof(MapType{})
	case Pointer:
		size = unsafe.Sizeof(PtrType{})
	case Slice:
		size = unsafe.Sizeof(SliceType{})
	case Struct:
		size = unsafe.Sizeof(StructType{})
	default:
		size = unsafe.Sizeof(Type{})
	}
	return (*UncommonType)(unsafe.Add(unsafe.Pointer(t), size))
}

func (t *Type) Elem() *Type {
	switch t.Kind_ {
	case Array, Chan, Pointer, Slice:
		return (*PtrType)(unsafe.Pointer(t)).Elem
	case Map:
		return (*MapType)(unsafe.Pointer(t)).Elem
	}
	return nil
}

func (t *FuncType) In(i int) *Type { return t.types()[i] }

func (t *FuncType) NumIn() int { return int(t.InCount) }

func (t *FuncType) NumOut() int { return int(t.OutCount &^ (1 << 15)) }

func (t *FuncType) Out(i int) *Type { return t.types()[int(t.InCount)+i] }

func (t *FuncType) InSlice() []*Type { return t.types()[:t.InCount] }

func (t *FuncType) OutSlice() []*Type { return t.types()[t.InCount:] }

func (t *FuncType) IsVariadic() bool { return t.OutCount>>15 != 0 }

// types are those of the parameters, then of the results.
func (t *FuncType) types() []*Type {
	at := unsafe.Sizeof(*t)
	if t.TFlag&TFlagUncommon != 0 {
		at += unsafe.Sizeof(UncommonType{})
	}
	n := t.NumIn() + t.NumOut()
	if n == 0 {
		return nil
	}
	return unsafe.Slice((**Type)(unsafe.Add(unsafe.Pointer(t), at)), n)
}

func (u *UncommonType) Methods() []Method {
	if u.Mcount == 0 {
		return nil
	}
	return unsafe.Slice((*Method)(unsafe.Add(unsafe.Pointer(u), uintptr(u.Moff))), int(u.Mcount))
}

func (u *UncommonType) ExportedMethods() []Method { return u.Methods()[:u.Xcount] }

const (
	MapNeedKeyUpdate = 1 << iota
	MapHashMightPanic
	MapIndirectKey
	MapIndirectElem
)

func (t *MapType) NeedKeyUpdate() bool { return t.Flags&MapNeedKeyUpdate != 0 }

func (t *MapType) HashMightPanic() bool { return t.Flags&MapHashMightPanic != 0 }

func (t *MapType) IndirectKey() bool { return t.Flags&MapIndirectKey != 0 }

func (t *MapType) IndirectElem() bool { return t.Flags&MapIndirectElem != 0 }

// A Name is a byte of flags (exported, with tag, with package, embedded), then texts, each with its length as a varint
// before it.
type Name struct {
	Bytes *byte
}

const (
	nameExported = 1 << iota
	nameHasTag
	_
	nameEmbedded
)

func (n Name) Data(off int) *byte { return (*byte)(unsafe.Add(unsafe.Pointer(n.Bytes), off)) }

func (n Name) IsExported() bool { return *n.Bytes&nameExported != 0 }

func (n Name) HasTag() bool { return *n.Bytes&nameHasTag != 0 }

func (n Name) IsEmbedded() bool { return *n.Bytes&nameEmbedded != 0 }

// ReadVarint gives the number of bytes and the number that they are.
func (n Name) ReadVarint(off int) (size, value int) {
	for {
		b := *n.Data(off + size)
		value |= int(b&0x7f) << (7 * size)
		size++
		if b < 0x80 {
			return size, value
		}
	}
}

func (n Name) text(off int) (text string, end int) {
	size, length := n.ReadVarint(off)
	end = off + size + length
	return unsafe.String(n.Data(off+size), length), end
}

func (n Name) Name() string {
	if n.Bytes == nil {
		return ""
	}
	text, _ := n.text(1)
	return text
}

func (n Name) Tag() string {
	if !n.HasTag() {
		return ""
	}
	_, end := n.text(1)
	tag, _ := n.text(end)
	return tag
}

func (n Name) IsBlank() bool { return n.Name() == "_" }
