// Prints the descriptors of types as they lie in memory, without addresses: `go run .` makes descriptors.want.
package main

import (
	"fmt"
	"strings"
	"unsafe"
)

type rtype struct {
	size, ptrBytes                 uintptr
	hash                           uint32
	tflag, align, fieldAlign, kind uint8
	equal                          unsafe.Pointer
	gcdata                         *byte
	str, ptrToThis                 int32
}

type uncommon struct {
	pkgPath        int32
	mcount, xcount uint16
	moff, _        uint32
}

type eface struct {
	t    *rtype
	data unsafe.Pointer
}

func typeOf(v any) *rtype { return (*eface)(unsafe.Pointer(&v)).t }

func at(t *rtype, offset uintptr) unsafe.Pointer { return unsafe.Add(unsafe.Pointer(t), offset) }

func u64(t *rtype, offset uintptr) uint64 { return *(*uint64)(at(t, offset)) }

func describe(name string, t *rtype) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s size=%d ptr=%d hash=%08x tflag=%d align=%d,%d kind=%d eq=%t mask=", name, t.size, t.ptrBytes, t.hash, t.tflag, t.align,
		t.fieldAlign, t.kind, t.equal != nil)
	for i := uintptr(0); i < (t.ptrBytes/8+7)/8; i++ {
		fmt.Fprintf(&b, "%02x", *(*byte)(unsafe.Add(unsafe.Pointer(t.gcdata), i)))
	}
	fixed := uintptr(48)
	switch t.kind {
	case 17: // array
		fixed = 72
		fmt.Fprintf(&b, " len=%d", u64(t, 64))
	case 18: // chan
		fixed = 64
		fmt.Fprintf(&b, " dir=%d", u64(t, 56))
	case 19: // func
		fixed = 56
		fmt.Fprintf(&b, " in=%d out=%d", *(*uint16)(at(t, 48)), *(*uint16)(at(t, 50)))
	case 20: // interface
		fixed = 80
		fmt.Fprintf(&b, " methods=%d", u64(t, 64))
	case 21: // map
		fixed = 112
		fmt.Fprintf(&b, " group=%d slot=%d elem=%d flags=%d", u64(t, 80), u64(t, 88), u64(t, 96), *(*uint32)(at(t, 104)))
		describe("group of "+name, *(**rtype)(at(t, 64)))
	case 22, 23: // pointer, slice
		fixed = 56
	case 25: // struct
		fixed = 80
		n := u64(t, 64)
		p := *(*unsafe.Pointer)(at(t, 56))
		for i := uint64(0); i < n; i++ {
			f := unsafe.Add(p, i*24)
			data := *(**byte)(f)
			fmt.Fprintf(&b, " %s@%d", nameOf(data), *(*uint64)(unsafe.Add(f, 16)))
		}
	}
	if t.tflag&1 != 0 {
		u := (*uncommon)(at(t, fixed))
		fmt.Fprintf(&b, " mcount=%d xcount=%d moff=%d", u.mcount, u.xcount, u.moff)
	}
	fmt.Println(b.String())
}

// The bytes of a name up to its end, in hex.
func nameOf(p *byte) string {
	b := unsafe.Slice(p, 200)
	n := 2 + int(b[1])
	if b[0]&2 != 0 {
		n += 1 + int(b[n])
	}
	return fmt.Sprintf("%x", b[:n])
}

func main() {
	for _, v := range values {
		describe(fmt.Sprintf("%T", v), typeOf(v))
	}
}
