package runtime

import (
	"internal/cpu"
	"unsafe"
)

// linkinfo is filled in by the linker; docs/execution.md says what the words are.
var linkinfo [64]uint32

const (
	linkHeapBase = iota
	linkInits
	linkNumInits
	linkRuntimeInits
	linkMain
	linkFuncs
	linkNumFuncs
	linkDataStart
	linkDataEnd
	linkDataBits
	linkPCs // address and number of entries
)

const (
	linkArgs = 16 + iota
	linkArgsSize
	linkResults
	linkResultsSize
	linkTypes
	linkNumTypes
	linkItabs
	linkNumItabs
	linkThreads // where what threads have for themselves begins and ends
	linkThreadsEnd
)

// ownArea is the address of an area that each thread has for itself.
func ownArea(link int) uintptr {
	area := uintptr(linkinfo[link])
	if threads {
		area += threadOffset()
	}
	return area
}

// systemStackSize is what the scheduler and the collector have.
const systemStackSize = 256 << 10

var systemStack stack

// rt0 prepares everything up to the first goroutine. The host has put SP to the end of the system stack, which lies
// right after the program's data.
func rt0() {
	m0.g0 = &g0
	setg(&g0)
	m0.onsystem = true
	systemStack.lo = uintptr(linkinfo[linkHeapBase])
	systemStack.hi = systemStack.lo + systemStackSize
	g0.stack = systemStack
	heapinit(systemStack.hi)
	randinit()
	cpu.Initialize("")
	goargs()
	parsedebugvars()
	ncpu = int32(hostnumber(hostNumCPU))
	gomaxprocs = ncpu
	if n, ok := atoi32(gogetenv("GOMAXPROCS")); ok && n > 0 {
		gomaxprocs = n
	}
	if threads {
		threadsinit()
	}
	sched.seeded = hostnumber(hostSeeded) != 0
	gcinit()
	startTime = hostnanotime()
	newg(main, 0)
	goidgen = firstGoid - 1
}

// firstGoid is the number of the first goroutine that the program starts: 2 to 6 are the runtime's own in Go, and people
// know that theirs begin with 7.
const firstGoid = 7

var startTime int64
var ncpu int32
var gomaxprocs int32
var mainStarted bool
var mainReturned bool

// main is what the first goroutine runs.
func main() {
	mainStarted = true
	inits := (*[1 << 20]uint32)(unsafe.Pointer(uintptr(linkinfo[linkInits])))
	n := linkinfo[linkNumInits]
	for i := uint32(0); i < linkinfo[linkRuntimeInits]; i++ {
		callcode(inits[i])
	}
	gcenable()
	for i := linkinfo[linkRuntimeInits]; i < n; i++ {
		callcode(inits[i])
	}
	callcode(linkinfo[linkMain])
	mainReturned = true
	runExitHooks(0)
	if threads {
		beforeExit()
	}
	hostexit(0)
}

// callcode calls the function with this code address, which has no parameters.
func callcode(code uint32)

var argslice []string
var envs []string

func goargs() {
	argslice = hostlist(0)
	envs = hostlist(1)
	origin := hostlist(2)
	godebugDefault, buildInfo, buildVersion, defaultGOROOT = origin[0], origin[1], origin[2], origin[3]
}

// hostlist reads the strings of one kind from the host.
func hostlist(kind int32) []string {
	n := int32(0)
	for hostarg(kind, n, 0) >= 0 {
		n++
	}
	list := make([]string, n)
	for i := range list {
		size := hostarg(kind, int32(i), 0)
		if size == 0 {
			continue
		}
		p := mallocgc(uintptr(size), nil, false)
		hostarg(kind, int32(i), uint32(uintptr(p)))
		list[i] = unsafe.String((*byte)(p), int(size))
	}
	return list
}

func gogetenv(key string) string {
	for _, s := range envs {
		if len(s) > len(key) && s[len(key)] == '=' && s[:len(key)] == key {
			return s[len(key)+1:]
		}
	}
	return ""
}

func atoi64(s string) (int64, bool) {
	if s == "" {
		return 0, false
	}
	neg := false
	if s[0] == '-' {
		neg = true
		s = s[1:]
	}
	n := uint64(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < '0' || c > '9' || n > 1<<63/10 {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
		if n > 1<<63 || n == 1<<63 && !neg {
			return 0, false
		}
	}
	if neg {
		return -int64(n), s != ""
	}
	return int64(n), s != ""
}

func atoi32(s string) (int32, bool) {
	n, ok := atoi64(s)
	if !ok || n != int64(int32(n)) {
		return 0, false
	}
	return int32(n), true
}

// systemstack runs fn on the scheduler's stack; the goroutine keeps its frames as they are.
//
//go:nosplit
//go:noinline
func systemstack(fn func()) {
	gp := getg()
	if m0.onsystem {
		fn()
		return
	}
	gp.sp = getsp()
	limit := getlimit()
	m0.onsystem = true
	setlimit(0)
	callon(systemStack.hi-64, fn)
	setlimit(limit)
	m0.onsystem = false
}
