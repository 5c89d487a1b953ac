package runtime

import (
	"internal/abi"
	"internal/godebugs"
	"unsafe"
)

// What packages of the standard library take from the runtime besides its exported functions.

var debug struct {
	panicnil           int32
	gctrace            int32
	scavtrace          int32
	gcshrinkstackoff   int32
	gcstoptheworld     int32
	asynctimerchan     int32
	inittrace          int32
	invalidptr         int32
	madvdontneed       int32
	clobberfree        int32
	tracebackancestors int32
	dontfreezetheworld int32
	decoratemappings   int32
	updatemaxprocs     int32
}

// parsedebugvars reads GODEBUG and GOTRACEBACK.
func parsedebugvars() {
	applyGODEBUG(godebugDefault)
	applyGODEBUG(gogetenv("GODEBUG"))
	setTraceback(gogetenv("GOTRACEBACK"))
	traceEnv = traceWanted
}

func applyGODEBUG(s string) {
	for s != "" {
		field := s
		if i := indexbyte(s, ','); i >= 0 {
			field, s = s[:i], s[i+1:]
		} else {
			s = ""
		}
		i := indexbyte(field, '=')
		if i < 0 {
			continue
		}
		key := field[:i]
		n, ok := atoi32(field[i+1:])
		if !ok {
			continue
		}
		switch key {
		case "panicnil":
			debug.panicnil = n
		case "gctrace":
			debug.gctrace = n
		case "scavtrace":
			debug.scavtrace = n
		case "gcshrinkstackoff":
			debug.gcshrinkstackoff = n
		case "gcstoptheworld":
			debug.gcstoptheworld = n
		case "asynctimerchan":
			debug.asynctimerchan = n
		case "inittrace":
			debug.inittrace = n
		}
	}
}

var godebugUpdate func(string, string)

//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(string, string)) {
	godebugUpdate = update
	godebugNotify(false)
}

// godebugDefault is what the program's go.mod and //go:debug lines say.
var godebugDefault string

func godebugNotify(envChanged bool) {
	env := gogetenv("GODEBUG")
	if envChanged {
		debug.panicnil, debug.asynctimerchan = 0, 0
		applyGODEBUG(godebugDefault)
		applyGODEBUG(env)
	}
	if godebugUpdate != nil {
		godebugUpdate(godebugDefault, env)
	}
}

//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(newIncNonDefault func(string) func()) {
	godebugNewInc = newIncNonDefault
}

// godebugNewInc makes a function that counts a use of a setting that is not the default; nil as long as package
// internal/godebug is not there.
var godebugNewInc func(string) func()

var panicnilInc func()

// countPanicNil counts a panic(nil) that panicnil=1 lets through.
func countPanicNil() {
	if panicnilInc == nil && godebugNewInc != nil {
		panicnilInc = godebugNewInc("panicnil")
	}
	if panicnilInc != nil {
		panicnilInc()
	}
}

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	godebugMetrics = append(godebugMetrics, godebugMetric{name, read})
}

// A godebugMetric reads how often a setting changed what happened.
type godebugMetric struct {
	name string
	read func() uint64
}

var godebugMetrics []godebugMetric

const godebugMetricPrefix = "/godebug/non-default-behavior/"

// readGodebugMetric reads one by its name: 0 as long as nothing was counted.
func readGodebugMetric(name string) (n uint64, ok bool) {
	for i := range godebugMetrics {
		if godebugMetrics[i].name == name {
			return godebugMetrics[i].read(), true
		}
	}
	if len(name) <= len(godebugMetricPrefix) || name[:len(godebugMetricPrefix)] != godebugMetricPrefix {
		return 0, false
	}
	for i := range godebugs.All {
		if setting := &godebugs.All[i]; !setting.Opaque && name[len(godebugMetricPrefix):] == setting.Name+":events" {
			return 0, true
		}
	}
	return 0, false
}

//go:linkname os_runtime_args os.runtime_args
func os_runtime_args() []string {
	return append([]string{}, argslice...)
}

//go:linkname boring_runtime_arg0 crypto/internal/boring.runtime_arg0
func boring_runtime_arg0() string {
	if len(argslice) == 0 {
		return ""
	}
	return argslice[0]
}

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string {
	return append([]string{}, envs...)
}

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	unsetenv(key)
	envs = append(envs, key+"="+value)
	if key == "GODEBUG" {
		godebugNotify(true)
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) {
	unsetenv(key)
	if key == "GODEBUG" {
		godebugNotify(true)
	}
}

