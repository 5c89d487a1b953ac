// Package godebugs has the settings of GODEBUG that package runtime knows.
package godebugs

// An Info describes a setting.
type Info struct {
	Name    string
	Changed int    // the release of Go 1 that changed the default, if any did
	Old     string // what brings back the behavior before that
	Opaque  bool   // its uses are not counted
}

var All = []Info{
	{Name: "asynctimerchan", Changed: 23, Old: "1"},
	{Name: "panicnil", Changed: 21, Old: "1"},
}
