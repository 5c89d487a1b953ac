/** Help of `goesc run` and `goesc test`. */

export const runHelp = `Example:

    $ goesc run -allocs hello.go
    hello
    (then, on standard error, a table of what was allocated where, and why)

usage: goesc run [flags] package [arguments]
       goesc run [flags] x.go [y.go ...] [arguments]

Compiles the program, with the decisions that 'goesc -m' shows, to WebAssembly and runs it on goesc's own runtime:
allocator, garbage collector, scheduler. Output, exit code and panics are those of the compiled program. The standard
library is that of the Go installation. Without one (or with GOROOT=off) there are errors, runtime, sync, sync/atomic,
time, unsafe, and goesc/print for output: print.Line(values...), print.Text(values...), print.String(values...).
Flags end at the first word that is none.

    -allocs[=json][=FILE]   table of allocation sites at the end: reason, objects, bytes, still live;
                            then what stayed on the stack, and how often
    -memprofile FILE        heap profile for 'go tool pprof', with reasons as tags
    -timeout D              end the program after D (10s, 1m30s); exit code 124
    -max-memory N           memory that the program may have (256MiB)
    -sandbox                no files, no environment, no network
    -seed N                 map order, select, scheduling and random numbers repeat
    -check                  sanitizer: check stack pointers, poison dead frames, verify the heap after each collection
    -gc-stress=N            collect at every N-th allocation (with a large heap more seldom)
    -threads=N              experimental: run goroutines on N threads at once (at most 16); not with -seed
    -dump=ssa[,FUNCTION]    print the data-flow form instead of running; -dump=wasm the code

Build flags: -C, -tags, -mod, -modfile, -go, -p, -gcflags as for 'goesc -m'; -ldflags "-X importpath.name=value" gives a
string variable that value. There is no race detector (-race).

GODEBUG=gctrace=1, GOGC, GOMEMLIMIT, GOMAXPROCS and GOTRACEBACK have their usual meaning.
`;

export const testHelp = `Example:

    $ goesc test -run TestSplit -v strings

usage: goesc test [flags] [packages] [-args program arguments]

Builds the tests of each package, as 'go test' does, and runs them as 'goesc run' runs programs.

    -run, -skip, -bench, -benchtime, -benchmem, -count, -cpu, -list, -parallel, -short, -shuffle, -failfast, -timeout, -v
                            as for 'go test'
    -json                   events, as 'go test -json' gives them
    -cover, -covermode set|count|atomic, -coverprofile FILE
                            what part of the statements of each package its tests run, as for 'go test'
    -allocs[=json][=FILE], -memprofile FILE
                            what the tests of each package allocated, as for 'goesc run'
    -check, -gc-stress=N, -max-memory N, -seed N, -threads=N
                            as for 'goesc run'
    -vet=off                taken and ignored: no vet runs
    any other flag          for the test program, as what comes after it and is no flag; no package follows

Build flags: -C, -tags, -mod, -modfile, -go, -p, -gcflags as for 'goesc -m'; -ldflags "-X importpath.name=value" gives a
string variable that value. There is no race detector (-race).
`;
