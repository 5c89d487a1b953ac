// What goroutines share: counters, conditions, things done once, things used again.
package main

import (
	"errors"
	"goesc/print"
	"sync"
	"sync/atomic"
)

type queue struct {
	mu    sync.Mutex
	ready *sync.Cond
	items []int
}

func (q *queue) put(x int) {
	q.mu.Lock()
	q.items = append(q.items, x)
	q.mu.Unlock()
	q.ready.Signal()
}

func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.ready.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

func main() {
	var n atomic.Int64
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() { n.Add(int64(i)) })
	}
	wg.Wait()
	print.Line(n.Load(), n.CompareAndSwap(1225, 7), n.Swap(8), n.Load())

	q := &queue{}
	q.ready = sync.NewCond(&q.mu)
	sum := make(chan int)
	for range 4 {
		go func() {
			total := 0
			for x := q.take(); x >= 0; x = q.take() {
				total += x
			}
			sum <- total
		}()
	}
	for i := range 200 {
		q.put(i)
	}
	for range 4 {
		q.put(-1)
	}
	print.Line(<-sum + <-sum + <-sum + <-sum)

	var once sync.Once
	for range 3 {
		once.Do(func() { print.Line("once") })
	}
	answer := sync.OnceValue(func() int {
		print.Line("thinking")
		return 42
	})
	print.Line(answer(), answer())
	broken := sync.OnceFunc(func() { panic(errors.New("broken")) })
	for range 2 {
		func() {
			defer func() { print.Line(recover()) }()
			broken()
		}()
	}

	var rw sync.RWMutex
	rw.RLock()
	rw.RLock()
	print.Line(rw.TryLock(), rw.TryRLock())
	for range 3 {
		rw.RUnlock()
	}
	rw.Lock()
	print.Line(rw.TryRLock())
	rw.Unlock()

	pool := sync.Pool{New: func() any { return new([64]byte) }}
	b := pool.Get().(*[64]byte)
	pool.Put(b)
	print.Line(len(pool.Get().(*[64]byte)))

	var m sync.Map
	for i := range 10 {
		m.Store(i, i*i)
	}
	v, loaded := m.LoadOrStore(3, "new")
	print.Line(v, loaded)
	m.Delete(9)
	total := 0
	m.Range(func(k, v any) bool {
		total += v.(int)
		return true
	})
	print.Line(total)
	var value atomic.Value
	value.Store([]int{1, 2})
	print.Line(value.Load())
}
