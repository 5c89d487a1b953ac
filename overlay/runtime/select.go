package runtime

import "unsafe"

// A scase is one case of a select, as the compiler lays it out.
type scase struct {
	c    *hchan
	elem unsafe.Pointer
}

// selectgo implements select with several cases: sends first, then receives. order0 is room for two orders of the
// cases. It gives the case to run (-1 for default) and whether a value was received.
func selectgo(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, nrecvs int, block bool) (int, bool) {
	n := nsends + nrecvs
	cases := unsafe.Slice(cas0, n)
	order := unsafe.Slice(order0, n)

	// A random order, without cases of nil channels, which never happen.
	norder := 0
	durable := true
	for i := range cases {
		c := cases[i].c
		if c == nil {
			cases[i].elem = nil
			continue
		}
		if c.bubble != nil {
			if getg().bubble != c.bubble {
				fatal("select on synctest channel from outside bubble")
			}
		} else {
			durable = false
		}
		if c.timer != nil {
			c.timer.maybeRunChan()
		}
		j := int(cheaprandn(uint32(norder + 1)))
		order[norder] = order[j]
		order[j] = uint16(i)
		norder++
	}
	order = order[:norder]

	// Something that can happen at once?
	for _, o := range order {
		i := int(o)
		cas := &cases[i]
		c := cas.c
		if i >= nsends {
			if s := c.sendq.dequeue(); s != nil {
				recv(c, s, cas.elem)
				return i, true
			}
			if c.qcount > 0 {
				c.take(cas.elem)
				return i, true
			}
			if c.closed != 0 {
				if cas.elem != nil {
					typedmemclr(c.elemtype, cas.elem)
				}
				return i, false
			}
			continue
		}
		if c.closed != 0 {
			panic(plainError("send on closed channel"))
		}
		if s := c.recvq.dequeue(); s != nil {
			if s.elem != nil {
				sendDirect(c.elemtype, s.elem, cas.elem)
				s.elem = nil
			}
			wake(s, true)
			return i, false
		}
		if c.qcount < c.dataqsiz {
			typedmemmove(c.elemtype, c.at(c.sendx), cas.elem)
			c.sendx++
			if c.sendx == c.dataqsiz {
				c.sendx = 0
			}
			c.qcount++
			return i, false
		}
	}
	if !block {
		return -1, false
	}

	// Wait in all queues.
	gp := getg()
	gp.waiting = nil
	var last *sudog
	for _, o := range order {
		i := int(o)
		cas := &cases[i]
		c := cas.c
		s := acquireSudog()
		s.g = gp
		s.isSelect = true
		s.elem = cas.elem
		s.c = c
		if last == nil {
			gp.waiting = s
		} else {
			last.waitlink = s
		}
		last = s
		if i < nsends {
			c.sendq.enqueue(s)
		} else {
			c.recvq.enqueue(s)
		}
		if c.timer != nil {
			c.timer.blockChan()
		}
	}
	gp.param = nil
	gp.selectDone = 0
	reason := waitReasonSelect
	if norder == 0 {
		reason = waitReasonSelectNoCases
	} else if durable {
		reason = waitReasonSynctestSelect
	}
	waits(gp, reason)
	parkself()

	gp = getg()
	woken := (*sudog)(gp.param)
	gp.param = nil
	chosen := -1
	success := false
	s := gp.waiting
	gp.waiting = nil
	for _, o := range order {
		i := int(o)
		c := cases[i].c
		if c.timer != nil {
			c.timer.unblockChan()
		}
		if s == woken {
			chosen = i
			success = s.success
		} else if i < nsends {
			c.sendq.remove(s)
		} else {
			c.recvq.remove(s)
		}
		next := s.waitlink
		releaseSudog(s)
		s = next
	}
	if chosen < 0 {
		throw("selectgo: bad wakeup")
	}
	if chosen < nsends {
		if !success {
			panic(plainError("send on closed channel"))
		}
		return chosen, false
	}
	return chosen, success
}

func selectsetpc(pc *uintptr) {
	*pc = getcallerpc()
}

// A runtimeSelect is a case of reflect.Select.
type runtimeSelect struct {
	dir selectDir
	typ unsafe.Pointer
	ch  *hchan
	val unsafe.Pointer
}

type selectDir int

const (
	_ selectDir = iota
	selectSend
	selectRecv
	selectDefault
)

//go:linkname reflect_rselect reflect.rselect
func reflect_rselect(cases []runtimeSelect) (int, bool) {
	if len(cases) == 0 {
		block()
	}
	sel := make([]scase, len(cases))
	orig := make([]int, len(cases))
	nsends, nrecvs := 0, 0
	dflt := -1
	for i, rc := range cases {
		var j int
		switch rc.dir {
		case selectDefault:
			dflt = i
			continue
		case selectSend:
			j = nsends
			nsends++
		case selectRecv:
			nrecvs++
			j = len(cases) - nrecvs
		}
		sel[j] = scase{c: rc.ch, elem: rc.val}
		orig[j] = i
	}
	if nsends+nrecvs == 0 {
		return dflt, false
	}
	// Receives were put to the end; move them behind the sends.
	if nsends+nrecvs < len(cases) {
		copy(sel[nsends:], sel[len(cases)-nrecvs:])
		copy(orig[nsends:], orig[len(cases)-nrecvs:])
	}
	order := make([]uint16, 2*(nsends+nrecvs))
	chosen, recvOK := selectgo(&sel[0], &order[0], nil, nsends, nrecvs, dflt == -1)
	if chosen < 0 {
		chosen = dflt
	} else {
		chosen = orig[chosen]
	}
	return chosen, recvOK
}
