// Package testdeps gives package testing what it must not import itself.
//
// It takes the place of the package of that name in GOROOT, which brings in the fuzzing engine and with it processes,
// JSON and the Go parser. Fuzz targets run on their seeds and on the files of testdata/fuzz.
package testdeps

import (
	"errors"
	"fmt"
	"internal/testlog"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// TestDeps is what the generated main function hands to testing.MainStart.
type TestDeps struct{}

// Set by the generated main package.
var (
	ImportPath string
	ModulePath string
)

func (TestDeps) ImportPath() string { return ImportPath }
func (TestDeps) ModulePath() string { return ModulePath }

var compiled struct {
	pattern string
	re      *regexp.Regexp
}

func (TestDeps) MatchString(pattern, s string) (bool, error) {
	if compiled.re == nil || compiled.pattern != pattern {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return false, err
		}
		compiled.pattern, compiled.re = pattern, re
	}
	return compiled.re.MatchString(s), nil
}

func (TestDeps) SetPanicOnExit0(v bool) { testlog.SetPanicOnExit0(v) }

var errNoProfile = errors.New("profiles of tests are not supported; use -memprofile of goesc run")

func (TestDeps) StartCPUProfile(io.Writer) error             { return errNoProfile }
func (TestDeps) StopCPUProfile()                             {}
func (TestDeps) WriteProfileTo(string, io.Writer, int) error { return errNoProfile }
func (TestDeps) ResetCoverage()                              {}
func (TestDeps) SnapshotCoverage()                           {}

type corpusEntry = struct {
	Parent     string
	Path       string
	Data       []byte
	Values     []any
	Generation int
	IsSeed     bool
}

var errNoFuzzing = errors.New("fuzzing is not supported: fuzz targets only run on their seeds")

func (TestDeps) CoordinateFuzzing(time.Duration, int64, time.Duration, int64, int, []corpusEntry, []reflect.Type, string, string) error {
	return errNoFuzzing
}

func (TestDeps) RunFuzzWorker(func(corpusEntry) error) error { return errNoFuzzing }

// CheckCorpus reports whether the values have the types.
func (TestDeps) CheckCorpus(values []any, types []reflect.Type) error {
	if len(values) != len(types) {
		return fmt.Errorf("wrong number of values in corpus entry: %d, want %d", len(values), len(types))
	}
	for i, v := range values {
		if reflect.TypeOf(v) != types[i] {
			return fmt.Errorf("mismatched types in corpus entry: %T, want %v", v, types[i])
		}
	}
	return nil
}

// ReadCorpus reads the entries of a directory, which need not exist.
func (d TestDeps) ReadCorpus(dir string, types []reflect.Type) ([]corpusEntry, error) {
	files, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var corpus []corpusEntry
	for _, file := range files {
		if file.IsDir() {
			continue
		}
		name := filepath.Join(dir, file.Name())
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		values, err := parseEntry(string(data))
		if err == nil {
			err = d.CheckCorpus(values, types)
		}
		if err != nil {
			return nil, fmt.Errorf("%q: %v", name, err)
		}
		corpus = append(corpus, corpusEntry{Path: name, Values: values})
	}
	return corpus, nil
}

const header = "go test fuzz v1"

// parseEntry reads a corpus file: the header, then one conversion of a literal a line.
func parseEntry(text string) ([]any, error) {
	lines := strings.Split(text, "\n")
	if strings.TrimRight(lines[0], "\r") != header {
		return nil, fmt.Errorf("must start with %q", header)
	}
	var values []any
	for _, line := range lines[1:] {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		v, err := parseValue(line)
		if err != nil {
			return nil, fmt.Errorf("malformed line %q: %v", line, err)
		}
		values = append(values, v)
	}
	return values, nil
}

func parseValue(line string) (any, error) {
	open := strings.IndexByte(line, '(')
	if open < 0 || !strings.HasSuffix(line, ")") {
		return nil, errors.New("no conversion")
	}
	typ, lit := line[:open], strings.TrimSpace(line[open+1:len(line)-1])
	switch typ {
	case "[]byte":
		s, err := strconv.Unquote(lit)
		return []byte(s), err
	case "string":
		return strconv.Unquote(lit)
	case "bool":
		return strconv.ParseBool(lit)
	case "byte", "uint8":
		n, err := parseRuneOr(lit, 8)
		return uint8(n), err
	case "rune", "int32":
		n, err := parseRuneOr(lit, 32)
		return int32(n), err
	case "int":
		n, err := strconv.ParseInt(lit, 0, 64)
		return int(n), err
	case "int8":
		n, err := strconv.ParseInt(lit, 0, 8)
		return int8(n), err
	case "int16":
		n, err := strconv.ParseInt(lit, 0, 16)
		return int16(n), err
	case "int64":
		return strconv.ParseInt(lit, 0, 64)
	case "uint":
		n, err := strconv.ParseUint(lit, 0, 64)
		return uint(n), err
	case "uint16":
		n, err := strconv.ParseUint(lit, 0, 16)
		return uint16(n), err
	case "uint32":
		n, err := strconv.ParseUint(lit, 0, 32)
		return uint32(n), err
	case "uint64":
		return strconv.ParseUint(lit, 0, 64)
	case "float32":
		f, err := strconv.ParseFloat(lit, 32)
		return float32(f), err
	case "float64":
		return strconv.ParseFloat(lit, 64)
	}
	return nil, fmt.Errorf("unknown type %s", typ)
}

// parseRuneOr reads a character in quotes or a number.
func parseRuneOr(lit string, bits int) (int64, error) {
	if strings.HasPrefix(lit, "'") {
		s, err := strconv.Unquote(lit)
		if err != nil {
			return 0, err
		}
		return int64([]rune(s)[0]), nil
	}
	return strconv.ParseInt(lit, 0, bits+1)
}
