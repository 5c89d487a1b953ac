// Package godebugs has the settings of GODEBUG that packages of Go know; here are none.
package godebugs

type Info struct {
	Name string
}

var All []Info
