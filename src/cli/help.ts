/** Help texts: an example first, then the options of options.ts. */
import { almostHelp, checkHelp, formatsHelp, promisesHelp, vettoolHelp } from "./check-help.ts";
import { OptionKind, type OptionSpec, optionGroups, optionTable } from "./options.ts";
import { runHelp, testHelp } from "./run-help.ts";

interface Topic {
  readonly name: string;
  readonly summary: string;
  readonly text: () => string;
}

const usage = "usage: goesc [flags] [packages | files.go]";

function analyzeHelp(): string {
  const lines = [
    "Example:",
    "",
    "    $ goesc -m -l x.go",
    "    # command-line-arguments",
    "    ./x.go:5:9: &T{...} escapes to heap",
    "",
    usage,
    "",
    "Prints what 'go build -gcflags=\"-m -l\"' prints, without running Go: which values of a Go program live on the heap,",
    "and which stay on the stack. Remarks go to standard output, errors to standard error.",
    "Packages are named as for the go command: directories, import paths, patterns (./..., std, cmd/...), or files.",
    "",
    "Exit code: 0 analysed, 1 the source has errors, 2 the command line is wrong.",
  ];
  for (const group of optionGroups) {
    const specs = optionTable.filter((spec) => spec.group === group.name);
    lines.push("", `${group.title}:`, "");
    if (group.name === "accepted") lines.push(...wrap(specs.map((spec) => `-${spec.name}`).join(" "), 100, "    "));
    else for (const spec of specs) lines.push(...optionLines(spec));
  }
  lines.push("", ...wrap(`More, with 'goesc help TOPIC': ${otherTopics()}.`, 100, ""));
  return `${lines.join("\n")}\n`;
}

/** How an option is written. */
export function optionSyntax(spec: OptionSpec): string {
  const value =
    spec.kind === OptionKind.Bool ? "" : spec.kind === OptionKind.Optional ? `[=${spec.value}]` : ` ${spec.value}`;
  return `-${spec.name}${spec.alias === undefined ? "" : `, -${spec.alias}`}${value}`;
}

function optionLines(spec: OptionSpec): string[] {
  const syntax = optionSyntax(spec);
  const [first, ...rest] = wrap(spec.help, 80, "");
  const pad = " ".repeat(28);
  const head = syntax.length <= 22 ? [`    ${syntax.padEnd(24)}${first}`] : [`    ${syntax}`, pad + first];
  return [...head, ...rest.map((line) => pad + line)];
}

function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line];
}

const packagesHelp = `Example:

    $ goesc -m ./internal/... example.com/other

Packages are named as for the go command:

    x.go y.go          files of one directory, as one package
    . ./sub /abs/dir   directories
    net/http           import paths: of the standard library, of the main module, of its dependencies
    ./... x/...        everything below, vendor directories left out
    std cmd            the standard library, the commands of the Go distribution
    all                the main module's packages and all that they import

Modules are looked up in the main module or workspace (go.mod, go.work), in its vendor directory and in the module
cache. goesc fetches nothing: 'go mod download' puts a missing module into the cache.
`;

const environmentHelp = `Example:

    $ GOOS=windows GOARCH=amd64 goesc -m .

Read from the environment, then from the file of 'go env -w', then from GOROOT/go.env:

    GOROOT             the Go installation whose standard library is read
    GOOS, GOARCH       the system that the program is for, with GOAMD64, GOARM and the like
    CGO_ENABLED        1 to take files that need cgo (an error: goesc has no C compiler), 0 to leave them out
    GOFLAGS            -tags, -mod, -modfile, -overlay, -gcflags for every call
    GOPATH, GOMODCACHE where the module cache is
    GOWORK, GO111MODULE, GOEXPERIMENT
    GOESC_CACHE        where goesc keeps summaries of packages (default: goesc in the user's cache directory)
    GOESC_CACHE_SIZE   how much that may be (default: 1G); see 'goesc help cache'

With GOROOT=off, or where there is no Go installation, imports of the standard library are known by the summary that
comes with goesc. 'goesc version' says which release that is.
`;

const cacheHelp = `Example:

    $ goesc cache
    directory       ~/.cache/goesc
    size            31.2 MB, at most 1.0 GB
    summaries       412 files, 31.2 MB

usage: goesc cache [clean]

Shows the cache directory, or removes what is in it. goesc keeps a summary of every package that others import, so that
the next run reads it instead of the package. It looks after itself: entries of other versions of goesc that are gone
are removed, and beyond the size that GOESC_CACHE_SIZE sets (512M, 2G; 0 keeps nothing) those that were not used for
longest. It can be removed at any time.
`;

