// Type descriptors at work: encoding/json, text/template, reflect, generic code.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"text/template"
)

type Addr struct {
	Street string `json:"street"`
	Zip    int    `json:"zip,omitempty"`
}
type P struct {
	Name  string         `json:"name"`
	Age   int            `json:"age"`
	Tags  []string       `json:"tags"`
	Addr  *Addr          `json:"addr,omitempty"`
	Extra map[string]any `json:"extra"`
	F     float64        `json:"f"`
	M     map[string]int `json:"m"`
}

func (p P) Hello(x string) string { return "hello " + x + " from " + p.Name }

type Num interface{ ~int | ~float64 }

func Sum[T Num](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

type List[T any] struct {
	head *node[T]
	n    int
}
type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Push(v T) { l.head = &node[T]{v, l.head}; l.n++ }
func (l *List[T]) Each(f func(T)) {
	for n := l.head; n != nil; n = n.next {
		f(n.v)
	}
}
func Map[K comparable, V any](m map[K]V, f func(K, V) bool) []K {
	var ks []K
	for k, v := range m {
		if f(k, v) {
			ks = append(ks, k)
		}
	}
	return ks
}
func describe[T any](v T) string {
	switch x := any(v).(type) {
	case int:
		return fmt.Sprint("int ", x)
	case fmt.Stringer:
		return "stringer " + x.String()
	case []T:
		return "slice"
	}
	return fmt.Sprintf("%T", v)
}

type St int

func (s St) String() string { return fmt.Sprintf("St(%d)", int(s)) }

func main() {
	p := P{"bob", 3, []string{"a", "b"}, &Addr{"main", 0}, map[string]any{"k": 1, "z": []int{1, 2}}, 1.25, map[string]int{"q": 1}}
	b, err := json.Marshal(p)
	fmt.Println(string(b), err)
	var q P
	err = json.Unmarshal(b, &q)
	fmt.Printf("%+v %v %+v\n", q.Name, err, *q.Addr)
	fmt.Println(reflect.DeepEqual(p.Tags, q.Tags), q.Extra["z"], q.M)
	var anyv any
	fmt.Println(json.Unmarshal([]byte(`{"a":[1,2,{"b":null}],"c":"d"}`), &anyv), anyv)
	t := template.Must(template.New("x").Parse("{{.Name}} {{range $i, $t := .Tags}}{{$i}}={{$t}} {{end}}{{.Hello \"x\"}} {{len .Tags | printf \"%03d\"}}\n"))
	fmt.Println(t.Execute(os.Stdout, p))
	v := reflect.ValueOf(p)
	for i := 0; i < v.NumField(); i++ {
		f := v.Type().Field(i)
		fmt.Println(f.Name, f.Type, f.Tag.Get("json"), v.Field(i).Kind())
	}
	m := v.MethodByName("Hello")
	fmt.Println(m.Call([]reflect.Value{reflect.ValueOf("refl")})[0])
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2))
	var l List[string]
	l.Push("x")
	l.Push("y")
	l.Each(func(s string) { fmt.Print(s, " ") })
	fmt.Println(l.n)
	ks := Map(map[string]int{"a": 1, "b": 2, "c": 3}, func(k string, v int) bool { return v > 1 })
	sort.Strings(ks)
	fmt.Println(ks, strings.Join(ks, "-"))
	fmt.Println(describe(1), describe(St(3)), describe([]int{1}), describe("x"))
	e := fmt.Errorf("wrap: %w", os.ErrNotExist)
	fmt.Println(errors.Is(e, os.ErrNotExist), e)
	var pe *os.PathError
	_, err = os.Open("/nonexistent")
	fmt.Println(errors.As(err, &pe), err)
	fn := reflect.MakeFunc(reflect.TypeOf(func(int, int) int { return 0 }), func(a []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(int(a[0].Int() + a[1].Int()))}
	}).Interface().(func(int, int) int)
	fmt.Println(fn(3, 4))
	mt := reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(1.5))
	mv := reflect.MakeMap(mt)
	mv.SetMapIndex(reflect.ValueOf("pi"), reflect.ValueOf(3.14))
	fmt.Println(mv.Interface(), mt)
	sv := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeOf(1), Tag: `json:"aa"`}})).Elem()
	sv.Field(0).SetInt(42)
	b, _ = json.Marshal(sv.Interface())
	fmt.Println(string(b))
}
