// Dates, for some centuries.
package main

import (
	"goesc/print"
	"time"
)

func main() {
	for _, year := range []int{1, 1600, 1900, 1970, 2000, 2024, 2100} {
		first := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(1, 0, -1)
		print.Line(year, first.Weekday(), last.Month(), last.Day(), last.YearDay(), first.Unix())
	}
	t := time.Date(2024, time.February, 28, 23, 59, 59, 999_999_999, time.UTC)
	print.Line(t)
	t = t.Add(time.Nanosecond)
	print.Line(t, t.Weekday(), t.YearDay())
	hour, min, sec := t.Add(3723 * time.Second).Clock()
	print.Line(hour, min, sec)
	u := time.Date(2024, 14, -3, 25, 61, 61, -1, time.UTC)
	print.Line(u, u.Sub(t), t.Before(u), u.Equal(u.Add(0)), time.Time{}.IsZero())
	print.Line(time.Month(13), time.Weekday(6), time.Unix(1e9, 5e8).UTC())
	fridays := 0
	for month := time.January; month <= time.December; month++ {
		for year := 1901; year <= 2000; year++ {
			if time.Date(year, month, 13, 0, 0, 0, 0, time.UTC).Weekday() == time.Friday {
				fridays++
			}
		}
	}
	print.Line("Fridays the 13th of a century:", fridays)
}
