package strconv

import "unsafe"

// AppendFloat appends x with as many digits as tell it from its neighbours of the given bits (32 or 64): format 'g', precision -1, is all
// that there is.
func AppendFloat(b []byte, x float64, format byte, precision, bits int) []byte {
	word := *(*uint64)(unsafe.Pointer(&x))
	switch {
	case x != x:
		return append(b, "NaN"...)
	case word<<1 == 0x7ff<<53:
		if x > 0 {
			return append(b, "+Inf"...)
		}
		return append(b, "-Inf"...)
	}
	if word>>63 != 0 {
		b = append(b, '-')
	}
	if x == 0 {
		return append(b, '0')
	}
	var digits [17]byte
	n, point := shortest(&digits, x, bits)
	exp := point - 1
	const limit = 6
	if exp < -4 || exp >= limit {
		b = append(b, digits[0])
		if n > 1 {
			b = append(b, '.')
			b = append(b, digits[1:n]...)
		}
		b = append(b, 'e')
		if exp < 0 {
			b = append(b, '-')
			exp = -exp
		} else {
			b = append(b, '+')
		}
		if exp < 10 {
			b = append(b, '0')
		}
		return AppendUint(b, uint64(exp), 10)
	}
	if point <= 0 {
		b = append(b, '0', '.')
		for i := point; i < 0; i++ {
			b = append(b, '0')
		}
		return append(b, digits[:n]...)
	}
	for i := range point {
		if i < n {
			b = append(b, digits[i])
		} else {
			b = append(b, '0')
		}
	}
	if n > point {
		b = append(b, '.')
		b = append(b, digits[point:n]...)
	}
	return b
}

// shortest finds digits d1d2…dn of |x| = 0.d1d2…dn × 10^point: the fewest that are nearer to x than to any other number
// (Steele and White's way, with numbers of any size).
func shortest(digits *[17]byte, x float64, bits int) (n, point int) {
	word := *(*uint64)(unsafe.Pointer(&x))
	mantissa, exp := word&(1<<52-1), int(word>>52&0x7ff)
	even := true
	normal := exp != 0
	if normal {
		mantissa |= 1 << 52
	} else {
		exp = 1
	}
	exp -= 1075
	// A float32 has 24 bits of these, fewer below the smallest normal one.
	if bits == 32 {
		drop := 29
		if low := -149 - exp; low > drop {
			drop = low
		}
		mantissa >>= drop
		exp += drop
		normal = mantissa >= 1<<23
		even = mantissa&1 == 0
	} else {
		even = mantissa&1 == 0
	}
	power := uint64(1) << 52
	if bits == 32 {
		power = 1 << 23
	}
	// r/s = |x|, up and down are half of the distances to the neighbours, in units of 1/s.
	var r, s, up, down number
	r.set(mantissa)
	s.set(1)
	up.set(1)
	down.set(1)
	r.shift(1)
	s.shift(1)
	if exp >= 0 {
		r.shift(exp)
		up.shift(exp)
		down.shift(exp)
	} else {
		s.shift(-exp)
	}
	if normal && mantissa == power {
		r.shift(1)
		s.shift(1)
		up.shift(1)
	}
	reaches := func() bool { // x + up >= s
		var sum number
		sum.sum(&r, &up)
		c := sum.compare(&s)
		return c > 0 || c == 0 && even
	}
	for reaches() {
		s.times(10)
		point++
	}
	for {
		r.times(10)
		up.times(10)
		down.times(10)
		if reaches() {
			// One step too far: the last multiplication makes the first digit.
			break
		}
		point--
	}
	for {
		d := byte(0)
		for r.compare(&s) >= 0 {
			r.subtract(&s)
			d++
		}
		c := r.compare(&down)
		low := c < 0 || c == 0 && even
		high := reaches()
		if !low && !high {
			digits[n] = '0' + d
			n++
			r.times(10)
			up.times(10)
			down.times(10)
			continue
		}
		if high && low {
			var twice number
			twice.sum(&r, &r)
			c := twice.compare(&s)
			high = c > 0 || c == 0 && d&1 == 1
		}
		if high {
			d++
		}
		digits[n] = '0' + d
		return n + 1, point
	}
}

// A number is a natural one, the lowest 32 bits first.
type number struct {
	words [40]uint32
	n     int
}

func (z *number) set(x uint64) {
	z.words[0], z.words[1] = uint32(x), uint32(x>>32)
	z.n = 2
	z.trim()
}

func (z *number) trim() {
	for z.n > 0 && z.words[z.n-1] == 0 {
		z.n--
	}
}

func (z *number) times(x uint32) {
	var carry uint64
	for i := range z.n {
		carry += uint64(z.words[i]) * uint64(x)
		z.words[i] = uint32(carry)
		carry >>= 32
	}
	if carry != 0 {
		z.words[z.n] = uint32(carry)
		z.n++
	}
}

func (z *number) shift(by int) {
	for ; by >= 16; by -= 16 {
		z.times(1 << 16)
	}
	z.times(1 << by)
}

func (z *number) sum(x, y *number) {
	z.n = max(x.n, y.n)
	var carry uint64
	for i := range z.n {
		carry += uint64(x.words[i]) + uint64(y.words[i])
		z.words[i] = uint32(carry)
		carry >>= 32
	}
	if carry != 0 {
		z.words[z.n] = uint32(carry)
		z.n++
	}
}

func (z *number) subtract(x *number) {
	var borrow uint64
	for i := range z.n {
		d := uint64(z.words[i]) - uint64(x.words[i]) - borrow
		z.words[i] = uint32(d)
		borrow = d >> 63
	}
	z.trim()
}

func (z *number) compare(x *number) int {
	if z.n != x.n {
		if z.n < x.n {
			return -1
		}
		return 1
	}
	for i := z.n - 1; i >= 0; i-- {
		if z.words[i] != x.words[i] {
			if z.words[i] < x.words[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}