const explainHelp = `Example:

    $ goesc explain x.go:6
    ./x.go:6:2: \`x\` is a variable on the heap.
    …
    1. The address of \`x\` is taken.
    2. It is returned. How long the caller keeps it is not known here.
    …
    What would keep it on the stack:
    1. Use the value instead of a pointer to it.

usage: goesc explain [flags] FILE.go:LINE[:COL] [packages]
       goesc explain [flags] [PACKAGE.]FUNC

Says of every value on the line, or in the function, where it lives and why: step by step along the flow, into the
functions that it is passed to, with the rule and its example. A function is named as in F, fmt.Println, ./sub.F,
net/http.(*Client).Do. The package of the file's directory is analysed, or the file alone if it is no part of that.
With -l as the compiler decides with -gcflags=-l; without, after inlining.

Suggestions are changes of the source that were applied in memory and analysed again: the package still compiles, and
this value and on the whole fewer values are on the heap. "Mind" says where the program then behaves differently.

    -fix N             print the file as suggestion N changes it
    -fix N -w          write it instead

Exit code: 0 explained, 1 nothing to explain or the source has errors, 2 the command line is wrong.
`;

const diffHelp = `Example:

    $ goesc diff main..HEAD
    new    x.go:9:2: moved to heap: buf (in encode)
    1 new, 0 gone, 0 moved

    $ goesc -m -json ./... > old.json
    $ # edit
    $ goesc -m -json ./... > new.json
    $ goesc diff old.json new.json
    new    x.go:9:2: moved to heap: buf (in encode)
    1 new, 0 gone, 0 moved

usage: goesc diff [flags] OLD..NEW [packages]
       goesc diff [flags] REVISION [packages]
       goesc diff [flags] OLD NEW
       goesc -write-baseline FILE [flags] [packages]
       goesc -baseline FILE [flags] [packages]

Compares the values on the heap. OLD..NEW are git revisions (OLD...NEW: since they parted), one REVISION is compared with
the working tree; their files are read with git and changed nowhere. Else OLD and NEW are saved output of goesc or of the
compiler, as text or of -json, or directories, which are analysed with all packages below them. A value is known by its
package, its function and its message, so that moving lines changes nothing. In saved text the file stands for the
function.
A baseline is the same thing in one file that can be kept under version control: it has no line numbers.
With -json: one record a line; -format=markdown for a comment on a pull request, other formats for what is new.

Exit code: 0 nothing new, 1 something is new on the heap, 2 it could not be compared.
`;

const lspHelp = `Example (Neovim):

    vim.lsp.start({ name = "goesc", cmd = { "goesc", "lsp" }, root_dir = vim.fs.root(0, { "go.mod" }) })

usage: goesc lsp

Runs a language server on standard input and output. It shows beside the code what is on the heap and why, while it is
edited: diagnostics, inlay hints, hover texts, a lens above each function, and edits that were proved to help. It runs
beside gopls and does not repeat its errors. No Go installation is needed.
Settings (section "goesc"): diagnostics (off, heap, leaks, all), severity, hints (off, hot, escapes, all), lens, goroot,
tags, env, noInline. How to set up editors is said in docs/editors.
`;

const topics: readonly Topic[] = [
  { name: "analyze", summary: "analyse packages (the default)", text: analyzeHelp },
  { name: "explain", summary: "why values are on the heap, and what would help", text: () => explainHelp },
  { name: "diff", summary: "what is new on the heap: two outputs, directories, a baseline", text: () => diffHelp },
  { name: "check", summary: "promises in the code, baseline, budgets: for reviews and CI", text: () => checkHelp },
  { name: "promises", summary: "//goesc:noalloc and the like", text: () => promisesHelp },
  { name: "formats", summary: "output for other tools: sarif, junit, github, html …", text: formatsHelp },
  { name: "almost", summary: "functions just over the inlining budget", text: () => almostHelp },
  { name: "vettool", summary: "promises as part of go vet", text: () => vettoolHelp },
  { name: "lsp", summary: "a language server for editors", text: () => lspHelp },
  { name: "run", summary: "run a program and account for what it allocates", text: () => runHelp },
  { name: "test", summary: "run the tests of packages", text: () => testHelp },
  { name: "packages", summary: "how to name packages", text: () => packagesHelp },
  { name: "environment", summary: "variables that matter", text: () => environmentHelp },
  { name: "cache", summary: "show or clean the cache", text: () => cacheHelp },
  {
    name: "version",
    summary: "the version of goesc and of the Go release it reads",
    text: () =>
      "Example:\n\n    $ goesc version\n\nusage: goesc version\n\nPrints the version of goesc and the Go installation found.\n",
  },
];

function otherTopics(): string {
  return topics
    .map(({ name }) => name)
    .filter((name) => name !== "analyze")
    .join(", ");
}

/** The text of `goesc help TOPIC` ("" for the main page); null for a topic that does not exist. */
export function helpText(topic: string): string | null {
  if (topic === "") return analyzeHelp();
  if (topic === "topics")
    return `${topics.map(({ name, summary }) => `    ${name.padEnd(14)}${summary}`).join("\n")}\n`;
  return topics.find(({ name }) => name === topic)?.text() ?? null;
}

/** How goesc, or one of its commands, is to be used. */
export function shortUsage(command = ""): string {
  const line = /^usage: .*$/m.exec(helpText(command) ?? "")?.[0] ?? usage;
  return `${line}\nRun 'goesc help${command === "" ? "" : ` ${command}`}' for details.\n`;
}
