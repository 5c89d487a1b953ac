package runtime

import (
	"internal/runtime/sys"
	"unsafe"
)

// Marking from stacks. What the tables say lives where a frame stands is marked from. A pointer into the stack itself leads
// to a variable of some frame, an object: it is marked from, too, although no code mentions it any more.

// A stackFrame is a frame that has objects.
type stackFrame struct {
	_    sys.NotInHeap
	sp   uintptr
	fn   *funcRecord
	done uint64 // objects that were marked from
}

type stackWork struct {
	_       sys.NotInHeap
	lo, hi  uintptr // of the stack that is looked at
	frames  *stackFrame
	nframes uintptr
	cframes uintptr
	ptrs    *uint32 // pointers into the stack that were found
	nptrs   uintptr
	cptrs   uintptr
}

var stackwork stackWork

// markStack marks what a goroutine's frames point to, and what its deferred calls and panics do, whose records the tables
// do not describe.
func markStack(gp *g, sp uintptr) {
	work.stackScan += gp.stack.hi - sp
	stackwork.lo, stackwork.hi = sp, gp.stack.hi
	for d := gp._defer; d != nil; d = d.link {
		markPtr(uintptr(unsafe.Pointer(d)))
		markStackPtr(uintptr(*(*unsafe.Pointer)(unsafe.Pointer(&d.fn))))
		markPtr(uintptr(unsafe.Pointer(d.head)))
	}
	for p := gp._panic; p != nil; p = p.link {
		markStackPtr(uintptr(efaceOf(&p.arg).data))
	}
	if *(*uint32)(unsafe.Pointer(sp)) != 0 {
		markFrames(sp, gp.stack.hi)
	}
}

// markFrames marks what the frames from sp up to the end of the stack point to.
func markFrames(sp, hi uintptr) {
	w := &stackwork
	w.lo, w.hi = sp, hi
	for u := unwindFrom(sp); u.valid(); u.next() {
		for _, off := range tableList(u.fn.pcEntry(u.pc)[0]) {
			q := uintptr(*(*uint32)(unsafe.Pointer(u.sp + uintptr(off))))
			if q == 0 {
				continue
			}
			if checkHeap && q == poison {
				throw("check: a variable that lives was never written")
			}
			markStackPtr(q)
		}
		if u.fn.slots != 0 && len(u.fn.objects()) != 0 {
			w.addFrame(u.sp, u.fn)
		}
	}
	for w.nptrs > 0 {
		w.nptrs--
		w.markObject(uintptr(*(*uint32)(add(unsafe.Pointer(w.ptrs), w.nptrs*4))))
	}
	w.nframes = 0
}

func markStackPtr(p uintptr) {
	w := &stackwork
	if p < w.lo || p >= w.hi {
		markPtr(p)
		return
	}
	if w.nptrs == w.cptrs {
		n := max(w.cptrs*2, 1024)
		ptrs := (*uint32)(unsafe.Pointer(persistentalloc(n*4, 8, &memstats.gcSys)))
		memcopy(unsafe.Pointer(ptrs), unsafe.Pointer(w.ptrs), w.nptrs*4)
		w.ptrs, w.cptrs = ptrs, n
	}
	*(*uint32)(add(unsafe.Pointer(w.ptrs), w.nptrs*4)) = uint32(p)
	w.nptrs++
}

func (w *stackWork) addFrame(sp uintptr, fn *funcRecord) {
	if w.nframes == w.cframes {
		n := max(w.cframes*2, 256)
		frames := (*stackFrame)(unsafe.Pointer(persistentalloc(n*unsafe.Sizeof(stackFrame{}), 8, &memstats.gcSys)))
		memcopy(unsafe.Pointer(frames), unsafe.Pointer(w.frames), w.nframes*unsafe.Sizeof(stackFrame{}))
		w.frames, w.cframes = frames, n
	}
	f := w.frame(w.nframes)
	f.sp, f.fn, f.done = sp, fn, 0
	w.nframes++
}

func (w *stackWork) frame(i uintptr) *stackFrame {
	return (*stackFrame)(add(unsafe.Pointer(w.frames), i*unsafe.Sizeof(stackFrame{})))
}

// markObject marks what the object that p points into points to.
func (w *stackWork) markObject(p uintptr) {
	lo, hi := uintptr(0), w.nframes
	for lo < hi {
		mid := (lo + hi) / 2
		if w.frame(mid).sp <= p {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return
	}
	f := w.frame(lo - 1)
	off := uint32(p - f.sp)
	if off >= f.fn.frameSize {
		return
	}
	slots := tableList(f.fn.slots)
	objects := f.fn.objects()
	for i := 0; i < len(objects); i += 4 {
		if off < objects[i] || off-objects[i] >= objects[i+1] {
			continue
		}
		// Those behind the 63rd share a bit.
		last := i
		bit := uint64(1) << (i / 4)
		if i/4 >= 63 {
			i, last, bit = 63*4, len(objects)-4, 1<<63
		}
		if f.done&bit != 0 {
			return
		}
		f.done |= bit
		for ; i <= last; i += 4 {
			for _, at := range slots[objects[i+2] : objects[i+2]+objects[i+3]] {
				if q := uintptr(*(*uint32)(unsafe.Pointer(f.sp + uintptr(at)))); q != 0 {
					markStackPtr(q)
				}
			}
		}
		return
	}
}
