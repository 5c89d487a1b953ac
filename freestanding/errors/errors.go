// Package errors makes errors, joins them and looks into them.
package errors

// New makes an error that is equal to no other.
func New(text string) error { return &textError{text} }

type textError struct {
	text string
}

func (e *textError) Error() string { return e.text }

// ErrUnsupported says that an operation cannot be done here.
var ErrUnsupported = New("unsupported operation")

// Unwrap is what err.Unwrap gives, if that is an error.
func Unwrap(err error) error {
	if wrapper, ok := err.(interface{ Unwrap() error }); ok {
		return wrapper.Unwrap()
	}
	return nil
}

// Join makes one error of those that are not nil.
func Join(errs ...error) error {
	var kept []error
	for _, err := range errs {
		if err != nil {
			kept = append(kept, err)
		}
	}
	if kept == nil {
		return nil
	}
	return &joined{kept}
}

type joined struct {
	errs []error
}

func (e *joined) Error() string {
	text := ""
	for i, err := range e.errs {
		if i > 0 {
			text += "\n"
		}
		text += err.Error()
	}
	return text
}

func (e *joined) Unwrap() []error { return e.errs }

// walk calls f for err and all that it wraps, depth first, until f says true.
func walk(err error, f func(error) bool) bool {
	for err != nil {
		if f(err) {
			return true
		}
		switch wrapper := err.(type) {
		case interface{ Unwrap() error }:
			err = wrapper.Unwrap()
		case interface{ Unwrap() []error }:
			for _, inner := range wrapper.Unwrap() {
				if walk(inner, f) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

// Is reports whether err or something that it wraps is target.
func Is(err, target error) bool {
	if err == nil || target == nil {
		return err == target
	}
	return walk(err, func(err error) bool {
		if isComparable(target) && err == target {
			return true
		}
		is, ok := err.(interface{ Is(error) bool })
		return ok && is.Is(target)
	})
}

// AsType finds the first error in err that is an E.
func AsType[E error](err error) (E, bool) {
	var found E
	ok := walk(err, func(err error) bool {
		if e, ok := err.(E); ok {
			found = e
			return true
		}
		as, ok := err.(interface{ As(any) bool })
		return ok && as.As(&found)
	})
	return found, ok
}
