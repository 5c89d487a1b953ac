// Errors that wrap others.
package main

import (
	"errors"
	"goesc/print"
)

var errDisk = errors.New("disk is full")

type saveError struct {
	name string
	err  error
}

func (e *saveError) Error() string { return "save " + e.name + ": " + e.err.Error() }
func (e *saveError) Unwrap() error { return e.err }

type code int

func (c code) Error() string { return "code " + print.String(int(c)) }
func (c code) Is(target error) bool {
	other, ok := target.(code)
	return ok && c/100 == other/100
}

type temporary interface{ Temporary() bool }

func (c code) Temporary() bool { return c >= 500 }

func main() {
	err := error(&saveError{"notes.txt", errors.Join(code(503), errDisk)})
	print.Line(err)
	print.Line(errors.Is(err, errDisk), errors.Is(err, code(500)), errors.Is(err, code(404)), errors.Is(nil, err))
	var save *saveError
	if errors.As(err, &save) {
		print.Line("could not save", save.name)
	}
	var c code
	print.Line(errors.As(err, &c), int(c))
	var t temporary
	print.Line(errors.As(err, &t), t.Temporary())
	if c, ok := errors.AsType[code](err); ok {
		print.Line("found", c)
	}
	print.Line(errors.Unwrap(err) == save.err, errors.Unwrap(errDisk), errors.Join(nil, nil))
	defer func() { print.Line("recovered:", recover()) }()
	errors.As(err, nil)
}
