package runtime

import (
	"internal/strconv"
	"unsafe"
)

// print and println write to standard error. What one statement prints leaves in one piece.

type printState struct {
	depth int32
	n     int
	buf   [4096]byte
	// While diverted, text goes into a buffer; what does not fit is dropped.
	diverted bool
	into     []byte
	used     int
}

var printing printState

// crashFD gets a copy of what is printed of a program that fails.
var (
	crashFD  = ^uintptr(0)
	crashing bool
)

//go:linkname setCrashFD
func setCrashFD(fd uintptr) uintptr {
	old := crashFD
	crashFD = fd
	return old
}

// startCrash comes before what is printed of a failure.
func startCrash() {
	if crashFD != ^uintptr(0) && !crashing {
		printflush()
		crashing = true
	}
}

func writeErr(p uintptr, n int) {
	hostwrite(2, uint32(p), int32(n))
	if crashing {
		hostwrite(int32(crashFD), uint32(p), int32(n))
	}
}

func printlock() {
	if threads {
		lock()
	}
	printing.depth++
}

func printunlock() {
	printing.depth--
	if printing.depth == 0 {
		printflush()
	}
	if threads {
		unlock()
	}
}

func printflush() {
	if printing.n > 0 {
		n := printing.n
		printing.n = 0
		writeErr(uintptr(unsafe.Pointer(&printing.buf)), n)
	}
}

func gwrite(p unsafe.Pointer, n int) {
	if printing.diverted {
		n = min(n, len(printing.into)-printing.used)
		if n > 0 {
			memcopy(unsafe.Pointer(&printing.into[printing.used]), p, uintptr(n))
			printing.used += n
		}
		return
	}
	if n > len(printing.buf)-printing.n {
		printflush()
	}
	if n > len(printing.buf) {
		writeErr(uintptr(p), n)
		return
	}
	memcopy(unsafe.Pointer(uintptr(unsafe.Pointer(&printing.buf))+uintptr(printing.n)), p, uintptr(n))
	printing.n += n
	if printing.depth == 0 {
		printflush()
	}
}

func printbyte(c byte) {
	gwrite(noescape(unsafe.Pointer(&c)), 1)
}

func printsp() {
	printbyte(' ')
}

func printnl() {
	printbyte('\n')
}

func printbool(v bool) {
	if v {
		printstring("true")
	} else {
		printstring("false")
	}
}

func printstring(s string) {
	gwrite(unsafe.Pointer(unsafe.StringData(s)), len(s))
}

func printint(v int64) {
	if v < 0 {
		printbyte('-')
		v = -v
	}
	printuint(uint64(v))
}

func printuint(v uint64) {
	var buf [20]byte
	i := len(buf)
	for {
		i--
		buf[i] = byte(v%10) + '0'
		v /= 10
		if v == 0 {
			break
		}
	}
	gwrite(noescape(unsafe.Pointer(&buf[i])), len(buf)-i)
}

// minhexdigits is the least number of digits that printhex writes.
var minhexdigits int

func printhex(v uint64) {
	const digits = "0123456789abcdef"
	var buf [18]byte
	i := len(buf)
	for n := 1; ; n++ {
		i--
		buf[i] = digits[v%16]
		v /= 16
		if v == 0 && n >= minhexdigits {
			break
		}
	}
	i--
	buf[i] = 'x'
	i--
	buf[i] = '0'
	gwrite(noescape(unsafe.Pointer(&buf[i])), len(buf)-i)
}

func printpointer(p unsafe.Pointer) {
	printhex(uint64(uintptr(p)))
}

func printuintptr(p uintptr) {
	printhex(uint64(p))
}

func printeface(e eface) {
	printbyte('(')
	printpointer(unsafe.Pointer(e._type))
	printbyte(',')
	printpointer(e.data)
	printbyte(')')
}

func printiface(i iface) {
	printbyte('(')
	printpointer(unsafe.Pointer(i.tab))
	printbyte(',')
	printpointer(i.data)
	printbyte(')')
}

func printslice(s []byte) {
	printbyte('[')
	printuint(uint64(len(s)))
	printbyte('/')
	printuint(uint64(cap(s)))
	printbyte(']')
	printpointer(unsafe.Pointer(unsafe.SliceData(s)))
}

func printcomplex128(c complex128) {
	var buf [2*float64Bytes + 3]byte
	printbytes(strconv.AppendComplex(buf[:0], c, 'g', -1, 128))
}

func printcomplex64(c complex64) {
	var buf [2*float64Bytes + 3]byte
	printbytes(strconv.AppendComplex(buf[:0], complex128(c), 'g', -1, 64))
}

func printfloat64(v float64) {
	var buf [float64Bytes]byte
	printbytes(strconv.AppendFloat(buf[:0], v, 'g', -1, 64))
}

func printfloat32(v float32) {
	var buf [float64Bytes]byte
	printbytes(strconv.AppendFloat(buf[:0], float64(v), 'g', -1, 32))
}

// float64Bytes is the length of the longest float64 in shortest form.
const float64Bytes = len("-1.1234567890123456e+308")

func printbytes(b []byte) {
	gwrite(unsafe.Pointer(unsafe.SliceData(b)), len(b))
}

// printquoted prints s as a Go literal, except that it leaves valid text alone.
func printquoted(s string) {
	printlock()
	printbyte('"')
	for _, r := range s {
		switch r {
		case '\n':
			printstring(`\n`)
		case '\r':
			printstring(`\r`)
		case '\t':
			printstring(`\t`)
		case '\\', '"':
			printbyte('\\')
			printbyte(byte(r))
		default:
			if r >= ' ' && r <= '~' {
				printbyte(byte(r))
				continue
			}
			if r < 127 {
				printescape('x', uint32(r), 2)
			} else if r <= 0xffff {
				printescape('u', uint32(r), 4)
			} else {
				printescape('U', uint32(r), 8)
			}
		}
	}
	printbyte('"')
	printunlock()
}

func printescape(kind byte, r uint32, digits int) {
	printbyte('\\')
	printbyte(kind)
	for i := digits - 1; i >= 0; i-- {
		printbyte("0123456789abcdef"[r>>(4*uint(i))&15])
	}
}

// printindented prints s with a tab after each newline.
func printindented(s string) {
	for {
		i := indexbyte(s, '\n')
		if i < 0 {
			break
		}
		printstring(s[:i+1])
		printbyte('\t')
		s = s[i+1:]
	}
	printstring(s)
}

func indexbyte(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}
