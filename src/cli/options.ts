/** The one table of command-line options: parsing, defaults and help are derived from it.
 *
 *  Options are spelt as the go command spells its flags: `-tags=x`, `-tags x`, `--tags x`; an optional value needs
 *  the `=`. */

import { debugStages } from "../report/analyze.ts";
import { formats } from "../report/formats/index.ts";
import { remarkGroups } from "../report/remark.ts";

export const enum OptionKind {
  /** `-x` or `-x=false`. */
  Bool,
  /** `-x V` or `-x=V`. */
  Value,
  /** `-x` (then `implied`) or `-x=V`. */
  Optional,
  /** As Value, may be given several times. */
  List,
}

export interface OptionSpec {
  readonly name: string;
  readonly kind: OptionKind;
  /** The value's name in the help; "" for Bool. */
  readonly value: string;
  /** What Optional means without a value. */
  readonly implied?: string;
  readonly help: string;
  readonly group: OptionGroup;
  /** Another name for the same option. */
  readonly alias?: string;
}

export type OptionGroup = "analysis" | "output" | "check" | "almost" | "explain" | "build" | "accepted";

export const optionGroups: readonly { readonly name: OptionGroup; readonly title: string }[] = [
  { name: "analysis", title: "Analysis (the compiler's flags)" },
  { name: "output", title: "Output" },
  { name: "check", title: "With 'goesc check'" },
  { name: "almost", title: "With 'goesc almost'" },
  { name: "explain", title: "With 'goesc explain'" },
  { name: "build", title: "Build (as in 'go help build')" },
  { name: "accepted", title: "Accepted for the go command's sake, without effect" },
];

