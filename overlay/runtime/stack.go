package runtime

const startingStackSize = 8192

func stackalloc(n uintptr) stack {
	p := allocSpan((n + 8191) / 8192)
	p.state = spanStack
	return stack{p.base, p.base + p.npages<<_PageShift}
}
func stackfree(s stack)    {}
func setstacklimit(gp *g)  { gp.limit = gp.stack.lo + 1024 }
func growstack()           { throw("stack growth") }
