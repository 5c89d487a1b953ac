package runtime

import (
	"unsafe"
)

// A stack spans [lo, hi); the innermost frame is lowest.
type stack struct {
	lo uintptr
	hi uintptr
}

// A g is a goroutine. The host reads the first fields: see src/runtime/machine.ts.
type g struct {
	stack stack
	// sp is the frame of the innermost function while the goroutine does not run. A pc of 0 there stands for a
	// goroutine that has not begun.
	sp uintptr
	// limit is the lowest address for frames of functions that check it.
	limit uintptr
	// extra is the size of the frame that the run loop is about to enter if it did not fit in the native stack's budget.
	extra uintptr

	_panic *_panic
	_defer *_defer
	goid   uint64
	status uint32

	waitreason waitReason
	waitsince  int64
	// What gopark's caller keeps for whoever makes it ready.
	param      unsafe.Pointer
	waiting    *sudog
	schedlink  *g
	selectDone uint32
	// success of the channel operation that woke it is in sudog.success.

	startfn   func()
	parentid  uint64
	gopc      uintptr
	startpc   uintptr
	labels    unsafe.Pointer
	timer     *timer
	sleepWhen int64
	coroarg   *coro
	bubble    *synctestBubble
	lockedExt uint32

	sig          uint32
	sigcode      uintptr
	sigaddr      uintptr
	sigpc        uintptr
	paniconfault bool
	system       bool // a goroutine of the runtime itself
	parkcancel   bool
	ditWanted    bool
	fipsOnly     bool
	fipsIndic    uint8
	firstThread  bool // is to run on the first thread: threads.go
	allindex     int
	// scanned is the last cycle of the collector that has scanned the stack.
	scanned uint32
	// locks is how often it holds the runtime's lock while it does not run.
	locks int32
}

// Goroutine states.
const (
	_Gidle = iota
	_Grunnable
	_Grunning
	_Gsyscall
	_Gwaiting
	_
	_Gdead
)

// A sudog is a goroutine in a list of waiters: for a channel, a semaphore, a condition.
type sudog struct {
	g         *g
	next      *sudog
	prev      *sudog
	elem      unsafe.Pointer // data element; may point into the stack of g
	c         *hchan
	isSelect  bool
	success   bool
	waiters   uint16
	ticket    uint32
	waitlink  *sudog // of g.waiting, or of a semaphore's list
	waittail  *sudog
	parent    *sudog
	acquiretm int64
	releasetm int64
	_         [2]uintptr // as large as Go's: programs see the size in their heap profiles
}

// The machine: a thread that runs goroutines. In programs for several threads each has its own m0; its queue is runq.
type machine struct {
	g0        *g // what runs on the scheduler's stack
	curg      *g // the goroutine that runs, or nil
	mallocing int32
	gcing     bool
	throwing  bool
	locks     int32 // how often it holds the runtime's lock
	deferpool *_defer
	ndefers   int32
	sudogpool *sudog
	nsudogs   int32
	onsystem  bool
	rand      randState
	cache     mcache
	threadState
}

var m0 machine
var g0 g

type waitReason uint8

const (
	waitReasonZero waitReason = iota
	waitReasonGCAssistMarking
	waitReasonIOWait
	waitReasonDumpingHeap
	waitReasonGarbageCollection
	waitReasonGarbageCollectionScan
	waitReasonPanicWait
	waitReasonGCAssistWait
	waitReasonGCSweepWait
	waitReasonGCScavengeWait
	waitReasonFinalizerWait
	waitReasonForceGCIdle
	waitReasonUpdateGOMAXPROCSIdle
	waitReasonSemacquire
	waitReasonSleep
	waitReasonChanReceiveNilChan
	waitReasonChanSendNilChan
	waitReasonSelectNoCases
	waitReasonSelect
	waitReasonChanReceive
	waitReasonChanSend
	waitReasonSyncCondWait
	waitReasonSyncMutexLock
	waitReasonSyncRWMutexRLock
	waitReasonSyncRWMutexLock
	waitReasonSyncWaitGroupWait
	waitReasonTraceReaderBlocked
	waitReasonWaitForGCCycle
	waitReasonGCWorkerIdle
	waitReasonGCWorkerActive
	waitReasonPreempted
	waitReasonDebugCall
	waitReasonStoppingTheWorld
	waitReasonCoroutine
	waitReasonSynctestRun
	waitReasonSynctestWait
	waitReasonSynctestChanReceive
	waitReasonSynctestChanSend
	waitReasonSynctestSelect
	waitReasonSynctestWaitGroupWait
	waitReasonCleanupWait
)

var waitReasonText = [...]string{
	waitReasonZero:                  "",
	waitReasonGCAssistMarking:       "GC assist marking",
	waitReasonIOWait:                "IO wait",
	waitReasonDumpingHeap:           "dumping heap",
	waitReasonGarbageCollection:     "garbage collection",
	waitReasonGarbageCollectionScan: "garbage collection scan",
	waitReasonPanicWait:             "panicwait",
	waitReasonGCAssistWait:          "GC assist wait",
	waitReasonGCSweepWait:           "GC sweep wait",
	waitReasonGCScavengeWait:        "GC scavenge wait",
	waitReasonFinalizerWait:         "finalizer wait",
	waitReasonForceGCIdle:           "force gc (idle)",
	waitReasonUpdateGOMAXPROCSIdle:  "GOMAXPROCS updater (idle)",
	waitReasonSemacquire:            "semacquire",
	waitReasonSleep:                 "sleep",
	waitReasonChanReceiveNilChan:    "chan receive (nil chan)",
	waitReasonChanSendNilChan:       "chan send (nil chan)",
	waitReasonSelectNoCases:         "select (no cases)",
	waitReasonSelect:                "select",
	waitReasonChanReceive:           "chan receive",
	waitReasonChanSend:              "chan send",
	waitReasonSyncCondWait:          "sync.Cond.Wait",
	waitReasonSyncMutexLock:         "sync.Mutex.Lock",
	waitReasonSyncRWMutexRLock:      "sync.RWMutex.RLock",
	waitReasonSyncRWMutexLock:       "sync.RWMutex.Lock",
	waitReasonSyncWaitGroupWait:     "sync.WaitGroup.Wait",
	waitReasonTraceReaderBlocked:    "trace reader (blocked)",
	waitReasonWaitForGCCycle:        "wait for GC cycle",
	waitReasonGCWorkerIdle:          "GC worker (idle)",
	waitReasonGCWorkerActive:        "GC worker (active)",
	waitReasonPreempted:             "preempted",
	waitReasonDebugCall:             "debug call",
	waitReasonStoppingTheWorld:      "stopping the world",
	waitReasonCoroutine:             "coroutine",
	waitReasonSynctestRun:           "synctest.Run",
	waitReasonSynctestWait:          "synctest.Wait",
	waitReasonSynctestChanReceive:   "chan receive (durable)",
	waitReasonSynctestChanSend:      "chan send (durable)",
	waitReasonSynctestSelect:        "select (durable)",
	waitReasonSynctestWaitGroupWait: "sync.WaitGroup.Wait (durable)",
	waitReasonCleanupWait:           "cleanup wait",
}

func (w waitReason) String() string {
	if int(w) >= len(waitReasonText) {
		return "unknown wait reason"
	}
	return waitReasonText[w]
}
