// Package print writes to standard output, for programs that run without an installation of Go. Numbers, strings, booleans
// and errors look as package fmt would print them, and so do structs, slices and arrays
// of them; maps, channels, functions and pointers are addresses.
package print

// Line writes the values with spaces between them, then a new line.
func Line(values ...any) {
	var b []byte
	for i, x := range values {
		if i > 0 {
			b = append(b, ' ')
		}
		b = Append(b, x)
	}
	write(append(b, '\n'))
}

// Text writes the values one right after the other.
func Text(values ...any) {
	var b []byte
	for _, x := range values {
		b = Append(b, x)
	}
	write(b)
}

// String is what Text would write.
func String(values ...any) string {
	var b []byte
	for _, x := range values {
		b = Append(b, x)
	}
	return string(b)
}

// Append appends the text of a value.
func Append(b []byte, x any) []byte {
	switch x := x.(type) {
	case nil:
		return append(b, "<nil>"...)
	case error:
		return append(b, x.Error()...)
	case interface{ String() string }:
		return append(b, x.String()...)
	}
	return appendPlain(b, x)
}
