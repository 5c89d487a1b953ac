// Package strconv writes numbers as text.
package strconv

// AppendUint appends x with the given base, from 2 to 36.
func AppendUint(b []byte, x uint64, base int) []byte {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	var buf [64]byte
	i := len(buf)
	for {
		i--
		buf[i] = digits[x%uint64(base)]
		x /= uint64(base)
		if x == 0 {
			return append(b, buf[i:]...)
		}
	}
}

// AppendInt appends x with the given base.
func AppendInt(b []byte, x int64, base int) []byte {
	if x < 0 {
		return AppendUint(append(b, '-'), -uint64(x), base)
	}
	return AppendUint(b, uint64(x), base)
}

// AppendComplex appends (re+imi); bits is that of both parts together.
func AppendComplex(b []byte, c complex128, format byte, precision, bits int) []byte {
	b = append(b, '(')
	b = AppendFloat(b, real(c), format, precision, bits/2)
	im := len(b)
	b = AppendFloat(b, imag(c), format, precision, bits/2)
	if b[im] != '+' && b[im] != '-' {
		b = append(b, 0)
		copy(b[im+1:], b[im:])
		b[im] = '+'
	}
	return append(b, 'i', ')')
}
