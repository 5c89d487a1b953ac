package runtime

import (
	"internal/bytealg"
	"unsafe"
)

// How many frames a traceback shows at its start and at its end.
const (
	tracebackInnerFrames = 50
	tracebackOuterFrames = 50
)

// A traceLevel says how much is printed of a program that fails.
type traceLevel struct {
	level      int32 // 0 nothing, 1 frames of the user, 2 all frames
	all, crash bool  // all goroutines; end by a signal
}

// traceWanted is what debug.SetTraceback says, at least what the environment says, traceEnv.
var traceWanted, traceEnv traceLevel

// gotraceback gives how much to print: 0 nothing, 1 frames of the user, 2 all frames; and whether of all goroutines.
func gotraceback() (level int32, all bool) {
	if m0.throwing {
		return 2, true
	}
	return traceWanted.level, traceWanted.all
}

//go:linkname setTraceback runtime/debug.SetTraceback
func setTraceback(level string) {
	var t traceLevel
	switch level {
	case "none":
	case "single", "":
		t.level = 1
	case "all":
		t.level, t.all = 1, true
	case "system":
		t.level, t.all = 2, true
	case "crash":
		t.level, t.all, t.crash = 2, true, true
	default:
		t.all = true
		if n, ok := atoi32(level); ok && n >= 0 {
			t.level = n
		}
	}
	t.level = max(t.level, traceEnv.level)
	t.all = t.all || traceEnv.all
	t.crash = t.crash || traceEnv.crash
	traceWanted = t
}

func goroutineStatus(gp *g) string {
	switch gp.status {
	case _Gidle:
		return "idle"
	case _Grunnable:
		return "runnable"
	case _Grunning:
		return "running"
	case _Gsyscall:
		return "syscall"
	case _Gwaiting:
		if gp.waitreason != waitReasonZero {
			return gp.waitreason.String()
		}
		return "waiting"
	case _Gdead:
		return "dead"
	}
	return "???"
}

func goroutineheader(gp *g) {
	print("goroutine ", gp.goid)
	if level, _ := gotraceback(); level >= 2 {
		print(" gp=", hex(uintptr(unsafe.Pointer(gp))), " m=0")
		if m0.curg == gp {
			print(" mp=", hex(uintptr(unsafe.Pointer(&m0))))
		}
	}
	print(" [", goroutineStatus(gp))
	if (gp.status == _Gwaiting || gp.status == _Gsyscall) && gp.waitsince != 0 {
		if minutes := (nanotime() - gp.waitsince) / 60e9; minutes >= 1 {
			print(", ", minutes, " minutes")
		}
	}
	if gp.lockedExt != 0 {
		print(", locked to thread")
	}
	if b := gp.bubble; b != nil {
		print(", synctest bubble ", b.id)
	}
	print("]:\n")
}

// traceback prints the frames from address sp on, and who created the goroutine.
func traceback(gp *g, sp uintptr) {
	tp := tracePrinter{gp: gp, max: tracebackInnerFrames}
	level, _ := gotraceback()
	tp.all = level >= 2
	total := tp.walk(sp, 0, tracebackInnerFrames)
	if total > tracebackInnerFrames {
		elided := total - tracebackInnerFrames - tracebackOuterFrames
		if elided > 0 {
			print("...", elided, " frames elided...\n")
		}
		tp.walk(sp, max(tracebackInnerFrames, total-tracebackOuterFrames), total)
	}
	printcreatedby(gp)
}

type tracePrinter struct {
	gp  *g
	all bool
	max int
	// How many frames there are to show at an address, by its lowest bits: of an overflown stack there are millions.
	counted [64]struct{ pc, n uint32 }
}

