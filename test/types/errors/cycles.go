// Declarations that go round in circles, and instantiation without end.
package p

type A1 A1
type A2 B2
type B2 C2
type C2 = A2
type S1 struct{ S1 }
type S2 struct{ x [2]S3 }
type S3 struct{ S4; p *S2 }
type S4 [1]S2
type S5 struct{ f func(S5) []S5; m map[string]S5; c chan S5; p *S5; s []S5 }
type I1 interface{ I2 }
type I2 interface{ I1 }
type I3 interface{ m() interface{ I3 } }
type G1[P any] struct{ f G1[P] }
type G2[P any] struct{ f *G2[P] }
type G3[P any] struct{ f *G3[[]P] }
type G4[P any] struct{ p P }
type S6 struct{ G4[S6] }
type S7 struct{ G2[S7] }
type S8 struct{ x G4[*S8] }
type L = []L
type M = struct{ M *M }
type K map[K]int
type Ar [len(Ar{})]int
type Sz [unsafe]int

var v1 = v2
var v2 = f1()
func f1() int { return v1 }
const c1 = c2 + 1
const c2 = c1
var v3 T3
type T3 [len(v3)]int

func loop[P any](n int) {
	if n > 0 {
		loop[*P](n - 1)
	}
}
func ping[P, Q any]() { pong[Q, map[P]Q]() }
func pong[P, Q any]() { ping[Q, P]() }
func local[P any]() {
	type T struct{ p P }
	local[T]()
}
func ok[P, Q any]() { ok[Q, P]() }
type R[P any] struct{}
func (R[P]) m() { R[[]P]{}.m() }