func unsetenv(key string) {
	kept := make([]string, 0, len(envs)+1)
	for _, s := range envs {
		if len(s) > len(key) && s[len(key)] == '=' && s[:len(key)] == key {
			continue
		}
		kept = append(kept, s)
	}
	envs = kept
}

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) {
	if threads {
		lock()
	}
	envs = nil
	if threads {
		unlock()
	}
	godebugNotify(true)
}

//go:linkname syscall_Getpagesize syscall.Getpagesize
func syscall_Getpagesize() int {
	return 4096
}

//go:linkname syscall_Exit syscall.Exit
func syscall_Exit(code int) {
	if threads {
		beforeExit()
	}
	hostexit(int32(code))
}

//go:linkname syscall_exit syscall.exit
func syscall_exit(code int) {
	if threads {
		beforeExit()
	}
	hostexit(int32(code))
}

//go:linkname syscall_runtime_BeforeFork syscall.runtime_BeforeFork
func syscall_runtime_BeforeFork() {}

//go:linkname syscall_runtime_AfterFork syscall.runtime_AfterFork
func syscall_runtime_AfterFork() {}

//go:linkname syscall_runtime_AfterForkInChild syscall.runtime_AfterForkInChild
func syscall_runtime_AfterForkInChild() {}

//go:linkname syscall_runtime_BeforeExec syscall.runtime_BeforeExec
func syscall_runtime_BeforeExec() {}

//go:linkname syscall_runtime_AfterExec syscall.runtime_AfterExec
func syscall_runtime_AfterExec() {}

//go:linkname syscall_runtime_doAllThreadsSyscall syscall.runtime_doAllThreadsSyscall
func syscall_runtime_doAllThreadsSyscall(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, err uintptr) {
	return syscall6(trap, a1, a2, a3, a4, a5, a6)
}

//go:linkname os_ignoreSIGSYS os.ignoreSIGSYS
func os_ignoreSIGSYS() {}

//go:linkname os_restoreSIGSYS os.restoreSIGSYS
func os_restoreSIGSYS() {}

//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() {
	if !signal_ignored(_SIGPIPE) && sigsend(_SIGPIPE) {
		return
	}
	hostkill(_SIGPIPE)
}

// syscall6 is a Linux system call, as internal/runtime/syscall/linux wants it. Whatever waits in here must not move the
// stack: callers have made numbers of addresses, maybe of their frames (docs/execution.md, "Frames").
//
//go:nosplit
//go:uintptrkeepalive
func syscall6(num, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	if threads {
		toFirstThread()
	}
	switch num {
	case sysMmap:
		if r1, errno = mmap(a1, a2, a3, a4, a5, a6); errno != 0 {
			return ^uintptr(0), 0, errno
		}
		return r1, 0, 0
	case sysMunmap:
		if errno = munmap(a1, a2); errno != 0 {
			return ^uintptr(0), 0, errno
		}
		return 0, 0, 0
	case sysMsync, sysMadvise:
		return 0, 0, 0 // nothing is written back, and no advice is needed
	}
	return hostSyscall(num, a1, a2, a3, a4, a5, a6)
}

// hostSyscall is a system call that the host does.
//
//go:nosplit
//go:uintptrkeepalive
func hostSyscall(num, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	args := [7]uintptr{a1, a2, a3, a4, a5, a6, uintptr(unsafe.Pointer(getg()))}
	var r int64
	if threads {
		r = blockingSyscall(int32(num), uint32(uintptr(noescape(unsafe.Pointer(&args)))))
	} else {
		r = hostsyscall(int32(num), uint32(uintptr(noescape(unsafe.Pointer(&args)))))
	}
	if r < 0 && r > -4096 {
		return ^uintptr(0), 0, uintptr(-r)
	}
	return uintptr(r), 0, 0
}

//go:linkname linux_Syscall6 internal/runtime/syscall/linux.Syscall6
//go:nosplit
//go:uintptrkeepalive
func linux_Syscall6(num, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	for {
		r1, r2, errno = syscall6(num, a1, a2, a3, a4, a5, a6)
		if errno != callLater {
			return r1, r2, errno
		}
		callAgain()
	}
}

