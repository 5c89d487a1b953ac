package runtime

import (
	"internal/abi"
	"unsafe"
)

// Pinner is a set of objects that stay where they are, and live, until Unpin (Go's pinner.go). Nothing in the heap moves
// here and there is no C that pointers could go to, so what is left of pinning is that the objects live.
type Pinner struct {
	*pinner
}

// pinner takes 64 bytes, as Go's does: five objects need no memory beside it.
type pinner struct {
	refs  []unsafe.Pointer
	store [5]unsafe.Pointer
}

// pinnerCache is a pinner that is in nobody's use. Each collection drops it.
var pinnerCache *pinner

// Pin keeps the object that pointer points to until Unpin. What is not in the heap is left alone.
func (p *Pinner) Pin(pointer any) {
	if p.pinner == nil {
		p.pinner = takePinner()
	}
	if p.pinner == nil {
		p.pinner = new(pinner)
		p.refs = p.store[:0]
		SetFinalizer(p.pinner, finalizePinner)
	}
	e := efaceOf(&pointer)
	if e._type == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	}
	if kind := e._type.Kind(); kind != abi.Pointer && kind != abi.UnsafePointer {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + typeString(e._type)))
	}
	if s := spanOf(uintptr(e.data)); s != nil && s.state == spanObjects {
		p.refs = append(p.refs, e.data)
	}
}

// Unpin ends what Pin began for all objects of p, which may be used again.
func (p *Pinner) Unpin() {
	p.pinner.unpin()
	if givePinner(p.pinner) {
		p.pinner = nil
	}
}

func (p *pinner) unpin() {
	if p == nil || p.refs == nil {
		return
	}
	p.store = [5]unsafe.Pointer{}
	p.refs = p.store[:0]
}

// finalizePinner ends the program if a pinner went out of use with objects in it.
func finalizePinner(p *pinner) {
	if len(p.refs) != 0 {
		p.unpin()
		panic(errorString("runtime.Pinner: found leaking pinned pointer; forgot to call Unpin()?"))
	}
}

// takePinner and givePinner hold the runtime's lock where there are threads, so they must not be inlined.
//
//go:noinline
func takePinner() *pinner {
	p := pinnerCache
	pinnerCache = nil
	return p
}

//go:noinline
func givePinner(p *pinner) bool {
	if pinnerCache != nil {
		return false
	}
	pinnerCache = p
	return true
}
