package runtime

import "unsafe"

// Signals come from the host, which keeps those that the program has not asked for to itself: it ends the program, or
// drops them. SIGQUIT and its like come here in any case, since only the runtime can say what the goroutines do.

const (
	_SIGHUP  = 1
	_SIGINT  = 2
	_SIGQUIT = 3
	_SIGTRAP = 5
	_SIGABRT = 6
	_SIGPIPE = 13
	_SIGTERM = 15
)

var sig struct {
	wanted, ignored uint64
	queue           uint64 // those that signal_recv has not given yet
	receiver        *g     // waits in signal_recv
	inuse           bool
}

// checksignals takes what has come. The scheduler and polls call it; the goroutine that runs, if one does, is at from.
func checksignals(gp *g, from uintptr) {
	for bits := hostpending(); bits != 0; bits &= bits - 1 {
		s := uint32(ctz64(uint64(bits)))
		if s == 0 {
			inputCame()
			continue
		}
		if sigsend(s) || signal_ignored(s) {
			continue
		}
		switch s {
		case _SIGQUIT, _SIGTRAP, _SIGABRT:
			sigthrow(s, gp, from)
		case _SIGHUP, _SIGINT, _SIGTERM:
			hostkill(int32(s)) // it was wanted when it came
		}
	}
}

// sigsend gives a signal to the program if it wants it.
func sigsend(s uint32) bool {
	if sig.wanted>>s&1 == 0 {
		return false
	}
	sig.queue |= 1 << s
	if gp := sig.receiver; gp != nil {
		sig.receiver = nil
		ready(gp, true)
	}
	return true
}

var sigthrowText = [...]string{_SIGQUIT: "SIGQUIT: quit", _SIGTRAP: "SIGTRAP: trace trap", _SIGABRT: "SIGABRT: abort"}

// sigthrow ends the program with the stacks of its goroutines.
func sigthrow(s uint32, gp *g, from uintptr) {
	systemstack(func() {
		printlock()
		pc := uintptr(0)
		if gp != nil {
			pc = uintptr(*(*uint32)(unsafe.Pointer(from)))
		}
		print(sigthrowText[s], "\nPC=", hex(pc), " m=0 sigcode=0\n")
		m0.throwing = true
		if gp == nil {
			print("\n")
			goroutineheader(&g0)
		} else {
			print("\n")
			goroutineheader(gp)
			traceback(gp, from)
		}
		tracebackothers(gp)
		printunlock()
		die()
	})
}

// signal_recv waits for the next signal.
//
//go:linkname signal_recv os/signal.signal_recv
//line $GOROOT/src/runtime/sigqueue.go:130
func signal_recv() uint32 {
	for sig.queue == 0 {
		gp := getg()
		sig.receiver = gp
		gp.status = _Gsyscall
		gp.waitsince = 0
		parkself()
	}
	s := uint32(ctz64(sig.queue))
	sig.queue &= sig.queue - 1
	return s
}

//go:linkname signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signalWaitUntilIdle() {
	for sig.receiver == nil {
		Gosched()
	}
}

func sigpublish() {
	hostsignals(uint32(sig.wanted), uint32(sig.ignored))
}

//go:linkname signal_enable os/signal.signal_enable
func signal_enable(s uint32) {
	sig.inuse = true
	if s < 64 {
		sig.wanted |= 1 << s
		sig.ignored &^= 1 << s
		sigpublish()
	}
}

//go:linkname signal_disable os/signal.signal_disable
func signal_disable(s uint32) {
	if s < 64 {
		if threads {
			lock()
		}
		hostsignals(uint32(sig.wanted&^(1<<s)), uint32(sig.ignored))
		// What has come until now is for the program.
		checksignals(getg(), uintptr(frameaddr()))
		sig.wanted &^= 1 << s
		if threads {
			unlock()
		}
	}
}

//go:linkname signal_ignore os/signal.signal_ignore
func signal_ignore(s uint32) {
	if s < 64 {
		hostsignals(uint32(sig.wanted&^(1<<s)), uint32(sig.ignored|1<<s))
		checksignals(getg(), uintptr(frameaddr()))
		sig.wanted &^= 1 << s
		sig.ignored |= 1 << s
	}
}

//go:linkname signal_ignored os/signal.signal_ignored
func signal_ignored(s uint32) bool {
	return s < 64 && sig.ignored>>s&1 != 0
}
