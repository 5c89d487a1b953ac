package runtime

// Queues of runnable goroutines, as a P of Go's scheduler has them: the one that was made ready last, a ring, and a list that
// all would share. One thread runs them all, so there is one P; GOMAXPROCS only says what programs are told, and how much is
// taken from the list at once.

const (
	runqSize = 256
	// Every so many turns the list comes first, so that goroutines which make each other ready do not keep it waiting.
	globalTurn = 61
	// So often in a row may one that was just made ready go first before the time is looked at: they share a time slice.
	inheritTurns = 256
)

type runQueue struct {
	next       *g
	ring       [runqSize]*g
	head, tail uint32

	global, globalTail *g // linked by schedlink
	globalSize         uint32

	turns     uint32 // time slices that began
	inherited uint32 // goroutines since then that went on with it
}

// put adds to the end of the ring; half of a full one moves to the list.
func (q *runQueue) put(gp *g) {
	if q.tail-q.head == runqSize {
		for range runqSize / 2 {
			q.putGlobal(q.take())
		}
		q.putGlobal(gp)
		return
	}
	q.ring[q.tail%runqSize] = gp
	q.tail++
}

// putFirst adds to the front of the ring, if there is room.
func (q *runQueue) putFirst(gp *g) {
	if q.tail-q.head == runqSize {
		q.put(gp)
		return
	}
	q.head--
	q.ring[q.head%runqSize] = gp
}

func (q *runQueue) take() *g {
	if q.head == q.tail {
		return nil
	}
	gp := q.ring[q.head%runqSize]
	q.ring[q.head%runqSize] = nil
	q.head++
	return gp
}

func (q *runQueue) putGlobal(gp *g) {
	gp.schedlink = nil
	if q.globalTail != nil {
		q.globalTail.schedlink = gp
	} else {
		q.global = gp
	}
	q.globalTail = gp
	q.globalSize++
}

func (q *runQueue) takeGlobal() *g {
	gp := q.global
	if gp == nil {
		return nil
	}
	q.global = gp.schedlink
	gp.schedlink = nil
	if q.global == nil {
		q.globalTail = nil
	}
	q.globalSize--
	return gp
}

func (q *runQueue) empty() bool {
	return q.next == nil && q.head == q.tail && q.global == nil
}

// pick takes the goroutine whose turn it is. inherits: it goes on with the time slice of the one before.
func (q *runQueue) pick() (gp *g, inherits bool) {
	if q.turns%globalTurn == 0 && q.global != nil {
		q.turns++
		return q.takeGlobal(), false
	}
	if gp = q.next; gp != nil {
		q.next = nil
		q.inherited++
		if q.inherited%inheritTurns != 0 || !sched.sliceUsed() || q.empty() {
			return gp, true
		}
		q.putGlobal(gp)
	}
	q.turns++
	q.inherited = 0
	if gp = q.take(); gp != nil {
		return gp, false
	}
	gp = q.takeGlobal()
	for n := min(q.globalSize/uint32(gomaxprocs), runqSize/2-1); n > 0; n-- {
		q.put(q.takeGlobal())
	}
	return gp, false
}
