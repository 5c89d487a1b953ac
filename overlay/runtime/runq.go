package runtime

// Queues of runnable goroutines, as a P of Go's scheduler has them: the one that was made ready last, a ring, and a list that
// all share. Without threads.go one thread runs them all, so there is one P; GOMAXPROCS only says what programs are told, and
// how much is taken from the list at once.

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

	turns     uint32 // time slices that began
	inherited uint32 // goroutines since then that went on with it
}

// A gList is a list of goroutines, first in, first out.
type gList struct {
	first, last *g // linked by schedlink
	size        uint32
}

var globalq gList

// put adds to the end of the ring; half of a full one moves to the list.
func (q *runQueue) put(gp *g) {
	if q.tail-q.head == runqSize {
		for range runqSize / 2 {
			globalq.put(q.take())
		}
		globalq.put(gp)
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

func (l *gList) put(gp *g) {
	gp.schedlink = nil
	if l.last != nil {
		l.last.schedlink = gp
	} else {
		l.first = gp
	}
	l.last = gp
	l.size++
}

func (l *gList) take() *g {
	gp := l.first
	if gp == nil {
		return nil
	}
	l.first = gp.schedlink
	gp.schedlink = nil
	if l.first == nil {
		l.last = nil
	}
	l.size--
	return gp
}

func (q *runQueue) empty() bool {
	return q.next == nil && q.head == q.tail && globalq.first == nil
}

// pick takes the goroutine whose turn it is. inherits: it goes on with the time slice of the one before.
func (q *runQueue) pick() (gp *g, inherits bool) {
	if threads {
		if gp = takeForThread(); gp != nil {
			return gp, false
		}
	}
	if q.turns%globalTurn == 0 && globalq.first != nil {
		q.turns++
		return globalq.take(), false
	}
	if gp = q.next; gp != nil {
		q.next = nil
		q.inherited++
		if q.inherited%inheritTurns != 0 || !sched.sliceUsed(nanotime()) || q.empty() {
			return gp, true
		}
		globalq.put(gp)
	}
	q.turns++
	q.inherited = 0
	if gp = q.take(); gp != nil {
		return gp, false
	}
	gp = globalq.take()
	for n := min(globalq.size/uint32(gomaxprocs), runqSize/2-1); n > 0; n-- {
		q.put(globalq.take())
	}
	if threads && gp == nil {
		gp = steal()
	}
	return gp, false
}
