/** Help texts of what is for reviews and CI: check, promises, formats, almost, vettool, watch. */
import { maxFixable } from "../report/findings/collect.ts";
import { formats } from "../report/formats/index.ts";

export const checkHelp = `Example:

    $ goesc check ./...
    goesc: 1 finding, 3 promises checked in 2 packages
    …
    encode.go:31:12: append(buf, c) may grow the slice: encode promises goesc:noalloc (in encode)
        encode.go:28:1: The promise: goesc:noalloc

usage: goesc check [-baseline FILE] [-budget [PATTERN=]N]... [-heap] [-format FORMAT] [-out FORMAT=FILE,...] [packages]

Checks what the code promises in comments (goesc help promises). What is on the heap otherwise is no finding, unless

    -baseline FILE     it is new since FILE was written (goesc -write-baseline FILE ./...)
    -budget N          there is more than N of it; -budget 'net/...=20' for some packages; may be given several times
    -heap              you want to see all of it

A finding comes with the way to the heap, or the calls that lead to what allocates. With -fixes also with edits that
were tried. Formats for tools: goesc help formats. -watch goes on whenever a file changes.

Exit code: 0 clean, 1 findings, 2 something could not be analysed.
`;

export const promisesHelp = `Example:

    //goesc:noalloc transitive
    func (c *counter) add(n int) { c.total += n }

A promise in the comment above a function, or on the line of its name, is about the function; at the end of a line it
is about that line, on a line of its own about the next line of code. 'goesc check' and 'go vet' with goesc-vettool
(goesc help vettool) look whether they are kept.

    //goesc:noescape              no value made or declared there is on the heap; of a parameter's line: it does not leak
    //goesc:noalloc               nothing there allocates: no value on the heap, and no operation that allocates when it
                                  runs: append, assignment to a map, strings put together or converted, make(chan), go,
                                  defer in a loop, make with a size that is only known at run time
    //goesc:noalloc transitive    nor does anything it calls; calls whose code is not known break the promise
    //goesc:allocs<=N             one call allocates at most N times; transitive as above; what is in a loop has no number
    //goesc:inline                the function can be inlined and is where its package calls it; of a line: its calls are

What panics are made of does not count. Code after inlining is what counts: an allocation that inlining takes away breaks
nothing. The runtime's own code and assembly are not looked into. Text after // or -- in a promise is for people.

The spellings of other tools are understood as well:

    //gcassert:inline,noescape              gcassert (bce is said to be unknown: the back end decides it)
    //no-escape  //must-inline              go-escape-lint
    // +checkescape[:heap,builtin,interface,dynamic,local,hard,all]  // +mustescape:…  // escapes: reason
                                            gVisor's checkescape (stack is not looked at)
    //go:noheap                             TinyGo: values only, as in that compiler
`;

export function formatsHelp(): string {
  const list = formats.map(({ name, help }) => `    ${name.padEnd(14)}${help}`).join("\n");
  return `Example:

    $ goesc -format=github ./...
    $ goesc check -out sarif=goesc.sarif,text=- ./...

usage: goesc -format FORMAT [packages]
       goesc -out FORMAT=FILE,... [packages]       - is standard output

${list}

Findings are every value on the heap (-only chooses other remarks), or those of 'goesc check', what costs most first:
broken promises, what a profile found (-profile), deep loops, large values. Each has a fingerprint of its package,
function and message, which moving lines does not change. -fixes looks for edits that help, at
the ${maxFixable} findings of a package that cost most.

Receivers have limits, which are kept and said on standard error: SARIF has at most 5,000 results (GitHub shows no more),
github 10 annotations of a kind, markdown the length of a comment. With -changed REV, and in a pull request on GitHub,
findings on lines that were changed are the last to be left out.
`;
}

export const almostHelp = `Example:

    $ goesc almost ./...
    # example.com/m
    ./parse.go:12:6: newToken costs 84, 4 over the budget of 80; 3 calls of it here; inlined, 3 values would leave the heap
        - next: &token{...} escapes to heap
        …

usage: goesc almost [-within N] [-json] [packages]

Lists functions that cost at most N (40) more than what the compiler inlines. Each is analysed again as if it were within
the budget: what would leave the heap of its package is proved, not guessed. Those that save most come first.
`;

export const vettoolHelp = `Example:

    $ go vet -vettool=$(which goesc-vettool) ./...

usage: go vet -vettool=PATH [-heap] [-fixes] [-l] [-whole] [-json] [packages]

Checks promises (goesc help promises) as part of go vet, with its test files: go spreads the work, hands facts about each
package to those that import it, and keeps results in its build cache, so that a second run starts nothing.
-heap makes every value on the heap a finding, -json shows fixes if -fixes looks for them.

Packages outside the request are answered at once; what is known of them is made when somebody needs it, and lies in goesc's
cache. -whole puts it into the files that go hands on instead, for builds whose steps see neither that cache nor the sources
of other packages.

go keeps a package that was only a dependency so far under the same name as one whose findings were wanted: with -heap
name all packages that you want to see from the start (./...). Broken promises are not lost.

This needs a Go toolchain and is slower than 'goesc check' the first time: go starts the tool once for each package.
`;
