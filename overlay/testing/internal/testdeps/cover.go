package testdeps

import (
	"os"
	"strconv"
)

// Coverage, for goesc test -cover. The files of the package under test count what runs (src/load/cover.ts), and the
// generated main package says where the counters are and what they stand for.

// CoverMode is set, count or atomic; "" if nothing is counted.
var CoverMode string

type coveredFile struct {
	name     string
	counters []uint32
	blocks   []uint32
}

var covered []coveredFile

// blockWords is how many numbers a block has in AddCoverage: its counter, first line and column, last line and column, and
// how many statements it has.
const blockWords = 6

// AddCoverage announces a file; the blocks are in the order in which a profile has them.
func AddCoverage(name string, counters, blocks []uint32) {
	covered = append(covered, coveredFile{name, counters, blocks})
}

func (TestDeps) InitRuntimeCoverage() (mode string, tearDown func(string, string) (string, error), snapcov func() float64) {
	if CoverMode == "" {
		return
	}
	return CoverMode, reportCoverage, coverageSoFar
}

// coverageSoFar is the part of all blocks that have run.
func coverageSoFar() float64 {
	ran, all := 0, 0
	for _, file := range covered {
		all += len(file.counters)
		for _, n := range file.counters {
			if n != 0 {
				ran++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(ran) / float64(all)
}

// reportCoverage writes the profile, if one is wanted, and prints what part of the statements has run.
func reportCoverage(profile, _ string) (string, error) {
	ran, all := 0, 0
	text := append([]byte("mode: "+CoverMode), '\n')
	for _, file := range covered {
		for at := 0; at < len(file.blocks); at += blockWords {
			block := file.blocks[at : at+blockWords]
			count, statements := file.counters[block[0]], int(block[5])
			all += statements
			if count != 0 {
				ran += statements
			}
			text = append(text, file.name...)
			for i, n := range []uint32{block[1], block[2], block[3], block[4], block[5], count} {
				text = append(text, ":.,.  "[i])
				text = strconv.AppendUint(text, uint64(n), 10)
			}
			text = append(text, '\n')
		}
	}
	if profile != "" {
		if err := os.WriteFile(profile, text, 0o666); err != nil {
			return "error generating coverage report", err
		}
	}
	line := "coverage: [no statements]\n"
	if all != 0 {
		line = "coverage: " + strconv.FormatFloat(100*float64(ran)/float64(all), 'f', 1, 64) + "% of statements\n"
	}
	os.Stdout.WriteString(line)
	return "", nil
}
