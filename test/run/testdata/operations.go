// Strings, slices, maps, interfaces, type switches and literals, with print only.
package main

type T struct {
	a, b int
	s    string
	f    float64
	p    *int
}
type I interface{ M() int }
type J interface {
	I
	N() string
}

func (t T) M() int     { return t.a + t.b }
func (t *T) N() string { return t.s }

type E int

func (e E) M() int { return int(e) * 2 }

type Small struct{ x int }

func (s Small) M() int { return s.x }

var g = map[string]int{"a": 1, "b": 2}
var arr = [...]string{"x", "y", 5: "z"}
var sl = []T{{1, 2, "q", 1.5, nil}, {s: "w"}}

func show(x any) {
	switch v := x.(type) {
	case nil:
		println("nil")
	case int:
		println("int", v)
	case string:
		println("string", v)
	case bool:
		println("bool", v)
	case uint8:
		println("uint8", v)
	case float64:
		println("float64", v)
	case T:
		println("T", v.a, v.b, v.s)
	case *T:
		println("*T", v.s)
	case I:
		println("I", v.M())
	case []int:
		println("[]int", len(v), cap(v))
	case func() int:
		println("func", v())
	case [3]int:
		println("[3]int", v[0], v[1], v[2])
	case error:
		println("error", v.Error())
	default:
		println("other")
	}
}

type myErr string

func (e myErr) Error() string { return string(e) }

//go:noinline
func concat(a, b, c string) string { return a + b + c }

func main() {
	println(concat("a", "bc", "def"), len(concat("", "", "")))
	s := "héllo"
	for i, r := range s {
		print(i, ":", r, " ")
	}
	println()
	b := []byte(s)
	b[0] = 'H'
	println(string(b), s, len([]rune(s)))
	r := []rune(s)
	println(len(r), string(r), string(r[1]))
	show(nil)
	show(1)
	show("x")
	show(true)
	show(uint8(200))
	show(2.5)
	show(T{1, 2, "s", 1, nil})
	show(&T{s: "ptr"})
	show(E(4))
	show(Small{7})
	show([]int{1, 2, 3})
	show(func() int { return 9 })
	show([3]int{4, 5, 6})
	show(myErr("boom"))
	show([]string{})
	println(g["a"], g["b"], g["c"], len(g))
	g["c"] = 3
	delete(g, "a")
	v, ok := g["a"]
	println(v, ok, len(g))
	g["c"] += 10
	g["d"]++
	println(g["c"], g["d"])
	println(len(arr), arr[5], arr[4] == "", arr[0])
	println(len(sl), sl[0].s, sl[1].s, sl[0].f)
	var i I = T{3, 4, "", 0, nil}
	println(i.M())
	_, ok = i.(J)
	println(ok)
	i = &T{5, 6, "jj", 0, nil}
	j, ok := i.(J)
	println(ok, j.N(), j.M())
	var ss []int
	for k := 0; k < 100; k++ {
		ss = append(ss, k*k)
	}
	println(len(ss), cap(ss), ss[99])
	ss = append(ss[:3], ss[50:53]...)
	println(len(ss), ss[3], ss[5])
	ss = append(ss, make([]int, 4)...)
	println(len(ss), ss[9])
	dst := make([]int, 3)
	println(copy(dst, ss[2:]), dst[0], dst[1])
	m2 := make(map[int]string)
	for k := 0; k < 1000; k++ {
		m2[k*7] = string(rune('a' + k%26))
	}
	sum := 0
	for k, v := range m2 {
		sum += k * int(v[0])
	}
	println(len(m2), sum)
	m3 := map[T]int{{a: 1}: 1, {a: 2}: 2}
	m3[T{a: 1}]++
	println(m3[T{a: 1}], m3[T{a: 2}], m3[T{a: 3}])
	m4 := map[any]int{1: 1, "x": 2, 1.5: 3, T{a: 1}: 4, [2]int{1, 2}: 5}
	println(m4[1], m4["x"], m4[1.5], m4[T{a: 1}], m4[[2]int{1, 2}], m4[2])
	clear(m4)
	println(len(m4), min(3, 1, 2), max(2.5, 1), min("b", "a"))
	x := any(5)
	println(x == 5, x == "5", x == any(5), i == j)
	arr2 := [2]string{"a", "b"}
	println(arr2 == [2]string{"a", "b"}, arr2 == [2]string{"a", "c"})
	var e error = myErr("q")
	println(e.Error(), e == myErr("q"))
	bs := []byte("abc")
	println(string(bs) == "abc", g[string(bs)], string(bs)+"x")
	p := (*[2]int)(ss)
	println(p[1], [2]int(ss)[0])
	big := map[string]int{"a1": 1, "a2": 2, "a3": 3, "a4": 4, "a5": 5, "a6": 6, "a7": 7, "a8": 8, "a9": 9, "a10": 10,
		"b1": 1, "b2": 2, "b3": 3, "b4": 4, "b5": 5, "b6": 6, "b7": 7, "b8": 8, "b9": 9, "b10": 10,
		"c1": 1, "c2": 2, "c3": 3, "c4": 4, "c5": 5, "c6": 6, "c7": 7, "c8": 8, "c9": 9, "c10": 10}
	println(len(big), big["c7"])
}
