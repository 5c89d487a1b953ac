package runtime

import "unsafe"

// The linker's tables: docs/execution.md, "Tables".

// A funcRecord describes a compiled function.
type funcRecord struct {
	entry     uint32
	npcs      uint32
	name      uint32
	nameLen   uint32
	file      uint32
	fileLen   uint32
	line      uint32
	frameSize uint32
	flags     uint32
	effects   uint32
	sig       uint32
	deferExit uint32
	params    uint32 // list of the parameters that are pointers
	slots     uint32 // list of the offsets of pointers in slots of the frame, followed by that of the objects
	pcs       uint32 // per pc: list of live pointers in the frame, place
	layout    uint32 // list: number of parameters, then how each of them and each result lies in a frame of reflect
	args      uint32 // list: what tracebacks show of the arguments
	places    uint32 // list: for each parameter its offset in the frame, 0 for nowhere
	argsLive  uint32 // list: for each pc which of them are there, as bits
	_         uint32
}

const (
	fnWrapper = 1 << 0
)

// A place is a source position; inlined calls have one for each function on the way.
type place struct {
	file    uint32
	fileLen uint32
	line    uint32
	fn      uint32
	fnLen   uint32
	outer   uint32 // *place
}

func tableString(p, n uint32) string {
	return unsafe.String((*byte)(unsafe.Pointer(uintptr(p))), int(n))
}

// firstPC is where code addresses begin (src/wasm/program.ts: FirstEntry).
const firstPC = 1024

// findfunc gives the function that pc is in, or nil.
func findfunc(pc uintptr) *funcRecord {
	if pc < firstPC || pc >= uintptr(linkinfo[linkPCs+1]) {
		return nil
	}
	return (*funcRecord)(unsafe.Pointer(uintptr(*(*uint32)(unsafe.Pointer(uintptr(linkinfo[linkPCs]) + pc*4)))))
}

func (f *funcRecord) funcName() string {
	return tableString(f.name, f.nameLen)
}

func (f *funcRecord) fileName() string {
	return tableString(f.file, f.fileLen)
}

func (f *funcRecord) pcEntry(pc uintptr) *[2]uint32 {
	if pc == uintptr(f.entry+f.npcs) {
		pc-- // the return address of the last call
	}
	return (*[2]uint32)(unsafe.Pointer(uintptr(f.pcs) + (pc-uintptr(f.entry))*8))
}

// place gives the position of pc, nil if it is not known.
func (f *funcRecord) place(pc uintptr) *place {
	return (*place)(unsafe.Pointer(uintptr(f.pcEntry(pc)[1])))
}

// tableList gives the numbers of a list in the tables.
func tableList(p uint32) []uint32 {
	if p == 0 {
		return nil
	}
	n := *(*uint32)(unsafe.Pointer(uintptr(p)))
	return unsafe.Slice((*uint32)(unsafe.Pointer(uintptr(p)+4)), int(n))
}

// objects describes the slots that pointers may point to: offset, size, index and number of its pointers in the list of
// slots.
func (f *funcRecord) objects() []uint32 {
	return tableList(f.slots + 4 + 4*uint32(len(tableList(f.slots))))
}

// funcNameAt gives the name of the function that pc is in.
func funcNameAt(pc uintptr) string {
	f := findfunc(pc)
	if f == nil {
		return ""
	}
	return f.funcName()
}

// deferExit gives where the function of pc goes on after a recovered panic, 0 for nowhere.
func deferExit(pc uint32) uint32 {
	f := findfunc(uintptr(pc))
	if f == nil {
		return 0
	}
	return f.deferExit
}

// An unwinder walks the frames of a stack, innermost first.
type unwinder struct {
	sp uintptr
	fn *funcRecord
	pc uintptr
}

func unwindFrom(sp uintptr) unwinder {
	u := unwinder{sp: sp}
	u.load()
	return u
}

func (u *unwinder) load() {
	u.fn = nil
	if u.sp < 4096 || u.sp == systemStack.hi || u.sp == systemStack.hi-64 {
		return
	}
	if threads && endsSystemStack(u.sp) {
		return
	}
	u.pc = uintptr(*(*uint32)(unsafe.Pointer(u.sp)))
	if u.pc == 0 {
		return
	}
	u.fn = findfunc(u.pc)
}

func (u *unwinder) valid() bool {
	return u.fn != nil
}

func (u *unwinder) next() {
	u.sp += uintptr(u.fn.frameSize)
	u.load()
}

