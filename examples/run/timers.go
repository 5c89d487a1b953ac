// Timers, tickers and durations.
package main

import (
	"goesc/print"
	"time"
)

func main() {
	start := time.Now()
	order := make(chan string, 3)
	time.AfterFunc(10*time.Millisecond, func() {
		order <- "first"
		time.AfterFunc(10*time.Millisecond, func() {
			order <- "second"
			time.AfterFunc(10*time.Millisecond, func() { order <- "third" })
		})
	})
	never := time.NewTimer(time.Hour)
	print.Line(<-order, <-order, <-order)
	print.Line("stopped:", never.Stop(), never.Stop())
	print.Line("took long enough:", time.Since(start) >= 30*time.Millisecond)

	ticker := time.NewTicker(5 * time.Millisecond)
	for range 3 {
		<-ticker.C
	}
	ticker.Stop()
	select {
	case <-ticker.C:
		print.Line("still ticks")
	case <-time.After(15 * time.Millisecond):
		print.Line("ticks no more")
	}
	for _, d := range []time.Duration{
		0, 1, 999, 1500, 1100 * time.Microsecond, 2 * time.Second, 90 * time.Second, 36*time.Hour + 5*time.Millisecond,
		-1500 * time.Millisecond, 1<<63 - 1, -1 << 63,
	} {
		print.Line(d)
	}
	d := 3*time.Hour + 25*time.Minute + 45500*time.Millisecond
	print.Line(d.Round(time.Second), d.Truncate(time.Minute), d.Hours(), d.Seconds(), d.Milliseconds(), (-d).Abs())
}
