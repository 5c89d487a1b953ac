package testdeps

import (
	"internal/testlog"
	"io"
	"strings"
	"sync"
)

// The log of -test.testlogfile: which files and variables the program looked at.

type testLog struct {
	mu    sync.Mutex
	to    io.Writer // nil while nothing is logged
	text  []byte
	known bool // to package testlog, which takes one logger only
}

var uses testLog

func (l *testLog) note(what, name string) {
	if name == "" || strings.Contains(name, "\n") {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.to != nil {
		l.text = append(append(append(append(l.text, what...), ' '), name...), '\n')
	}
}

func (l *testLog) Getenv(key string) { l.note("getenv", key) }
func (l *testLog) Open(name string)  { l.note("open", name) }
func (l *testLog) Stat(name string)  { l.note("stat", name) }
func (l *testLog) Chdir(name string) { l.note("chdir", name) }

func (TestDeps) StartTestLog(w io.Writer) {
	uses.mu.Lock()
	defer uses.mu.Unlock()
	uses.to = w
	if !uses.known {
		uses.known = true
		testlog.SetLogger(&uses)
		uses.text = append(uses.text, "# test log\n"...)
	}
}

func (TestDeps) StopTestLog() error {
	uses.mu.Lock()
	defer uses.mu.Unlock()
	_, err := uses.to.Write(uses.text)
	uses.to, uses.text = nil, nil
	return err
}
