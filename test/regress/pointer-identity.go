// -m
package lib

type I interface{ M(*int) }

type lit struct{}

func (*lit) M(*int) {}
func NewLit() I     { return &lit{} }

type local struct{}

func (*local) M(*int) {}
func NewLocal() I     { x := &local{}; x.M(nil); return x }
func OtherLocal() I   { x := &local{}; x.M(nil); return x }

type Known struct{}

func (*Known) M(*int) {}
func NewKnown() I     { return &Known{} }

type made struct{}

func (*made) M(*int) {}
func NewMade() I     { return new(made) }

type value struct{ n int }

func (value) M(*int) {}
func NewValue() I    { return value{1} }
// lib ends here

package main

import "lib"

var _ *lib.Known

func literals() { i := lib.NewLit(); i.M(new(int)); i = lib.NewLit(); i.M(new(int)) }
func one()      { i := lib.NewLit(); i.M(new(int)) }
func locals()   { i := lib.NewLocal(); i.M(new(int)); i = lib.NewLocal(); i.M(new(int)) }
func others()   { i := lib.NewLocal(); i.M(new(int)); i = lib.OtherLocal(); i.M(new(int)) }
func known()    { i := lib.NewKnown(); i.M(new(int)); i = lib.NewKnown(); i.M(new(int)) }
func made()     { i := lib.NewMade(); i.M(new(int)); i = lib.NewMade(); i.M(new(int)) }
func values()   { i := lib.NewValue(); i.M(new(int)); i = lib.NewValue(); i.M(new(int)) }

func main() {}
