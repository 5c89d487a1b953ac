package time

// A Time is a moment: seconds since the year 1 and nanoseconds, and where it comes from Now also what the clock said that
// only runs forward.
type Time struct {
	sec  int64
	nsec int64
	mono int64 // 0: unknown
}

// Location is that of UTC: there is no other.
type Location struct{}

func (*Location) String() string { return "UTC" }

var utc Location

var (
	UTC   = &utc
	Local = &utc
)

func now() (sec int64, nsec int32, mono int64)
func runtimeNano() int64

const (
	secondsPerDay = 24 * 60 * 60
	// unixToYear1 are the seconds from the year 1 to 1970.
	unixToYear1 = (1969*365 + 1969/4 - 1969/100 + 1969/400) * secondsPerDay
)

func Now() Time {
	sec, nsec, mono := now()
	return Time{sec + unixToYear1, int64(nsec), mono}
}

func Unix(sec, nsec int64) Time { return normal(sec+unixToYear1, nsec) }

func UnixMilli(msec int64) Time { return Unix(msec/1000, msec%1000*1e6) }

func normal(sec, nsec int64) Time {
	sec += nsec / 1e9
	nsec %= 1e9
	if nsec < 0 {
		sec--
		nsec += 1e9
	}
	return Time{sec: sec, nsec: nsec}
}

func Since(t Time) Duration { return Now().Sub(t) }
func Until(t Time) Duration { return t.Sub(Now()) }

func (t Time) Unix() int64      { return t.sec - unixToYear1 }
func (t Time) UnixNano() int64  { return t.Unix()*1e9 + t.nsec }
func (t Time) UnixMicro() int64 { return t.Unix()*1e6 + t.nsec/1e3 }
func (t Time) UnixMilli() int64 { return t.Unix()*1e3 + t.nsec/1e6 }
func (t Time) IsZero() bool     { return t.sec == 0 && t.nsec == 0 }
func (t Time) UTC() Time        { return Time{t.sec, t.nsec, 0} }
func (t Time) Local() Time      { return t.UTC() }

func (t Time) Location() *Location { return UTC }