func (u *unwinder) wrapper() bool {
	return u.fn.flags&fnWrapper != 0
}

// A Func represents a Go function in the running binary.
type Func struct {
	opaque struct{}
}

// An inlinedFunc stands for a function that was inlined where it is asked for.
type inlinedFunc struct {
	funcRecord // entry is ^0
	at         *place
}

func (f *Func) record() *funcRecord {
	return (*funcRecord)(unsafe.Pointer(f))
}

// Name returns the name of the function.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	r := f.record()
	if r.entry == ^uint32(0) {
		p := (*inlinedFunc)(unsafe.Pointer(f)).at
		return nameForPrint(tableString(p.fn, p.fnLen))
	}
	return nameForPrint(r.funcName())
}

// Entry returns the entry address of the function.
func (f *Func) Entry() uintptr {
	r := f.record()
	if r.entry == ^uint32(0) {
		return 0
	}
	return uintptr(r.entry)
}

// FileLine returns the file name and line number of the source code corresponding to the program counter pc. The result
// will not be accurate if pc is not a program counter within f.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	r := f.record()
	if r.entry == ^uint32(0) {
		p := (*inlinedFunc)(unsafe.Pointer(f)).at
		return tableString(p.file, p.fileLen), int(p.line)
	}
	pc &= 1<<pcSkipShift - 1
	if pc < uintptr(r.entry) || pc > uintptr(r.entry+r.npcs) {
		return "?", 0
	}
	if pc == uintptr(r.entry) {
		return r.fileName(), int(r.line)
	}
	p := r.place(pc)
	if p == nil {
		return r.fileName(), int(r.line)
	}
	for p.outer != 0 {
		p = (*place)(unsafe.Pointer(uintptr(p.outer)))
	}
	return tableString(p.file, p.fileLen), int(p.line)
}

// FuncForPC returns a *Func describing the function that contains the given program counter address, or else nil.
//
// If pc represents multiple functions because of inlining, it returns the *Func describing the innermost function, but
// with an entry of the outermost function.
func FuncForPC(pc uintptr) *Func {
	inner := pc >> pcSkipShift
	pc &= 1<<pcSkipShift - 1
	f := findfunc(pc)
	if f == nil {
		return nil
	}
	if pc == uintptr(f.entry) {
		return (*Func)(unsafe.Pointer(f))
	}
	p := f.place(pc)
	for ; inner > 0 && p != nil && p.outer != 0; inner-- {
		p = (*place)(unsafe.Pointer(uintptr(p.outer)))
	}
	if p != nil && p.outer != 0 {
		in := new(inlinedFunc)
		in.entry = ^uint32(0)
		in.at = p
		return (*Func)(unsafe.Pointer(in))
	}
	return (*Func)(unsafe.Pointer(f))
}

// Caller reports file and line number information about function invocations on the calling goroutine's stack. The
// argument skip is the number of stack frames to ascend, with 0 identifying the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	pcs := make([]uintptr, 1)
	if callersFrom(uintptr(callersp()), skip, pcs) < 1 {
		return
	}
	frame, _ := CallersFrames(pcs).Next()
	return frame.PC, frame.File, frame.Line, frame.PC != 0
}

// Callers fills the slice pc with the return program counters of function invocations on the calling goroutine's stack.
// The argument skip is the number of stack frames to skip before recording in pc, with 0 identifying the frame for
// Callers itself and 1 identifying the caller of Callers. It returns the number of entries written to pc.
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	if skip > 0 {
		return callersFrom(uintptr(callersp()), skip-1, pc)
	}
	return callersFrom(uintptr(frameaddr()), 0, pc)
}

// Return program counters are code addresses of calls, plus one. So that each frame of an inlined call is an entry of its
// own, as in Go, how many calls are inlined within it is kept above the address.
const pcSkipShift = 40

// callersFrom collects the pcs of the frames from sp on, without the first skip; inlined calls count.
func callersFrom(sp uintptr, skip int, pcs []uintptr) int {
	n := 0
	calleePanics := false
	for u := unwindFrom(sp); u.valid() && n < len(pcs); u.next() {
		p := u.fn.place(u.pc)
		inner := uintptr(0)
		for ; p != nil && p.outer != 0 && n < len(pcs); p = (*place)(unsafe.Pointer(uintptr(p.outer))) {
			if skip > 0 {
				skip--
			} else {
				pcs[n] = u.pc + 1 | inner<<pcSkipShift
				n++
			}
			inner++
		}
		if n == len(pcs) {
			break
		}
		if u.wrapper() && (inner > 0 || !calleePanics) {
			// Callers need not know of it.
		} else if skip > 0 {
			skip--
		} else {
			pcs[n] = u.pc + 1 | inner<<pcSkipShift
			n++
		}
		calleePanics = isPanicFunc(u.fn.funcName())
	}
	return n
}

