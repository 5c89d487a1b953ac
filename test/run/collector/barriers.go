// Moves pointers about in every way there is while the collector marks: run with -check and -gc-stress, it says which
// object marking missed.
package main

import (
	"reflect"
	"runtime"
	"runtime/debug"
	"sort"
	"sync/atomic"
)

type node struct {
	next *node
	id   int
}

type wide struct {
	A, B, C *node
	n       int
	d       [5]*node
	W       *wide
}

type large struct {
	nodes [300]*node
	n     int
}

var (
	sink    any
	globals [64]*node
	made    int
)

func newNode() *node {
	made++
	return &node{id: made}
}

func list(n int) *node {
	var head *node
	for range n {
		x := newNode()
		x.next = head
		head = x
	}
	return head
}

// garbage gives the collector a chance to go on.
func garbage() {
	sink = new([2]int)
}

func sum(n *node) int {
	s := 0
	for ; n != nil; n = n.next {
		s += n.id
	}
	return s
}

// lists moves each node from one list to another: no reference is left where it was.
func lists() int {
	from := &node{next: list(200)}
	to := &node{}
	for from.next != nil {
		x := from.next
		from.next = x.next
		x.next = nil
		garbage()
		x.next = to.next
		to.next = x
	}
	return sum(to)
}

func structs() int {
	all := make([]*wide, 40)
	for i := range all {
		all[i] = &wide{A: newNode(), B: newNode(), n: i, d: [5]*node{0: list(3), 4: newNode()}}
	}
	total := 0
	for i := range all {
		w := *all[i]
		*all[i] = wide{}
		garbage()
		*all[(i+7)%len(all)] = w
		garbage()
		total += w.A.id + w.d[4].id + sum(w.d[0])
	}
	return total
}

// chains takes values out of the heap into the frame, which was scanned before, and follows them.
func chains() int {
	total := 0
	for round := range 8 {
		var head *wide
		for range 150 {
			head = &wide{A: newNode(), W: head}
		}
		for p := head; p != nil; {
			v := *p
			if round%2 == 0 {
				*p = wide{}
			} else {
				*p = zero
			}
			garbage()
			total += v.A.id
			p = v.W
		}
	}
	return total
}

var zero wide

func slices() int {
	s := make([]*node, 100)
	for i := range s {
		s[i] = newNode()
	}
	for range 30 {
		t := append([]*node(nil), s[:50]...)
		clear(s[:50])
		garbage()
		copy(s, s[50:])
		garbage()
		copy(s[50:], t)
		t = nil
		garbage()
		s = append(s, newNode())
	}
	total := 0
	for _, n := range s {
		total += n.id
	}
	sort.Slice(s, func(i, j int) bool { garbage(); return s[i].id%17 < s[j].id%17 })
	for _, n := range s {
		total += n.id
	}
	return total
}

func bigs() int {
	a, b := new(large), new(large)
	for i := range a.nodes {
		a.nodes[i] = newNode()
	}
	for range 20 {
		t := *a
		*a = large{}
		garbage()
		*b = t
		garbage()
		a, b = b, a
	}
	total := 0
	for _, n := range a.nodes {
		total += n.id
	}
	return total
}

func maps() int {
	m := map[int]*node{}
	for i := range 100 {
		m[i] = newNode()
	}
	for i := range 100 {
		x := m[i]
		delete(m, i)
		garbage()
		m[1000+i] = x
	}
	total := 0
	for _, n := range m {
		total += n.id
	}
	return total
}

func channels() int {
	c, d := make(chan *node), make(chan wide, 3)
	done := make(chan int)
	go func() {
		total := 0
		for n := range c {
			garbage()
			total += n.id
			w := wide{A: n, B: n.next}
			n.next = nil
			n = nil
			garbage()
			d <- w
		}
		close(d)
		done <- total
	}()
	go func() {
		total := 0
		for w := range d {
			garbage()
			total += w.A.id + w.B.id
		}
		done <- total
	}()
	for range 60 {
		n := list(2)
		garbage()
		c <- n
	}
	close(c)
	return <-done + <-done
}

func values() int {
	var p, q atomic.Pointer[node]
	var box any
	w := reflect.ValueOf(&wide{}).Elem()
	total := 0
	for i := range 80 {
		p.Store(list(2))
		garbage()
		q.Store(p.Swap(nil))
		garbage()
		n := q.Load()
		q.CompareAndSwap(n, nil)
		garbage()
		w.Field(i % 3).Set(reflect.ValueOf(n))
		n = nil
		garbage()
		x := w.Field(i % 3).Interface()
		w.SetZero()
		garbage()
		box = x
		x = nil
		garbage()
		f := func() int { return box.(*node).id + box.(*node).next.id }
		globals[i%64], box = box.(*node), globals[(i+5)%64]
		if box.(*node) == nil {
			box = newNode()
			box.(*node).next = newNode()
		}
		garbage()
		total += f()
	}
	return total
}

// parked goroutines hold what nobody else does.
func parked() int {
	type job struct {
		n     *node
		reply chan *node
	}
	jobs := make([]job, 50)
	release := make(chan bool)
	for i := range jobs {
		j := job{list(3), make(chan *node)}
		jobs[i] = job{nil, j.reply}
		go func() {
			n := j.n
			j.n = nil
			<-release
			garbage()
			j.reply <- n
		}()
	}
	for range 100 {
		garbage()
	}
	close(release)
	total := 0
	for _, j := range jobs {
		total += sum(<-j.reply)
	}
	return total
}

func finalized() int {
	done := 0
	for range 20 {
		n := list(4)
		runtime.SetFinalizer(n, func(n *node) { done += sum(n) })
		n = nil
		garbage()
		w := &wide{A: list(2)}
		runtime.AddCleanup(w, func(n *node) { done += sum(n) }, w.A)
		garbage()
	}
	for range 5 {
		runtime.GC()
	}
	return done
}

func main() {
	debug.SetGCPercent(10)
	tests := []func() int{lists, structs, chains, slices, bigs, maps, channels, values, parked, finalized}
	for i, f := range tests {
		println(i, f())
	}
}