export const optionTable: readonly OptionSpec[] = [
  {
    name: "m",
    kind: OptionKind.Optional,
    value: "N",
    implied: "1",
    group: "analysis",
    help: "print the compiler's optimisation decisions; -m=2 with the flows that led to them",
  },
  { name: "l", kind: OptionKind.Optional, value: "N", implied: "1", group: "analysis", help: "disable inlining" },
  {
    name: "gcflags",
    kind: OptionKind.List,
    value: "[pattern=]flags",
    group: "analysis",
    help:
      "compiler flags for the packages named, or for those that match pattern: -gcflags='-m -l', -gcflags=all=-m; " +
      "understood are -m -l -N -e -lang -smallframes -race -json=0,DIR and -d=checkptr, inlfuncswithclosures, " +
      "inlstaticinit, nodeadlocals, tailcall, escapemutationscalls, zerocopy and the pgo switches",
  },
  { name: "json", kind: OptionKind.Bool, value: "", group: "output", help: "print one JSON record a line" },
  {
    name: "only",
    kind: OptionKind.Value,
    value: "KINDS",
    group: "output",
    help: `print only these remarks: ${remarkGroups.join(", ")} (a comma list)`,
  },
  {
    name: "sort",
    kind: OptionKind.Value,
    value: "ORDER",
    group: "output",
    help: "order remarks by line, by func(tion), or by cost: heap first, deepest loops in front",
  },
  {
    name: "summary",
    kind: OptionKind.Bool,
    value: "",
    group: "output",
    help: "print for each package how many values are on the heap, and by which rule",
  },
  {
    name: "format",
    kind: OptionKind.Value,
    value: "FORMAT",
    group: "output",
    help: `print findings in the format of a tool: ${formats.map(({ name }) => name).join(", ")} (goesc help formats)`,
  },
  {
    name: "out",
    kind: OptionKind.List,
    value: "FORMAT=FILE,...",
    group: "output",
    help: "write findings to files, several formats at once; - is standard output",
  },
  {
    name: "fixes",
    kind: OptionKind.Bool,
    value: "",
    group: "output",
    help: "with -format, -out, check: look for edits that help, try each, and give those that do",
  },
  {
    name: "profile",
    kind: OptionKind.Value,
    value: "FILE",
    group: "output",
    help: "with -format, -out, check: rank by what a heap profile of the program (pprof) says was allocated there",
  },
  {
    name: "changed",
    kind: OptionKind.Value,
    value: "REV",
    group: "output",
    help: "with -format, -out, check: where a receiver's limits leave findings out, keep those on lines changed since REV",
  },
  {
    name: "watch",
    kind: OptionKind.Bool,
    value: "",
    group: "output",
    help: "go on: analyse again whenever a file changes, between a line that begins and one that ends each round",
  },
  {
    name: "baseline",
    kind: OptionKind.Value,
    value: "FILE",
    group: "output",
    help: "print only what is new, gone or moved since FILE was written; exit code 1 if something is new",
  },
  {
    name: "write-baseline",
    kind: OptionKind.Value,
    value: "FILE",
    group: "output",
    help: "keep what is on the heap now, by function and expression, for -baseline",
  },
  {
    name: "budget",
    kind: OptionKind.List,
    value: "[PATTERN=]N",
    group: "check",
    help: "at most N values on the heap in the packages, or in those that PATTERN names",
  },
  {
    name: "heap",
    kind: OptionKind.Bool,
    value: "",
    group: "check",
    help: "every value on the heap is a finding",
  },
  {
    name: "within",
    kind: OptionKind.Value,
    value: "N",
    group: "almost",
    help: "functions that cost at most N more than the budget (default 40)",
  },
  {
    name: "fix",
    kind: OptionKind.Value,
    value: "N",
    group: "explain",
    help: "print the file as suggestion N changes it",
  },
  { name: "w", kind: OptionKind.Bool, value: "", group: "explain", help: "with -fix: write the file instead" },
  {
    name: "debug",
    kind: OptionKind.Value,
    value: "STAGE[,func]",
    group: "output",
    help: `print the state after a stage: ${debugStages.join(", ")} (docs/debugging.md)`,
  },
  {
    name: "dump",
    kind: OptionKind.Value,
    value: "graph[=dot|json]",
    group: "output",
    help: "print the escape graph of every function",
  },
  { name: "C", kind: OptionKind.Value, value: "DIR", group: "build", help: "change to DIR first" },
  { name: "tags", kind: OptionKind.Value, value: "a,b", group: "build", help: "build tags that hold" },
  { name: "mod", kind: OptionKind.Value, value: "MODE", group: "build", help: "readonly, vendor or mod" },
  { name: "modfile", kind: OptionKind.Value, value: "FILE", group: "build", help: "read FILE instead of go.mod" },
  {
    name: "overlay",
    kind: OptionKind.Value,
    value: "FILE",
    group: "build",
    help: "read other files in place of those that FILE lists, a JSON file as for go build -overlay",
  },
  {
    name: "pgo",
    kind: OptionKind.Value,
    value: "off|auto|FILE",
    group: "build",
    help: "the profile that guides inlining; auto (default) takes default.pgo beside a main package, for all that it imports",
  },
  {
    name: "go",
    kind: OptionKind.Value,
    value: "DIR|1.N",
    group: "build",
    help: "the Go installation whose standard library is read (default: GOROOT, the go on PATH, usual places), or the release whose rules are to hold for it",
  },
  {
    name: "reader",
    kind: OptionKind.Value,
    value: "NAME",
    group: "build",
    help: "what parses: descent (default), or tree-sitter: the same trees, ten times slower, as editors need it",
  },
  {
    name: "p",
    alias: "j",
    kind: OptionKind.Value,
    value: "N",
    group: "build",
    help: "packages to analyse at the same time",
  },
  ...["a", "i", "n", "v", "x", "work", "buildvcs", "linkshared", "modcacherw"].map(
    (name): OptionSpec => ({ name, kind: OptionKind.Bool, value: "", group: "accepted", help: "" }),
  ),
  ...["o", "ldflags", "asmflags", "gccgoflags", "buildmode", "compiler", "pkgdir", "installsuffix"].map(
    (name): OptionSpec => ({ name, kind: OptionKind.Value, value: "X", group: "accepted", help: "" }),
  ),
];

/** Build flags that change the compiler's output in ways that goesc does not follow. */
export const unsupportedFlags: ReadonlySet<string> = new Set([
  "race",
  "msan",
  "asan",
  "cover",
  "covermode",
  "coverpkg",
  "trimpath",
  "toolexec",
]);

export function findOption(name: string): OptionSpec | null {
  return optionTable.find((spec) => spec.name === name || spec.alias === name) ?? null;
}
