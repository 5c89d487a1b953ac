package runtime

var debug struct {
	panicnil int32
}

func parsedebugvars() {}

func wakeIdle() bool { return false }

type synctestBubble struct {
	id             uint64
	total, running int
	now            int64
	timers         timerHeap
}

func bubbleExit(gp *g)                         {}
func bubblePark(gp *g, reason waitReason)      {}