// walk prints the frames number from to upto and gives the number of all.
func (t *tracePrinter) walk(sp uintptr, from, upto int) int {
	n := 0
	calleePanics := false
	for u := unwindFrom(sp); u.valid(); u.next() {
		before := n
		// What else decides does so for the first ones alone.
		counts := n > 0 && !calleePanics
		c := &t.counted[u.pc%uintptr(len(t.counted))]
		if counts && uintptr(c.pc) == u.pc && (n >= upto || n+int(c.n) <= from) {
			n += int(c.n)
			continue
		}
		p := u.fn.place(u.pc)
		for {
			name := u.fn.funcName()
			file, line := u.fn.fileName(), u.fn.line
			inlined := false
			if p != nil {
				file, line = tableString(p.file, p.fileLen), p.line
				if p.outer != 0 {
					name = tableString(p.fn, p.fnLen)
					inlined = true
				}
			}
			if t.shows(&u, name, n == 0, calleePanics, inlined) {
				if n >= from && n < upto {
					t.print(&u, name, file, line, inlined)
				}
				n++
			}
			calleePanics = isPanicFunc(name)
			if !inlined {
				break
			}
			p = (*place)(unsafe.Pointer(uintptr(p.outer)))
		}
		if counts && !calleePanics {
			c.pc, c.n = uint32(u.pc), uint32(n-before)
		}
	}
	return n
}

func (t *tracePrinter) shows(u *unwinder, name string, first, calleePanics, inlined bool) bool {
	if t.all {
		return true
	}
	if !inlined && u.wrapper() && !calleePanics {
		return false
	}
	return showframe(name, first)
}

// showframe tells whether people want to see the function: all but the runtime's own, of which only exported ones and
// panics.
func showframe(name string, first bool) bool {
	if name == "runtime.gopanic" && !first {
		return true
	}
	if bytealg.IndexByteString(name, '.') < 0 {
		return false
	}
	return !hasPrefix(name, "runtime.") || isExportedRuntime(name)
}

func isExportedRuntime(name string) bool {
	switch name {
	case "runtime.gopanic", "runtime.goexit1", "runtime.goexit":
		return false
	}
	name = name[len("runtime."):]
	if len(name) > 2 && name[0] == '(' {
		if i := bytealg.IndexByteString(name, '.'); i > 0 {
			name = name[i+1:]
		}
	}
	return len(name) > 0 && 'A' <= name[0] && name[0] <= 'Z'
}

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

func (t *tracePrinter) print(u *unwinder, name, file string, line uint32, inlined bool) {
	printFuncName(name)
	if inlined {
		print("(...)")
	} else {
		print("(")
		printargs(u)
		print(")")
	}
	print("\n\t", file, ":", line)
	if !inlined {
		print(" +", hex(u.pc-uintptr(u.fn.entry)))
		if t.all {
			print(" fp=", hex(u.sp+uintptr(u.fn.frameSize)), " sp=", hex(u.sp), " pc=", hex(u.pc))
		}
	}
	print("\n")
}

// What src/ssa/traceargs.ts makes of the arguments of a function.
const (
	argStart = iota
	argEnd
	argDots
	argTooLarge

	argWord = 1 << 31
)

// printargs prints the words of the arguments. A question mark follows those whose places in the frame hold something
// else by now, or nothing yet.
func printargs(u *unwinder) {
	places := tableList(u.fn.places)
	live := uint32(0)
	pc := min(uint32(u.pc)-u.fn.entry, u.fn.npcs-1)
	if list := tableList(u.fn.argsLive); len(list) > 0 {
		live = list[pc]
	}
	start := true
	for _, op := range tableList(u.fn.args) {
		if op != argEnd && !start {
			print(", ")
		}
		start = false
		switch op {
		case argStart:
			print("{")
			start = true
		case argEnd:
			print("}")
		case argDots:
			print("...")
		case argTooLarge:
			print("_")
		default:
			printarg(u, op, places, live)
		}
	}
}