// isPanicFunc tells whether wrappers that call the function are shown in stacks.
func isPanicFunc(name string) bool {
	return name == "runtime.gopanic" || name == "runtime.panicwrap" || name == "runtime.sigpanic" ||
		name == "runtime.panicmemAddr"
}

// splitPC gives the function and the code address of a return pc, and the place of the frame that it stands for: nil if
// it is not known.
func splitPC(pc uintptr) (f *funcRecord, addr uintptr, p *place) {
	inner := pc >> pcSkipShift
	addr = pc & (1<<pcSkipShift - 1)
	f = findfunc(addr)
	if f == nil {
		return
	}
	if addr > uintptr(f.entry) {
		addr--
	}
	p = f.place(addr)
	for ; inner > 0 && p != nil && p.outer != 0; inner-- {
		p = (*place)(unsafe.Pointer(uintptr(p.outer)))
	}
	return
}

// Frames may be used to get function/file/line information for a slice of PC values returned by Callers.
type Frames struct {
	callers []uintptr
	// What was looked up ahead, so that Next knows whether there is more; in store.
	frames []Frame
	store  [2]Frame
	_      uintptr // sizes, too, are those of Go: programs see them in their heap profiles
}

// Frame is the information returned by Frames for each call frame.
type Frame struct {
	PC        uintptr
	Func      *Func
	Function  string
	File      string
	Line      int
	startLine int
	Entry     uintptr
	funcInfo  *funcRecord
	_         uintptr
}

// CallersFrames takes a slice of PC values returned by Callers and prepares to return function/file/line information.
func CallersFrames(callers []uintptr) *Frames {
	f := &Frames{callers: callers}
	f.frames = f.store[:0]
	return f
}

// Next returns a Frame representing the next call frame in the slice of PC values.
func (ci *Frames) Next() (frame Frame, more bool) {
	for len(ci.frames) < 2 && len(ci.callers) > 0 {
		pc := ci.callers[0]
		ci.callers = ci.callers[1:]
		if f, ok := frameAt(pc); ok {
			ci.frames = append(ci.frames, f)
		}
	}
	if len(ci.frames) == 0 {
		return
	}
	frame = ci.frames[0]
	ci.store[0] = ci.store[1]
	ci.frames = ci.store[:len(ci.frames)-1]
	return frame, len(ci.frames) > 0
}

// frameAt describes the call that a return pc stands for.
func frameAt(pc uintptr) (frame Frame, ok bool) {
	f, addr, p := splitPC(pc)
	if f == nil {
		return
	}
	frame = Frame{
		PC: addr | pc>>pcSkipShift<<pcSkipShift, Entry: uintptr(f.entry), funcInfo: f, startLine: int(f.line),
	}
	frame.Function = nameForPrint(symbolName(f, p))
	if p != nil && p.outer != 0 {
		frame.File, frame.Line = tableString(p.file, p.fileLen), int(p.line)
		return frame, true
	}
	frame.Func = (*Func)(unsafe.Pointer(f))
	frame.File, frame.Line = f.fileName(), int(f.line)
	if p != nil {
		frame.File, frame.Line = tableString(p.file, p.fileLen), int(p.line)
	}
	return frame, true
}

// symbolName gives the name of the function that a frame at p, within f, is of.
func symbolName(f *funcRecord, p *place) string {
	if p != nil && p.outer != 0 {
		return tableString(p.fn, p.fnLen)
	}
	return f.funcName()
}

//go:linkname runtime_FrameStartLine runtime/pprof.runtime_FrameStartLine
func runtime_FrameStartLine(f *Frame) int {
	return f.startLine
}

//go:linkname runtime_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func runtime_FrameSymbolName(f *Frame) string {
	fn, _, p := splitPC(f.PC + 1)
	if fn == nil {
		return f.Function
	}
	return symbolName(fn, p)
}

//go:linkname runtime_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func runtime_expandFinalInlineFrame(stk []uintptr) []uintptr {
	return stk
}
