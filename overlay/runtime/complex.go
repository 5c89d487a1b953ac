package runtime

import "unsafe"

// complex128div returns n / m. It scales by the larger part of the divisor, so that intermediate values do not
// overflow where the quotient does not (Smith's method), and then settles what infinities and zeros give, as C does.
func complex128div(n complex128, m complex128) complex128 {
	a, b := real(n), imag(n)
	c, d := real(m), imag(m)
	var re, im float64
	if magnitude(c) >= magnitude(d) {
		r := d / c
		scale := c + r*d
		re = (a + b*r) / scale
		im = (b - a*r) / scale
	} else {
		r := c / d
		scale := d + r*c
		re = (a*r + b) / scale
		im = (b*r - a) / scale
	}
	if re == re || im == im {
		return complex(re, im)
	}
	switch {
	case c == 0 && d == 0 && (a == a || b == b):
		inf := signed(infinity(), c)
		re = inf * a
		im = inf * b
	case (infinite(a) || infinite(b)) && finite(c) && finite(d):
		a, b = unit(a), unit(b)
		re = infinity() * (a*c + b*d)
		im = infinity() * (b*c - a*d)
	case (infinite(c) || infinite(d)) && finite(a) && finite(b):
		c, d = unit(c), unit(d)
		re = 0 * (a*c + b*d)
		im = 0 * (b*c - a*d)
	}
	return complex(re, im)
}

const signBit = 1 << 63

func bitsOf(x float64) uint64 {
	return *(*uint64)(unsafe.Pointer(&x))
}

func fromBits(b uint64) float64 {
	return *(*float64)(unsafe.Pointer(&b))
}

func infinity() float64 {
	return fromBits(0x7ff << 52)
}

func magnitude(x float64) float64 {
	return fromBits(bitsOf(x) &^ signBit)
}

// signed returns the magnitude x with the sign of y.
func signed(x, y float64) float64 {
	return fromBits(bitsOf(x)&^signBit | bitsOf(y)&signBit)
}

func infinite(x float64) bool {
	return magnitude(x) == infinity()
}

func finite(x float64) bool {
	return magnitude(x) < infinity()
}

// unit returns 1 for an infinity, 0 for other numbers, with the sign of x.
func unit(x float64) float64 {
	if infinite(x) {
		return signed(1, x)
	}
	return signed(0, x)
}
