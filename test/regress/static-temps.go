// -m=2 -l
package main

// A slice in an interface takes two static variables, one for its header: numbers of later ones show.

type list []**int

func (list) m() {}

type table map[string]list

var boxed interface{ m() } = list{}

var ptr *table = &table{}

func main() {}
