package runtime

import "unsafe"

// tmpBuf is a buffer in the caller's frame for a short string that does not escape.
const tmpStringBufSize = 32

type tmpBuf [tmpStringBufSize]byte

// rawstring allocates a string whose bytes are written through b.
func rawstring(size int) (s string, b []byte) {
	p := mallocgc(uintptr(size), nil, false)
	return unsafe.String((*byte)(p), size), unsafe.Slice((*byte)(p), size)
}

// rawbyteslice allocates bytes with the capacity of their size class; what is beyond size is zero.
func rawbyteslice(size int) []byte {
	capacity := roundupsize(uintptr(size), true)
	p := mallocgc(capacity, nil, false)
	memzero(add(p, uintptr(size)), capacity-uintptr(size))
	return unsafe.Slice((*byte)(p), int(capacity))[:size]
}

func rawruneslice(size int) []rune {
	if uintptr(size) > maxAllocAMD64/4 {
		throw("out of memory")
	}
	mem := roundupsize(uintptr(size)*4, true)
	p := mallocgc(mem, nil, false)
	memzero(add(p, uintptr(size)*4), mem-uintptr(size)*4)
	return unsafe.Slice((*rune)(p), int(mem/4))[:size]
}

func rawstringtmp(buf *tmpBuf, n int) (s string, b []byte) {
	if buf != nil && n <= len(buf) {
		b = buf[:n]
		return unsafe.String(unsafe.SliceData(b), n), b
	}
	return rawstring(n)
}

func stringInStack(s string) bool {
	p := uintptr(unsafe.Pointer(unsafe.StringData(s)))
	st := &getg().stack
	return st.lo <= p && p < st.hi
}

// concatstrings implements x + y + z.
func concatstrings(buf *tmpBuf, a []string) string {
	only := 0
	n := 0
	count := 0
	for i, s := range a {
		if len(s) == 0 {
			continue
		}
		if n+len(s) < n {
			throw("string concatenation too long")
		}
		n += len(s)
		count++
		only = i
	}
	if count == 0 {
		return ""
	}
	if count == 1 && (buf != nil || !stringInStack(a[only])) {
		return a[only]
	}
	s, b := rawstringtmp(buf, n)
	p := unsafe.Pointer(unsafe.SliceData(b))
	for _, x := range a {
		memcopy(p, unsafe.Pointer(unsafe.StringData(x)), uintptr(len(x)))
		p = unsafe.Pointer(uintptr(p) + uintptr(len(x)))
	}
	return s
}

func concatstring2(buf *tmpBuf, a0, a1 string) string {
	return concatstrings(buf, []string{a0, a1})
}

func concatstring3(buf *tmpBuf, a0, a1, a2 string) string {
	return concatstrings(buf, []string{a0, a1, a2})
}

func concatstring4(buf *tmpBuf, a0, a1, a2, a3 string) string {
	return concatstrings(buf, []string{a0, a1, a2, a3})
}

func concatstring5(buf *tmpBuf, a0, a1, a2, a3, a4 string) string {
	return concatstrings(buf, []string{a0, a1, a2, a3, a4})
}

// concatbytes implements []byte(x + y + z).
func concatbytes(buf *tmpBuf, a []string) []byte {
	n := 0
	for _, s := range a {
		if n+len(s) < n {
			throw("string concatenation too long")
		}
		n += len(s)
	}
	if n == 0 {
		return []byte{}
	}
	var b []byte
	if buf != nil && n <= len(buf) {
		*buf = tmpBuf{}
		b = buf[:n]
	} else {
		b = rawbyteslice(n)
	}
	p := unsafe.Pointer(unsafe.SliceData(b))
	for _, x := range a {
		memcopy(p, unsafe.Pointer(unsafe.StringData(x)), uintptr(len(x)))
		p = unsafe.Pointer(uintptr(p) + uintptr(len(x)))
	}
	return b
}

func concatbyte2(buf *tmpBuf, a0, a1 string) []byte {
	return concatbytes(buf, []string{a0, a1})
}

func concatbyte3(buf *tmpBuf, a0, a1, a2 string) []byte {
	return concatbytes(buf, []string{a0, a1, a2})
}

func concatbyte4(buf *tmpBuf, a0, a1, a2, a3 string) []byte {
	return concatbytes(buf, []string{a0, a1, a2, a3})
}

func concatbyte5(buf *tmpBuf, a0, a1, a2, a3, a4 string) []byte {
	return concatbytes(buf, []string{a0, a1, a2, a3, a4})
}

// slicebytetostring implements string(b).
func slicebytetostring(buf *tmpBuf, ptr *byte, n int) string {
	if n == 0 {
		return ""
	}
	if n == 1 {
		return unsafe.String((*byte)(unsafe.Pointer(&staticuint64s[*ptr])), 1)
	}
	var p unsafe.Pointer
	if buf != nil && n <= len(buf) {
		p = unsafe.Pointer(buf)
	} else {
		p = mallocgc(uintptr(n), nil, false)
	}
	memcopy(p, unsafe.Pointer(ptr), uintptr(n))
	return unsafe.String((*byte)(p), n)
}

// slicebytetostringtmp is for strings that are not used beyond changes of the bytes.
func slicebytetostringtmp(ptr *byte, n int) string {
	return unsafe.String(ptr, n)
}

