package sha256

import (
	"crypto/internal/fips140deps/byteorder"
	"math/bits"
)

// block keeps the state and 16 words of the schedule in variables, which stay in registers, or nearly so: sixteen rounds, each of
// which takes the words where those before left them, and then the next sixteen words.
func block(dig *Digest, p []byte) {
	h0, h1, h2, h3, h4, h5, h6, h7 := dig.h[0], dig.h[1], dig.h[2], dig.h[3], dig.h[4], dig.h[5], dig.h[6], dig.h[7]
	for len(p) >= chunk {
		w0 := byteorder.BEUint32(p[0:])
		w1 := byteorder.BEUint32(p[4:])
		w2 := byteorder.BEUint32(p[8:])
		w3 := byteorder.BEUint32(p[12:])
		w4 := byteorder.BEUint32(p[16:])
		w5 := byteorder.BEUint32(p[20:])
		w6 := byteorder.BEUint32(p[24:])
		w7 := byteorder.BEUint32(p[28:])
		w8 := byteorder.BEUint32(p[32:])
		w9 := byteorder.BEUint32(p[36:])
		w10 := byteorder.BEUint32(p[40:])
		w11 := byteorder.BEUint32(p[44:])
		w12 := byteorder.BEUint32(p[48:])
		w13 := byteorder.BEUint32(p[52:])
		w14 := byteorder.BEUint32(p[56:])
		w15 := byteorder.BEUint32(p[60:])
		a, b, c, d, e, f, g, h := h0, h1, h2, h3, h4, h5, h6, h7
		for i := 0; ; i += 16 {
			k := (*[16]uint32)(_K[i:])
			var t uint32
			t = choose(e, f, g) + h + k[0] + w0
			d, h = d+t, t+majority(a, b, c)
			t = choose(d, e, f) + g + k[1] + w1
			c, g = c+t, t+majority(h, a, b)
			t = choose(c, d, e) + f + k[2] + w2
			b, f = b+t, t+majority(g, h, a)
			t = choose(b, c, d) + e + k[3] + w3
			a, e = a+t, t+majority(f, g, h)
			t = choose(a, b, c) + d + k[4] + w4
			h, d = h+t, t+majority(e, f, g)
			t = choose(h, a, b) + c + k[5] + w5
			g, c = g+t, t+majority(d, e, f)
			t = choose(g, h, a) + b + k[6] + w6
			f, b = f+t, t+majority(c, d, e)
			t = choose(f, g, h) + a + k[7] + w7
			e, a = e+t, t+majority(b, c, d)
			t = choose(e, f, g) + h + k[8] + w8
			d, h = d+t, t+majority(a, b, c)
			t = choose(d, e, f) + g + k[9] + w9
			c, g = c+t, t+majority(h, a, b)
			t = choose(c, d, e) + f + k[10] + w10
			b, f = b+t, t+majority(g, h, a)
			t = choose(b, c, d) + e + k[11] + w11
			a, e = a+t, t+majority(f, g, h)
			t = choose(a, b, c) + d + k[12] + w12
			h, d = h+t, t+majority(e, f, g)
			t = choose(h, a, b) + c + k[13] + w13
			g, c = g+t, t+majority(d, e, f)
			t = choose(g, h, a) + b + k[14] + w14
			f, b = f+t, t+majority(c, d, e)
			t = choose(f, g, h) + a + k[15] + w15
			e, a = e+t, t+majority(b, c, d)
			if i == 48 {
				break
			}
			w0 += spread(w1, w14) + w9
			w1 += spread(w2, w15) + w10
			w2 += spread(w3, w0) + w11
			w3 += spread(w4, w1) + w12
			w4 += spread(w5, w2) + w13
			w5 += spread(w6, w3) + w14
			w6 += spread(w7, w4) + w15
			w7 += spread(w8, w5) + w0
			w8 += spread(w9, w6) + w1
			w9 += spread(w10, w7) + w2
			w10 += spread(w11, w8) + w3
			w11 += spread(w12, w9) + w4
			w12 += spread(w13, w10) + w5
			w13 += spread(w14, w11) + w6
			w14 += spread(w15, w12) + w7
			w15 += spread(w0, w13) + w8
		}
		h0, h1, h2, h3, h4, h5, h6, h7 = h0+a, h1+b, h2+c, h3+d, h4+e, h5+f, h6+g, h7+h
		p = p[chunk:]
	}
	dig.h = [8]uint32{h0, h1, h2, h3, h4, h5, h6, h7}
}

// FIPS 180-4, 4.1.2: the sums of rotations stand with the functions that they are added to.

func choose(e, f, g uint32) uint32 {
	return (bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)) + (g ^ e&(f^g))
}

func majority(a, b, c uint32) uint32 {
	return (bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)) + (a&b ^ c&(a^b))
}

func spread(x, y uint32) uint32 {
	return (bits.RotateLeft32(x, -7) ^ bits.RotateLeft32(x, -18) ^ x>>3) + (bits.RotateLeft32(y, -17) ^ bits.RotateLeft32(y, -19) ^ y>>10)
}