func (t Time) Compare(u Time) int {
	a, b := t.sec, u.sec
	switch {
	case t.mono != 0 && u.mono != 0:
		a, b = t.mono, u.mono
	case a == b:
		a, b = t.nsec, u.nsec
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (t Time) Before(u Time) bool { return t.Compare(u) < 0 }
func (t Time) After(u Time) bool  { return t.Compare(u) > 0 }
func (t Time) Equal(u Time) bool  { return t.Compare(u) == 0 }

func (t Time) Add(d Duration) Time {
	sum := normal(t.sec, t.nsec+int64(d%Second))
	sum.sec += int64(d / Second)
	if t.mono != 0 {
		sum.mono = t.mono + int64(d)
	}
	return sum
}

// Sub is t-u, or the largest or smallest duration.
func (t Time) Sub(u Time) Duration {
	if t.mono != 0 && u.mono != 0 {
		return Duration(t.mono - u.mono)
	}
	d := Duration(t.sec-u.sec)*Second + Duration(t.nsec-u.nsec)
	if u.Add(d).Equal(t) {
		return d
	}
	if t.Before(u) {
		return minDuration
	}
	return maxDuration
}

// Date is a moment of UTC; values beyond their ranges count on.
func Date(year int, month Month, day, hour, min, sec, nsec int, loc *Location) Time {
	if loc == nil {
		panic("time: missing Location in call to Date")
	}
	m := int64(month) - 1
	y := int64(year) + m/12
	if m %= 12; m < 0 {
		m += 12
		y--
	}
	days := daysTo(y) + yearDays(m, isLeap(y)) + int64(day) - 1
	return normal(days*secondsPerDay+int64(hour)*3600+int64(min)*60+int64(sec), int64(nsec))
}

func (t Time) AddDate(years, months, days int) Time {
	year, month, day := t.Date()
	hour, min, sec := t.Clock()
	return Date(year+years, month+Month(months), day+days, hour, min, sec, int(t.nsec), UTC)
}

func isLeap(y int64) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

// daysTo are those from the year 1 to year y.
func daysTo(y int64) int64 {
	y--
	return y*365 + floor(y, 4) - floor(y, 100) + floor(y, 400)
}

func floor(x, y int64) int64 {
	q := x / y
	if x%y < 0 {
		q--
	}
	return q
}

var daysBefore = [...]int64{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// yearDays are those of a year before month m, counted from 0.
func yearDays(m int64, leap bool) int64 {
	if leap && m > 1 {
		return daysBefore[m] + 1
	}
	return daysBefore[m]
}

func (t Time) date() (year int64, month, day, yday int) {
	days := floor(t.sec, secondsPerDay)
	year = floor(days*400, 146097) + 1
	for daysTo(year) > days {
		year--
	}
	for daysTo(year+1) <= days {
		year++
	}
	rest := days - daysTo(year)
	leap := isLeap(year)
	for month = 0; yearDays(int64(month)+1, leap) <= rest; month++ {
	}
	return year, month, int(rest-yearDays(int64(month), leap)) + 1, int(rest) + 1
}

func (t Time) Date() (year int, month Month, day int) {
	y, m, d, _ := t.date()
	return int(y), Month(m) + January, d
}

func (t Time) Clock() (hour, min, sec int) {
	s := int(t.sec - floor(t.sec, secondsPerDay)*secondsPerDay)
	return s / 3600, s / 60 % 60, s % 60
}

func (t Time) Year() int {
	year, _, _ := t.Date()
	return year
}

func (t Time) Month() Month {
	_, month, _ := t.Date()
	return month
}

func (t Time) Day() int {
	_, _, day := t.Date()
	return day
}

func (t Time) YearDay() int {
	_, _, _, yday := t.date()
	return yday
}

func (t Time) Hour() int {
	hour, _, _ := t.Clock()
	return hour
}

func (t Time) Minute() int {
	_, min, _ := t.Clock()
	return min
}

func (t Time) Second() int {
	_, _, sec := t.Clock()
	return sec
}

func (t Time) Nanosecond() int { return int(t.nsec) }

// The first day of the year 1 was a Monday.
func (t Time) Weekday() Weekday {
	days := floor(t.sec, secondsPerDay) + 1
	return Weekday(days - floor(days, 7)*7)
}

// Truncate rounds down to a multiple of d since the year 1.
func (t Time) Truncate(d Duration) Time {
	t.mono = 0
	if d <= 0 {
		return t
	}
	return t.Add(-t.since1(d))
}

// since1 is the time since the year 1, modulo d.
func (t Time) since1(d Duration) Duration {
	rest := uint64(0)
	m := uint64(d)
	// sec × 10⁹ + nsec modulo d, by digits of a base that cannot overflow for the usual divisors.
	sec := uint64(t.sec)
	if t.sec < 0 {
		return 0
	}
	for bit := 63; bit >= 0; bit-- {
		rest = (rest * 2) % m
		if sec>>bit&1 != 0 {
			rest = (rest + 1e9%m) % m
		}
	}
	return Duration((rest + uint64(t.nsec)) % m)
}

// String is the date and the time of day.
func (t Time) String() string {
	year, month, day := t.Date()
	hour, min, sec := t.Clock()
	text := itoa(uint64(year), 4) + "-" + itoa(uint64(month), 2) + "-" + itoa(uint64(day), 2)
	text += " " + itoa(uint64(hour), 2) + ":" + itoa(uint64(min), 2) + ":" + itoa(uint64(sec), 2)
	if t.nsec != 0 {
		digits := itoa(uint64(t.nsec), 9)
		for digits[len(digits)-1] == '0' {
			digits = digits[:len(digits)-1]
		}
		text += "." + digits
	}
	return text + " +0000 UTC"
}