// stringtoslicebyte implements []byte(s).
func stringtoslicebyte(buf *tmpBuf, s string) []byte {
	var b []byte
	if buf != nil && len(s) <= len(buf) {
		*buf = tmpBuf{}
		b = buf[:len(s)]
	} else {
		b = rawbyteslice(len(s))
	}
	memcopy(unsafe.Pointer(unsafe.SliceData(b)), unsafe.Pointer(unsafe.StringData(s)), uintptr(len(s)))
	return b
}

// stringtoslicerune implements []rune(s).
func stringtoslicerune(buf *[tmpStringBufSize]rune, s string) []rune {
	n := 0
	for range s {
		n++
	}
	var a []rune
	if buf != nil && n <= len(buf) {
		*buf = [tmpStringBufSize]rune{}
		a = buf[:n]
	} else {
		a = rawruneslice(n)
	}
	n = 0
	for _, r := range s {
		a[n] = r
		n++
	}
	return a
}

// slicerunetostring implements string(runes).
func slicerunetostring(buf *tmpBuf, a []rune) string {
	var tmp [4]byte
	size := 0
	for _, r := range a {
		size += encoderune(tmp[:], r)
	}
	s, b := rawstringtmp(buf, size+3)
	n := 0
	for _, r := range a {
		if n >= size {
			break
		}
		n += encoderune(b[n:], r)
	}
	return s[:n]
}

// intstring implements string(v) for an integer.
func intstring(buf *[4]byte, v int64) string {
	var s string
	var b []byte
	if buf != nil {
		b = buf[:]
		s = unsafe.String(unsafe.SliceData(b), len(b))
	} else {
		s, b = rawstring(4)
	}
	if int64(rune(v)) != v {
		v = runeError
	}
	n := encoderune(b, rune(v))
	return s[:n]
}

const (
	runeError = '\uFFFD'
	maxRune   = '\U0010FFFF'
)

// countrunes is len([]rune(s)).
func countrunes(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}

// decoderune gives the character at s[k:], which does not begin with an ASCII one, and the index after it.
func decoderune(s string, k int) (r rune, pos int) {
	pos = k
	if k >= len(s) {
		return runeError, k + 1
	}
	s = s[k:]
	c := s[0]
	switch {
	case 0xc2 <= c && c < 0xe0:
		if len(s) > 1 && continues(s[1]) {
			return rune(c&0x1f)<<6 | rune(s[1]&0x3f), pos + 2
		}
	case 0xe0 <= c && c < 0xf0:
		if len(s) > 2 && continues(s[1]) && continues(s[2]) {
			r = rune(c&0x0f)<<12 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f)
			if r >= 0x800 && (r < 0xd800 || r > 0xdfff) {
				return r, pos + 3
			}
		}
	case 0xf0 <= c && c < 0xf8:
		if len(s) > 3 && continues(s[1]) && continues(s[2]) && continues(s[3]) {
			r = rune(c&0x07)<<18 | rune(s[1]&0x3f)<<12 | rune(s[2]&0x3f)<<6 | rune(s[3]&0x3f)
			if r >= 0x10000 && r <= maxRune {
				return r, pos + 4
			}
		}
	}
	return runeError, pos + 1
}

func continues(c byte) bool {
	return c&0xc0 == 0x80
}

// encoderune writes r and gives the number of bytes.
func encoderune(p []byte, r rune) int {
	c := uint32(r)
	if c > maxRune || c-0xd800 < 0x800 {
		c = runeError
	}
	switch {
	case c < 0x80:
		p[0] = byte(c)
		return 1
	case c < 0x800:
		_ = p[1]
		p[0] = 0xc0 | byte(c>>6)
		p[1] = 0x80 | byte(c)&0x3f
		return 2
	case c < 0x10000:
		_ = p[2]
		p[0] = 0xe0 | byte(c>>12)
		p[1] = 0x80 | byte(c>>6)&0x3f
		p[2] = 0x80 | byte(c)&0x3f
		return 3
	}
	_ = p[3]
	p[0] = 0xf0 | byte(c>>18)
	p[1] = 0x80 | byte(c>>12)&0x3f
	p[2] = 0x80 | byte(c>>6)&0x3f
	p[3] = 0x80 | byte(c)&0x3f
	return 4
}

// gostring copies a C string.
func gostring(p *byte) string {
	n := 0
	for *(*byte)(add(unsafe.Pointer(p), uintptr(n))) != 0 {
		n++
	}
	if n == 0 {
		return ""
	}
	s, b := rawstring(n)
	memcopy(unsafe.Pointer(unsafe.SliceData(b)), unsafe.Pointer(p), uintptr(n))
	return s
}

//go:linkname internal_syscall_gostring internal/syscall/unix.gostring
func internal_syscall_gostring(p *byte) string {
	return gostring(p)
}

//go:linkname bytealg_MakeNoZero internal/bytealg.MakeNoZero
func bytealg_MakeNoZero(size int) []byte {
	if uintptr(size) > maxAllocAMD64 {
		panicmakeslicelen()
	}
	capacity := roundupsize(uintptr(size), true)
	return unsafe.Slice((*byte)(mallocgc(capacity, nil, false)), int(capacity))[:size]
}

// strmin and strmax implement min and max for strings.

func strmin(x, y string) string {
	if y < x {
		return y
	}
	return x
}

func strmax(x, y string) string {
	if y > x {
		return y
	}
	return x
}
