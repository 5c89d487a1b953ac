package runtime

import _ "unsafe" // for go:linkname

// Standard input that is a terminal or a pipe: the host reads beside the program, which is told when something has come
// (signal 0). A goroutine that waits for it does not keep others from running, or signals from coming.

const (
	_EINTR     = 4
	inputLater = 512 // what the host answers to a read while there is nothing
)

var input struct {
	wanted  bool // the system call under way has to wait
	waiters *g   // linked by schedlink
	came    bool // of several threads: before anybody waited
}

// inputErrno gives what the program sees of an error: an interrupted call is made again.
func inputErrno(errno uintptr) uintptr {
	if errno != inputLater {
		return errno
	}
	input.wanted = true
	return _EINTR
}

//go:linkname entersyscall
func entersyscall() {}

//go:linkname exitsyscall
func exitsyscall() {
	if !input.wanted {
		return
	}
	input.wanted = false
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