//go:linkname syscall_rawVforkSyscall syscall.rawVforkSyscall
func syscall_rawVforkSyscall(trap, a1, a2, a3 uintptr) (r1 uintptr, err uintptr) {
	return ^uintptr(0), 38 // ENOSYS
}

//go:linkname syscall_rawSyscallNoError syscall.rawSyscallNoError
func syscall_rawSyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) {
	r1, r2, _ = syscall6(trap, a1, a2, a3, 0, 0, 0)
	return r1, r2
}

//go:linkname syscall_gettimeofday syscall.gettimeofday
func syscall_gettimeofday(tv *[2]int64) (err uintptr) {
	w := hostwalltime()
	tv[0] = w / 1e9
	tv[1] = w % 1e9 / 1000
	return 0
}

//go:linkname fcntl
func fcntl(fd, cmd, arg int32) (ret int32, errno int32) {
	r, _, err := syscall6(72, uintptr(fd), uintptr(cmd), uintptr(arg), 0, 0, 0)
	if err != 0 {
		return -1, int32(err)
	}
	return int32(r), 0
}

//go:linkname write
func write(fd uintptr, p unsafe.Pointer, n int32) int32 {
	if threads {
		toFirstThread()
	}
	return hostwrite(int32(fd), uint32(uintptr(p)), n)
}

//go:linkname vgetrandom
func vgetrandom(p []byte, flags uint32) (ret int, supported bool) {
	if len(p) > 0 {
		hostrandom(uint32(uintptr(noescape(unsafe.Pointer(unsafe.SliceData(p))))), int32(len(p)))
	}
	return len(p), true
}

//go:linkname getAuxv
func getAuxv() []uintptr {
	return nil
}

//go:linkname setPanicOnFault runtime/debug.setPanicOnFault
func setPanicOnFault(new bool) (old bool) {
	gp := getg()
	old = gp.paniconfault
	gp.paniconfault = new
	return old
}

//go:linkname setMaxThreads runtime/debug.setMaxThreads
func setMaxThreads(in int) (out int) {
	out = maxThreads
	maxThreads = in
	return out
}

var maxThreads = 10000

//go:linkname runtime_debug_WriteHeapDump runtime/debug.WriteHeapDump
func runtime_debug_WriteHeapDump(fd uintptr) {
	panic(errorString("runtime/debug.WriteHeapDump: heap dumps are not supported: there is -memprofile"))
}

//go:linkname debug_modinfo runtime/debug.modinfo
func debug_modinfo() string {
	// Package debug drops the 16 bytes on each side by which tools find it in a binary.
	const mark = "0123456789abcdef"
	return mark + buildInfo + mark
}

// What the host says of how the program was built.
var buildInfo, buildVersion, defaultGOROOT string

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(s string) {
	fatal(s)
}

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(s string) {
	fatal(s)
}

//go:linkname fips_fatal crypto/internal/fips140.fatal
func fips_fatal(s string) {
	fatal(s)
}

//go:linkname fips_getIndicator crypto/internal/fips140.getIndicator
func fips_getIndicator() uint8 {
	return getg().fipsIndic
}

//go:linkname fips_setIndicator crypto/internal/fips140.setIndicator
func fips_setIndicator(indicator uint8) {
	getg().fipsIndic = indicator
}

//go:linkname fips140_setBypass crypto/fips140.setBypass
func fips140_setBypass() {
	getg().fipsOnly = true
}

//go:linkname fips140_unsetBypass crypto/fips140.unsetBypass
func fips140_unsetBypass() {
	getg().fipsOnly = false
}

//go:linkname fips140_isBypassed crypto/fips140.isBypassed
func fips140_isBypassed() bool {
	return getg().fipsOnly
}

//go:linkname dit_setEnabled crypto/subtle.setDITEnabled
func dit_setEnabled() bool {
	old := getg().ditWanted
	getg().ditWanted = true
	return old
}

//go:linkname dit_setDisabled crypto/subtle.setDITDisabled
func dit_setDisabled() {
	getg().ditWanted = false
}

// Version returns the Go tree's version string.
func Version() string {
	return buildVersion
}

// GOROOT returns the root of the Go tree.
func GOROOT() string {
	if s := gogetenv("GOROOT"); s != "" {
		return s
	}
	return defaultGOROOT
}

// SetCgoTraceback records three C functions to use to gather traceback information from C code. There is no C here.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}

