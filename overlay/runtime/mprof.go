package runtime

import (
	"internal/profilerecord"
	"internal/runtime/sys"
	"unsafe"
)

// Profiles of allocations: every MemProfileRate bytes on average one allocation is recorded with its stack.

// MemProfileRate controls the fraction of memory allocations that are recorded and reported in the memory profile. The
// profiler aims to sample an average of one allocation per MemProfileRate bytes allocated.
var MemProfileRate int = 512 * 1024

const maxProfStack = 128

// A bucket has the counts of one allocation site.
type bucket struct {
	_          sys.NotInHeap
	next       *bucket // in its hash chain
	allnext    *bucket
	hash       uintptr
	size       uintptr
	nstk       uintptr
	allocs     uintptr
	frees      uintptr
	allocBytes uintptr
	freeBytes  uintptr
	// nstk pcs follow
}

const bucketHashSize = 4096

var buckets [bucketHashSize]*bucket
var allBuckets *bucket

func (b *bucket) stk() []uintptr {
	return unsafe.Slice((*uintptr)(add(unsafe.Pointer(b), unsafe.Sizeof(bucket{}))), int(b.nstk))
}

func findBucket(stk []uintptr, size uintptr) *bucket {
	h := size
	for _, pc := range stk {
		h += pc
		h += h << 10
		h ^= h >> 6
	}
	h += h << 3
	h ^= h >> 11
	head := &buckets[h%bucketHashSize]
next:
	for b := *head; b != nil; b = b.next {
		if b.hash != h || b.size != size || b.nstk != uintptr(len(stk)) {
			continue
		}
		for i, pc := range b.stk() {
			if stk[i] != pc {
				continue next
			}
		}
		return b
	}
	n := unsafe.Sizeof(bucket{}) + uintptr(len(stk))*8
	b := (*bucket)(unsafe.Pointer(persistentalloc(n, 8, &memstats.bucketSys)))
	b.hash = h
	b.size = size
	b.nstk = uintptr(len(stk))
	copy(b.stk(), stk)
	b.next = *head
	*head = b
	b.allnext = allBuckets
	allBuckets = b
	return b
}

// profileAlloc records an allocation whose turn it is.
//
//go:noinline
func profileAlloc(p unsafe.Pointer, used uintptr) {
	drawSample()
	if profiling || m0.onsystem || !gcEnabled {
		return
	}
	profiling = true
	sp := uintptr(callersp())
	systemstack(func() {
		var stk [maxProfStack]uintptr
		// From mallocgc on, or newsmall, as in Go.
		n := callersFrom(sp, 2, stk[:])
		b := findBucket(stk[:n], used)
		b.allocs++
		b.allocBytes += used
		s := newSpecial(specialProfile)
		s.bucket = b
		if !addSpecial(uintptr(p), s) {
			freeSpecial(s)
		}
	})
	profiling = false
}

var profiling bool

// drawSample decides how far the next sample is.
func drawSample() {
	if MemProfileRate <= 1 {
		m0.cache.nextSample = 0
	} else {
		m0.cache.nextSample = nextSample()
	}
}

// nextSample draws the distance to the next sample from an exponential distribution.
func nextSample() int64 {
	const randomBitCount = 26
	q := cheaprandn(1<<randomBitCount) + 1
	qlog := fastlog2(float64(q)) - randomBitCount
	if qlog > 0 {
		qlog = 0
	}
	const minusLog2 = -0.6931471805599453
	return int64(qlog*(minusLog2*float64(MemProfileRate))) + 1
}

// fastlog2 is good enough for sampling.
func fastlog2(x float64) float64 {
	bits := f64bits(x)
	exp := int64(bits>>52&0x7ff) - 1023
	m := f64frombits(bits&(1<<52-1) | 1023<<52)
	// A polynomial for log2 on [1, 2).
	return float64(exp) + (m-1)*(1.4426950408889634-(m-1)*(0.7213475204444817-(m-1)*(0.40-(m-1)*(0.1213475204444817))))
}

func profileFree(b *bucket, size uintptr) {
	b.frees++
	b.freeBytes += size
}

// A StackRecord describes a single execution stack.
type StackRecord struct {
	Stack0 [32]uintptr // stack trace for this record; ends at first 0 entry
}

// Stack returns the stack trace associated with the record, a prefix of r.Stack0.
func (r *StackRecord) Stack() []uintptr {
	for i, v := range r.Stack0 {
		if v == 0 {
			return r.Stack0[0:i]
		}
	}
	return r.Stack0[0:]
}

// A MemProfileRecord describes the live objects allocated by a particular call sequence (stack trace).
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64       // number of bytes allocated, freed
	AllocObjects, FreeObjects int64       // number of objects allocated, freed
	Stack0                    [32]uintptr // stack trace for this record; ends at first 0 entry
}

// InUseBytes returns the number of bytes in use (AllocBytes - FreeBytes).
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects returns the number of objects in use (AllocObjects - FreeObjects).
func (r *MemProfileRecord) InUseObjects() int64 {
	return r.AllocObjects - r.FreeObjects
}

