// Type inference: from arguments, constraints, untyped constants and in reverse.
package p

type (
	Z     struct{ z int } // takes nothing, so that each use says what was inferred
	N     int
	Ints  []int
	Named map[string]N
	RC    <-chan int
	L[T any] struct {
		v    T
		next *L[T]
	}
	Getter[T any] interface{ Get() T }
)

func (l *L[T]) Get() T { return l.v }
func (N) Less(N) bool  { return true }

func one[P any](P) (r P)                                        { return }
func two[P any](P, P) (r P)                                     { return }
func elem[S ~[]E, E any](S) (r E)                               { return }
func keys[M ~map[K]V, K comparable, V any](M) (r []K)           { return }
func apply[A, B any](func(A) B, A) (r B)                        { return }
func variadic[P any](...P) (r P)                                { return }
func recv[T any](<-chan T) (r T)                                { return }
func get[G Getter[T], T any](G) (r T)                           { return }
func less[T interface{ Less(T) bool }](T, T) (r T)              { return }
func ptr[T any, PT interface{ *T; Get() int }](T) (r PT)        { return }
func list[T any](*L[T]) (r T)                                   { return }
func only[P any]() (r P)                                        { return }
func pair[P, Q any](P, func(P) Q) (r map[int]Q)                 { return }
func core[F func(int) R, R any](F) (r R)                        { return }
func loop[A interface{ *B }, B interface{ *A }](A) (r B)        { return }
func num[T ~int | ~float64](x, y T) (r T)                       { return }
func arr[T any](x [3]T, y []T) (r T)                            { return }

var (
	n  N
	s  Ints
	m  Named
	rc RC
	bc chan N
	l  *L[string]
	e  error
	f  func(N) []N
)

func _() {
	var z Z
	z = one(n)
	z = one(1)
	z = one('a')
	z = one(nil)
	z = two(1, 2.5)
	z = two(n, 1)
	z = two(1, "a")
	z = two(n, 2.5)
	z = two(s, []int{})
	z = two([]int{}, s)
	z = two(rc, make(chan int))
	z = two(e, N(1))
	z = elem(s)
	z = elem(n)
	z = keys(m)
	z = keys(map[string][]int{})
	z = apply(f, n)
	z = apply(f, 1)
	z = apply(one, n)
	z = apply(one[string], "")
	z = variadic(1, 'a', 2.5)
	z = variadic[N](1, 2)
	z = variadic()
	z = recv(bc)
	z = recv(rc)
	z = get(l)
	z = get(*l)
	z = less(n, 3)
	z = less(s, s)
	z = ptr(L[int]{})
	z = ptr(L[string]{})
	z = list(l)
	z = list(*l)
	z = only()
	z = pair(n, func(int) N { return 0 })
	z = pair(n, func(N) N { return 0 })
	z = core(func(int) string { return "" })
	z = core(func(string) int { return 0 })
	z = loop(nil)
	z = num(1, n)
	z = num(1, 2.5)
	z = num("a", 1)
	z = arr([3]int{}, s)
	z = arr([3]string{}, s)
	z = one[int, int](1)
	z = one[string](1)
	_ = z

	var g func(int) int = one
	g = two
	var h func(Ints) int = elem
	h = keys
	var i func(string) = one
	_, _, _ = g, h, i
}
