package runtime

// A synctestBubble is a group of goroutines with a clock of its own (package testing/synctest).
type synctestBubble struct {
	id      uint64
	total   int // goroutines
	running int // those that do not wait for each other
	now     int64
	timers  timerHeap
	root    *g
	waiter  *g
	waiting bool
	done    bool
}

func bubbleExit(gp *g)                    {}
func bubblePark(gp *g, reason waitReason) {}
