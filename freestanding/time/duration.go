// Package time measures and waits. It knows UTC alone, and neither formats nor reads texts.
package time

// A Duration is a number of nanoseconds.
type Duration int64

const (
	Nanosecond  Duration = 1
	Microsecond          = 1000 * Nanosecond
	Millisecond          = 1000 * Microsecond
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
)

const (
	minDuration Duration = -1 << 63
	maxDuration Duration = 1<<63 - 1
)

func (d Duration) Nanoseconds() int64  { return int64(d) }
func (d Duration) Microseconds() int64 { return int64(d / Microsecond) }
func (d Duration) Milliseconds() int64 { return int64(d / Millisecond) }
func (d Duration) Seconds() float64    { return d.in(Second) }
func (d Duration) Minutes() float64    { return d.in(Minute) }
func (d Duration) Hours() float64      { return d.in(Hour) }

func (d Duration) in(unit Duration) float64 {
	return float64(d/unit) + float64(d%unit)/float64(unit)
}

func (d Duration) Abs() Duration {
	switch {
	case d >= 0:
		return d
	case d == minDuration:
		return maxDuration
	}
	return -d
}

// Truncate rounds toward zero to a multiple of m.
func (d Duration) Truncate(m Duration) Duration {
	if m <= 0 {
		return d
	}
	return d - d%m
}

// Round rounds to the nearest multiple of m, halfway values away from zero.
func (d Duration) Round(m Duration) Duration {
	if m <= 0 {
		return d
	}
	r := d % m
	down := d - r
	if d < 0 {
		if up := down - m; uint64(-r)*2 >= uint64(m) {
			if up < d {
				return up
			}
			return minDuration
		}
		return down
	}
	if up := down + m; uint64(r)*2 >= uint64(m) {
		if up > d {
			return up
		}
		return maxDuration
	}
	return down
}

// String is like 72h3m0.5s; durations below a second have a smaller unit.
func (d Duration) String() string {
	if d == 0 {
		return "0s"
	}
	var buf [32]byte
	i := len(buf)
	u := uint64(d)
	if d < 0 {
		u = -u
	}
	put := func(s string) {
		i -= len(s)
		copy(buf[i:], s)
	}
	fraction := func(digits int) {
		some := false
		for range digits {
			digit := byte(u % 10)
			u /= 10
			some = some || digit != 0
			if some {
				i--
				buf[i] = '0' + digit
			}
		}
		if some {
			put(".")
		}
	}
	number := func(n uint64) {
		for {
			i--
			buf[i] = '0' + byte(n%10)
			n /= 10
			if n == 0 {
				return
			}
		}
	}
	switch {
	case u < uint64(Microsecond):
		put("ns")
		number(u)
	case u < uint64(Millisecond):
		put("µs")
		fraction(3)
		number(u)
	case u < uint64(Second):
		put("ms")
		fraction(6)
		number(u)
	default:
		put("s")
		fraction(9)
		number(u % 60)
		if u /= 60; u > 0 {
			put("m")
			number(u % 60)
			if u /= 60; u > 0 {
				put("h")
				number(u)
			}
		}
	}
	if d < 0 {
		put("-")
	}
	return string(buf[i:])
}

// A Month is January (1) to December.
type Month int

const (
	January Month = 1 + iota
	February
	March
	April
	May
	June
	July
	August
	September
	October
	November
	December
)

var monthNames = [...]string{
	"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
}

func (m Month) String() string {
	if January <= m && m <= December {
		return monthNames[m-1]
	}
	return "%!Month(" + itoa(uint64(m), 0) + ")"
}

// A Weekday is Sunday (0) to Saturday.
type Weekday int

const (
	Sunday Weekday = iota
	Monday
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
)

var dayNames = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}

func (d Weekday) String() string {
	if Sunday <= d && d <= Saturday {
		return dayNames[d]
	}
	return "%!Weekday(" + itoa(uint64(d), 0) + ")"
}

// itoa has at least width digits.
func itoa(n uint64, width int) string {
	var buf [20]byte
	i := len(buf)
	for n > 0 || width > 0 || i == len(buf) {
		i--
		buf[i] = '0' + byte(n%10)
		n /= 10
		width--
	}
	return string(buf[i:])
}
