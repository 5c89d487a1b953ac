package runtime

// The account of allocations that the host asks for when the program has ended (goesc run -allocs, -memprofile).

// hostsite reports the counts of a stack, after its frames have been reported with hostframe, innermost first.
func hostsite(size, allocs, frees int64)
func hostframe(pc, fn uint32, fnLen int32, file uint32, fileLen int32, line uint32)

// reportprofile hands all that was recorded to the host, which calls it on the scheduler's stack.
func reportprofile() {
	for b := allBuckets; b != nil; b = b.allnext {
		for _, pc := range b.stk() {
			reportframe(pc)
		}
		hostsite(int64(b.size), int64(b.allocs), int64(b.frees))
	}
}

// reportframe reports the call that a pc of a stack stands for.
func reportframe(pc uintptr) {
	f, addr, p := splitPC(pc)
	if f == nil {
		return
	}
	switch {
	case p == nil:
		hostframe(uint32(addr), f.name, int32(f.nameLen), f.file, int32(f.fileLen), f.line)
	case p.outer == 0 || p.fnLen == 0:
		hostframe(uint32(addr), f.name, int32(f.nameLen), p.file, int32(p.fileLen), p.line)
	default:
		hostframe(uint32(addr), p.fn, int32(p.fnLen), p.file, int32(p.fileLen), p.line)
	}
}
