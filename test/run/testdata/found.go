// What programs of Go's own corpus and of others once told apart from the real toolchain.

package main

import (
	"fmt"
	"reflect"
)

var first, second any = any(nil).(bool)
var numbers = map[int]int{1: 2}
var element, present any = numbers[1]

func tuplesToInterfaces() {
	ch := make(chan string, 1)
	ch <- "x"
	var value, ok any
	value, ok = <-ch
	fmt.Println(first, second, element, present, value, ok)
}

// Neighbouring fields are hashed as one.
type key struct {
	a, b int32
	c    float64
}

func mapsOfReflection() {
	k := key{1, 2, 3}
	m := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[key](), reflect.TypeFor[bool]()))
	m.SetMapIndex(reflect.ValueOf(k), reflect.ValueOf(true))
	type named map[key]bool
	var x named
	reflect.ValueOf(&x).Elem().Set(m)
	fmt.Println(x[k])
}

func main() {
	tuplesToInterfaces()
	mapsOfReflection()
}
