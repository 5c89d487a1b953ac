package runtime

import "unsafe"

// The account of allocations that the host asks for when the program has ended (goesc run -allocs, -memprofile).

// hostsite reports the counts of a stack, after its frames have been reported with hostframe, innermost first.
func hostsite(size, allocs, frees int64)
func hostframe(pc, fn uint32, fnLen int32, file uint32, fileLen int32, line uint32)

// reportprofile hands all that was recorded to the host, which calls it on the scheduler's stack.
func reportprofile() {
	for b := allBuckets; b != nil; b = b.allnext {
		for _, pc := range b.stk() {
			reportframes(pc)
		}
		hostsite(int64(b.size), int64(b.allocs), int64(b.frees))
	}
}

// reportframes reports the functions that a pc of a stack stands for: inlined ones, then the one that was compiled.
func reportframes(pc uintptr) {
	skip := pc >> pcSkipShift
	pc = pc&(1<<pcSkipShift-1) - 1
	f := findfunc(pc)
	if f == nil {
		return
	}
	p := f.place(pc)
	if p == nil {
		hostframe(uint32(pc), f.name, int32(f.nameLen), f.file, int32(f.fileLen), f.line)
		return
	}
	for ; p != nil; p = (*place)(unsafe.Pointer(uintptr(p.outer))) {
		if skip > 0 {
			skip--
			continue
		}
		if p.fnLen == 0 {
			hostframe(uint32(pc), f.name, int32(f.nameLen), p.file, int32(p.fileLen), p.line)
		} else {
			hostframe(uint32(pc), p.fn, int32(p.fnLen), p.file, int32(p.fileLen), p.line)
		}
	}
}
