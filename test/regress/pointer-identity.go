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
type boxed struct{ n int }

func (boxed) M(*int) {}
func NewBoxed() I    { return &boxed{1} }

type Table struct{ n int }

func (Table) M(*int) {}
func NewTable() I    { return &Table{1} }

func NewEmbedding() I { return &struct{ local }{} }

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

var (
	T any = []lib.I{lib.Table{}}
	K any   = lib.Known{}
)

func boxed() { i := lib.NewBoxed(); i.M(new(int)); i = lib.NewBoxed(); i.M(new(int)) }

func table() { i := lib.NewTable(); i.M(new(int)); i = lib.NewTable(); i.M(new(int)) }

func embedding() {
	i := lib.NewEmbedding()
	i.M(new(int))
	i = lib.NewEmbedding()
	i.M(new(int))
}

func main() {}
