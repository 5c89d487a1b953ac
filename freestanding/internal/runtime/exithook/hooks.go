// Package exithook runs functions before the program ends.
package exithook

// Set by package runtime.
var (
	Gosched func()
	Goid    func() uint64
	Throw   func(string)
)

// A Hook is to be run at the end; without RunOnFailure only if the exit code is 0.
type Hook struct {
	F            func()
	RunOnFailure bool
}

var hooks []Hook

// Add registers a hook; the last one runs first.
func Add(h Hook) { hooks = append(hooks, h) }

// Run runs the hooks for an exit with this code.
func Run(code int) {
	for len(hooks) > 0 {
		h := hooks[len(hooks)-1]
		hooks = hooks[:len(hooks)-1]
		if code == 0 || h.RunOnFailure {
			h.F()
		}
	}
}
