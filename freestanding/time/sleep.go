package time

import "unsafe"

// Sleep waits.
func Sleep(d Duration)

func newTimer(when, period int64, f func(any, uintptr, int64), arg any, c unsafe.Pointer) *Timer
func stopTimer(*Timer) bool
func resetTimer(t *Timer, when, period int64) bool

// A Timer does something once. Package runtime makes it, and has more behind these.
type Timer struct {
	C    <-chan Time
	init bool
}

// A Ticker does something again and again.
type Ticker struct {
	C    <-chan Time
	init bool
}

func after(d Duration) int64 {
	if d <= 0 {
		return runtimeNano()
	}
	if when := runtimeNano() + int64(d); when > 0 {
		return when
	}
	return 1<<63 - 1
}

func newChanTimer(d, period Duration) *Timer {
	c := make(chan Time, 1)
	t := newTimer(after(d), int64(period), sendTime, c, *(*unsafe.Pointer)(unsafe.Pointer(&c)))
	t.C = c
	return t
}

func sendTime(c any, seq uintptr, late int64) {
	select {
	case c.(chan Time) <- Now().Add(Duration(-late)):
	default:
	}
}

func NewTimer(d Duration) *Timer { return newChanTimer(d, 0) }

func After(d Duration) <-chan Time { return NewTimer(d).C }

// AfterFunc calls f in a goroutine of its own.
func AfterFunc(d Duration, f func()) *Timer {
	return newTimer(after(d), 0, startFunc, f, nil)
}

func startFunc(f any, seq uintptr, late int64) { go f.(func())() }

func (t *Timer) Stop() bool {
	if !t.init {
		panic("time: Stop called on uninitialized Timer")
	}
	return stopTimer(t)
}

func (t *Timer) Reset(d Duration) bool {
	if !t.init {
		panic("time: Reset called on uninitialized Timer")
	}
	return resetTimer(t, after(d), 0)
}

func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	return (*Ticker)(unsafe.Pointer(newChanTimer(d, d)))
}

func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}

func (t *Ticker) Stop() {
	if t.init {
		stopTimer((*Timer)(unsafe.Pointer(t)))
	}
}

func (t *Ticker) Reset(d Duration) {
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	if !t.init {
		panic("time: Reset called on uninitialized Ticker")
	}
	resetTimer((*Timer)(unsafe.Pointer(t)), after(d), int64(d))
}
