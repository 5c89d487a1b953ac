package p

const (
	big   = 1 << 600
	c0    = 1<<100 - 1<<99
	c1 int8  = 128
	c2 uint8 = -1
	c3 int   = 1.5
	c4 float32 = 1e40
	c5 uint8 = 255 + 1
	c6 = uint8(255) + 1
	c7 = int8(-128) / -1
	c8 = ^uint8(1)
	c9 = -uint8(1)
	d0 = "x" + 'y'
	d1 = len("héllo") + len([...]int{1, 2, 3})
	d2 = 1 << 512
	d3 = 1 << 511 << 1 << 1
	d4 = 0x1p-2 + 0b11 + 0o17 + 1_000
	d5 = 'a' * 1.5
	d6 int = 'a' * 1.5
	d7 = f()
	d8 string = 65
	d9 = string(65)
	e0 = complex(1, 2) * 1i
	e1 float64 = complex(1, 0)
	e2 float64 = complex(1, 1)
	e3 int = 2i * 2i
	e4 = real(2i) + imag(3i)
	e5 uint = 1e3
	e6 uint = 1e30
	e7 = 1e100000 * 1e100000
	e8 int64 = 1 << 63
	e9 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" + 1
	g0 = 10 / 3.0 + nil
	g1 = 0.1 + 1e-7 + true
	g2 uint8 = 3.0
	g3 = uint8(300)
	g4 = int(3.5)
	g5 = float32(1e39)
	g6 = 5 % 0
	g7 = min(1, 2.5, 'a')
	g8 int = max(1, 2.5)
	g9 = 1e2000000000
)

func f() int { return 0 }

var arr [c0 >> 97]int
var _ [c0]int
var _ [-1]int
var _ [1.5]int
var x uint8 = 256
var y = uint8(1)<<8 + 1e2
var z float32 = 1e-50
var w = arr[7]
