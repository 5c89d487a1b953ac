// Interface elements: unions, embedding, duplicates.
package p

type A interface{ m(); n(int) }
type B interface{ m(); n(string) }
type AB interface{ A; B }
type Dup interface{ m(); m() }
type Dup2 interface{ A; m() }
type Dup3 interface{ A; m(int) }
type MyInt int
type U1 interface{ int | ~int }
type U2 interface{ int | MyInt | string }
type U3 interface{ ~MyInt }
type U4 interface{ ~A }
type U5 interface{ A | int }
type U6 interface{ comparable | int }
type U7 interface{ int | interface{ comparable } }
type U8 interface{ ~error }
type U9[P any] interface{ P }
type U10[P any] interface{ ~P | int }
type U11 interface{ undefined | int }
type U12 interface{ int; string; m() }
type U13 interface{ *U13 }
type U14 interface{ U14 }
type U15 interface{ _() }
type U16 interface{ ~int | ~[]byte | interface{ ~string } }
type U17 interface{ int | any }

func f[P U16, Q U12, R U2, S U17, T interface{ ~[]byte | string }](p P, q Q, r R, s S, t T) {
	_ = p + p
	_ = r < r
	_ = t[0]
	t[0] = 1
	_ = t[:1]
	_ = append([]byte{}, t...)
	_ = string(p)
	_ = s == s
	q.m()
	_ = (interface{ m() })(q)
	var _ interface{ m(int) } = q
	var _ U1 = 1
	var _ interface{ A; x() } = A(nil)
}
