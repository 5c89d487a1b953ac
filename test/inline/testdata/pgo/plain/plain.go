// Package plain is imported by shapes only: main sees what shapes exports of it.
package plain

// Disc has a method that is too expensive to be inlined where no profile says that it is called often.
type Disc struct{ R float64 }

func (d *Disc) Area(k float64) float64 {
	t := 0.0
	for i := 0; i < 40; i++ {
		t += d.R*d.R*k + float64(i)
		t /= 2
		if t > 1e6 {
			t = 1
		}
		switch i & 3 {
		case 1:
			t++
		case 2:
			t--
		}
	}
	return t
}

//go:noinline
func (d *Disc) Name() string { return "disc" }