// Stack returns the stack trace associated with the record, a prefix of r.Stack0.
func (r *MemProfileRecord) Stack() []uintptr {
	for i, v := range r.Stack0 {
		if v == 0 {
			return r.Stack0[0:i]
		}
	}
	return r.Stack0[0:]
}

// MemProfile returns a profile of memory allocated and freed per allocation site.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return memProfile(len(p), inuseZero, func(r profilerecord.MemProfileRecord) {
		q := &p[0]
		p = p[1:]
		q.AllocBytes, q.FreeBytes = r.AllocBytes, r.FreeBytes
		q.AllocObjects, q.FreeObjects = r.AllocObjects, r.FreeObjects
		k := copy(q.Stack0[:], r.Stack)
		clear(q.Stack0[k:])
	})
}

func memProfile(size int, inuseZero bool, out func(profilerecord.MemProfileRecord)) (n int, ok bool) {
	for b := allBuckets; b != nil; b = b.allnext {
		if inuseZero || b.allocBytes != b.freeBytes {
			n++
		}
	}
	if n > size {
		return n, false
	}
	for b := allBuckets; b != nil; b = b.allnext {
		if inuseZero || b.allocBytes != b.freeBytes {
			out(profilerecord.MemProfileRecord{
				AllocBytes:   int64(b.allocBytes),
				FreeBytes:    int64(b.freeBytes),
				AllocObjects: int64(b.allocs),
				FreeObjects:  int64(b.frees),
				Stack:        b.stk(),
			})
		}
	}
	return n, true
}

//go:linkname pprof_memProfileInternal
func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return memProfile(len(p), inuseZero, func(r profilerecord.MemProfileRecord) {
		p[0] = r
		p = p[1:]
	})
}

// BlockProfileRecord describes blocking events originated at a particular call sequence (stack trace).
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

var blockProfileRate, mutexProfileFraction int

// SetBlockProfileRate controls the fraction of goroutine blocking events that are reported in the blocking profile.
func SetBlockProfileRate(rate int) {
	blockProfileRate = rate
}

// SetMutexProfileFraction controls the fraction of mutex contention events that are reported in the mutex profile.
func SetMutexProfileFraction(rate int) int {
	old := mutexProfileFraction
	if rate >= 0 {
		mutexProfileFraction = rate
	}
	return old
}

// BlockProfile returns n, the number of records in the current blocking profile.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

// MutexProfile returns n, the number of records in the current mutex profile.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_blockProfileInternal
func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_mutexProfileInternal
func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

// ThreadCreateProfile returns n, the number of records in the thread creation profile.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_threadCreateInternal
func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_fpunwindExpand
func pprof_fpunwindExpand(dst, src []uintptr) int {
	return copy(dst, src)
}

//go:linkname pprof_makeProfStack
func pprof_makeProfStack() []uintptr {
	return make([]uintptr, maxProfStack)
}

// GoroutineProfile returns n, the number of records in the active goroutine stack profile.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	n = gcount()
	if n > len(p) {
		return n, false
	}
	if threads {
		stopTheWorld()
	}
	me := getg()
	for _, gp := range allgs {
		if gp.status == _Gdead || gp.system || len(p) == 0 {
			continue
		}
		sp := gp.sp
		if gp == me {
			sp = uintptr(callersp())
		}
		k := callersFrom(sp, 0, p[0].Stack0[:])
		clear(p[0].Stack0[k:])
		p = p[1:]
	}
	if threads {
		startTheWorld()
	}
	return n, true
}

//go:linkname pprof_goroutineProfileWithLabels
func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	n = gcount()
	if n > len(p) {
		return n, false
	}
	if threads {
		stopTheWorld()
	}
	me := getg()
	i := 0
	for _, gp := range allgs {
		if gp.status == _Gdead || gp.system || i == len(p) {
			continue
		}
		sp := gp.sp
		if gp == me {
			sp = uintptr(callersp())
		}
		var stk [maxProfStack]uintptr
		k := callersFrom(sp, 0, stk[:])
		p[i].Stack = append([]uintptr(nil), stk[:k]...)
		if labels != nil {
			labels[i] = gp.labels
		}
		i++
	}
	if threads {
		startTheWorld()
	}
	return n, true
}

//go:linkname runtime_setProfLabel runtime/pprof.runtime_setProfLabel
func runtime_setProfLabel(labels unsafe.Pointer) {
	getg().labels = labels
}

//go:linkname runtime_getProfLabel runtime/pprof.runtime_getProfLabel
func runtime_getProfLabel() unsafe.Pointer {
	return getg().labels
}

// CPUProfile is no longer available.
func CPUProfile() []byte {
	panic("CPUProfile no longer available")
}

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 {
	return 1e9
}

// StartTrace enables tracing for the current process. It is not supported here.
func StartTrace() error {
	return errorString("tracing is not supported")
}

// StopTrace stops tracing, if it was previously enabled.
func StopTrace() {}

// ReadTrace returns the next chunk of binary tracing data. There is none.
func ReadTrace() []byte {
	return nil
}