func printarg(u *unwinder, op uint32, places []uint32, live uint32) {
	size := op & 15
	k := op >> 5 & 1023
	isLive := k < 32 && live>>k&1 != 0
	var x uint64
	if int(k) < len(places) && places[k] != 0 {
		at := u.sp + uintptr(places[k])
		if op&(1<<4) == 0 {
			if op&(1<<27) != 0 {
				x = *(*uint64)(unsafe.Pointer(at))
			} else {
				x = uint64(*(*uint32)(unsafe.Pointer(at)))
			}
		} else if isLive {
			at = uintptr(*(*uint32)(unsafe.Pointer(at))) + uintptr(op>>15&4095)
			for i := uint32(0); i < size; i++ {
				x |= uint64(*(*uint8)(unsafe.Pointer(at + uintptr(i)))) << (8 * i)
			}
		}
	}
	print(hex(x << (64 - 8*size) >> (64 - 8*size)))
	if !isLive {
		print("?")
	}
}

// printFuncName prints a link name as people know it: type arguments become dots, gopanic is panic.
func printFuncName(name string) {
	if name == "runtime.gopanic" {
		print("panic")
		return
	}
	print(namePieces(name))
}

// namePieces gives the parts of a function's name as people see it: without the shapes that a generic one is made for.
func namePieces(name string) (before, shapes, after string) {
	i := bytealg.IndexByteString(name, '[')
	if i < 0 {
		return name, "", ""
	}
	j := len(name) - 1
	for name[j] != ']' {
		j--
	}
	if j <= i {
		return name, "", ""
	}
	return name[:i], "[...]", name[j+1:]
}

func nameForPrint(name string) string {
	before, shapes, after := namePieces(name)
	return before + shapes + after
}

func printcreatedby(gp *g) {
	f := findfunc(gp.gopc)
	if gp.gopc == 0 || f == nil || gp.goid == 1 {
		return
	}
	name := f.funcName()
	p := f.place(gp.gopc)
	file, line := f.fileName(), f.line
	if p != nil {
		file, line = tableString(p.file, p.fileLen), p.line
		if p.outer != 0 {
			name = tableString(p.fn, p.fnLen)
		}
	}
	if !showframe(name, false) {
		return
	}
	print("created by ")
	printFuncName(name)
	if gp.parentid != 0 {
		print(" in goroutine ", gp.parentid)
	}
	print("\n\t", file, ":", line, " +", hex(gp.gopc-uintptr(f.entry)), "\n")
}

// tracebackothers prints all goroutines but me and those of the runtime.
func tracebackothers(me *g) {
	level, _ := gotraceback()
	cur := m0.curg
	if cur != nil && cur != me && cur.status != _Gdead {
		print("\n")
		goroutineheader(cur)
		traceback(cur, cur.sp)
	}
	for _, gp := range allgs {
		if gp == me || gp == cur || gp.status == _Gdead || gp.system && level < 2 {
			continue
		}
		print("\n")
		goroutineheader(gp)
		if gp.startfn != nil {
			printFuncName(funcNameAt(gp.startpc))
			f := findfunc(gp.startpc)
			print("()\n\t", f.fileName(), ":", f.line, " +0x0\n")
			printcreatedby(gp)
			continue
		}
		if threads && gp.status == _Grunning && stopping == 0 {
			print("\tgoroutine running on other thread; stack unavailable\n")
			printcreatedby(gp)
			continue
		}
		traceback(gp, gp.sp)
	}
}

// Stack formats a stack trace of the calling goroutine into buf and returns the number of bytes written to buf. If all
// is true, Stack formats stack traces of all other goroutines into buf after the trace for the current goroutine.
func Stack(buf []byte, all bool) int {
	if len(buf) == 0 {
		return 0
	}
	gp := getg()
	sp := uintptr(frameaddr())
	n := 0
	systemstack(func() {
		printlock()
		printflush()
		printing.into = noescapeBytes(buf)
		printing.used = 0
		printing.diverted = true
		goroutineheader(gp)
		u := unwindFrom(sp)
		u.next()
		traceback(gp, u.sp)
		if all {
			if threads {
				stopTheWorld()
			}
			tracebackothers(gp)
			if threads {
				startTheWorld()
			}
		}
		n = printing.used
		printing.diverted = false
		printing.into = nil
		printunlock()
	})
	return n
}

func noescapeBytes(b []byte) []byte {
	return unsafe.Slice((*byte)(noescape(unsafe.Pointer(unsafe.SliceData(b)))), len(b))
}
