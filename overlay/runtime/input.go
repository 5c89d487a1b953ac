package runtime

import _ "unsafe" // for go:linkname

// System calls that have to wait: a read of standard input that is a terminal or a pipe, which the host reads beside the
// program, and those about pipes and locks. The host says so, and says again when something has come or changed; then all
// that wait make their calls again. A goroutine that waits does not keep others from running, or signals from coming.

const callLater = 512 // what the host answers to a call that has to wait

var input struct {
	waiters *g   // linked by schedlink
	came    bool // of several threads: before anybody waited
}

//go:linkname entersyscall
func entersyscall() {}

//go:linkname exitsyscall
func exitsyscall() {}

// callAgain waits until a system call that had to wait may be made again.
//
//go:nosplit
//go:uintptrkeepalive
func callAgain() {
	if threads && input.came {
		input.came = false
		return
	}
	gp := getg()
	gp.status = _Gsyscall
	gp.waitsince = 0
	gp.schedlink = input.waiters
	input.waiters = gp
	parkself()
}

// inputCame lets those that wait look again.
func inputCame() {
	if threads && input.waiters == nil {
		input.came = true
	}
	for input.waiters != nil {
		gp := input.waiters
		input.waiters = gp.schedlink
		gp.schedlink = nil
		ready(gp, true)
	}
}