//go:linkname coverage_getCovCounterList internal/coverage/cfile.getCovCounterList
func coverage_getCovCounterList() []struct{} {
	return nil
}

//go:linkname mutexevent sync.event
func mutexevent(cycles int64, skip int) {}

func traceAdvance(stopTrace bool) {}

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, regionType string) {}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {}

//go:linkname traceClockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func traceClockUnitsPerSecond() uint64 {
	return 1e9
}

//go:linkname plugin_lastmoduleinit plugin.lastmoduleinit
func plugin_lastmoduleinit() (pluginpath string, syms map[string]any, initTasks []*struct{}, errstr string) {
	return "", nil, nil, "plugins are not supported"
}

// x86 features that compiled code may ask for.
var x86HasPOPCNT, x86HasSSE41, x86HasFMA, x86HasAVX bool

// reflectcall calls the function value fn with a frame that package reflect has laid out: arguments, then results.
//
//go:linkname reflectcall
func reflectcall(stackArgsType *_type, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs) {
	code := **(**uint32)(unsafe.Pointer(&fn))
	f := findfunc(uintptr(code))
	if f == nil {
		throw("reflect.call of something that is no function")
	}
	if uintptr(code) == dynamicCode {
		callDynamic(fn, stackArgs)
		return
	}
	layout := tableList(f.layout)
	nparams := layout[0]
	layout = layout[1:]
	area := ownArea(linkArgs)
	*(*uint32)(unsafe.Pointer(area)) = code
	*(*uint32)(unsafe.Pointer(area + 4)) = uint32(uintptr(fn))
	for i, entry := range layout[:nparams] {
		from := add(stackArgs, uintptr(entry&0xffffff))
		to := unsafe.Pointer(area + 8 + uintptr(i)*8)
		switch entry >> 24 {
		case memInt32, memFloat32, memPointer:
			*(*uint64)(to) = uint64(*(*uint32)(from))
		case memInt64, memFloat64:
			*(*uint64)(to) = *(*uint64)(from)
		case memInt8:
			*(*uint64)(to) = uint64(uint32(*(*int8)(from)))
		case memUint8:
			*(*uint64)(to) = uint64(*(*uint8)(from))
		case memInt16:
			*(*uint64)(to) = uint64(uint32(*(*int16)(from)))
		case memUint16:
			*(*uint64)(to) = uint64(*(*uint16)(from))
		case memAddress:
			*(*uint64)(to) = uint64(uintptr(from))
		}
	}
	callargs(linkinfo[linkPCs+1]+f.sig*2+1, code)
	area = ownArea(linkResults)
	for i, entry := range layout[nparams:] {
		from := unsafe.Pointer(area + uintptr(i)*8)
		to := add(stackArgs, uintptr(entry&0xffffff))
		switch entry >> 24 {
		case memInt32, memFloat32:
			*(*uint32)(to) = *(*uint32)(from)
		case memPointer:
			*(*unsafe.Pointer)(to) = *(*unsafe.Pointer)(from)
		case memInt64, memFloat64:
			*(*uint64)(to) = *(*uint64)(from)
		case memInt8, memUint8:
			*(*uint8)(to) = *(*uint8)(from)
		case memInt16, memUint16:
			*(*uint16)(to) = *(*uint16)(from)
		}
	}
}

// dynamicFunc stands for the code of function values whose type the program does not mention: nothing but reflectcall
// calls them.
func dynamicFunc() {
	throw("call of a function that only package reflect knows")
}

var (
	dynamicCode uintptr
	callDynamic func(fn, frame unsafe.Pointer)
)

// reflect_dynamicFunc gives that code; call takes the function value, and arguments and results in their frame.
//
//go:linkname reflect_dynamicFunc reflect.dynamicFunc
func reflect_dynamicFunc(call func(fn, frame unsafe.Pointer)) uintptr {
	callDynamic = call
	dynamicCode = abi.FuncPCABIInternal(dynamicFunc)
	return dynamicCode
}

// How a parameter or result lies in memory: src/ssa/value.ts, Mem; or its address is passed.
const (
	memInt32 = iota
	memInt64
	memFloat32
	memFloat64
	memInt8
	memUint8
	memInt16
	memUint16
	memPointer
	memAddress
)

// callargs calls the function at code with what is in the argument area; thunk is the thunk of its signature.
func callargs(thunk, code uint32)
