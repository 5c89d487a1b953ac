/** Switches of the compiler's -d flag, and -race, that change what is decided or said before code generation
 *  (cmd/compile/internal/base/debug.go). */

export interface DebugSwitches {
  /** Instrumentation of conversions to and from unsafe.Pointer: 0 none, 1 those that make a pointer, 2 both; -1 if not
   *  given, which is 1 with -race and otherwise 0. */
  readonly checkptr: number;
  /** Functions that contain function literals can be inlined. */
  readonly inlfuncswithclosures: boolean;
  /** Inlined calls can be static data. */
  readonly inlstaticinit: boolean;
  /** Assignments to locals that nobody reads are kept. */
  readonly nodeadlocals: boolean;
  /** Say which method wrappers end in a tail call. */
  readonly tailcall: boolean;
  /** Conversions of floats to integers saturate: -d=converthash with a pattern that every position matches. */
  readonly converthash: boolean;
  /** Link name of a function that all others call first, to test growing stacks; "" for none. */
  readonly maymorestack: string;
  /** A wrong decision, made on purpose: what is on this line, or has this name, stays on the stack. For the test of
   *  `goesc run -check`; the compiler has no such switch. */
  readonly wrongstack: string;
  /** -race: accesses to memory are instrumented. */
  readonly race: boolean;
}

export const defaultSwitches: DebugSwitches = {
  checkptr: -1,
  inlfuncswithclosures: true,
  inlstaticinit: true,
  nodeadlocals: false,
  tailcall: false,
  converthash: false,
  maymorestack: "",
  wrongstack: "",
  race: false,
};

/** Switches that change nothing that goesc shows: they concern generated code, the compiler's own work, or how it is
 *  searched for mistakes. Those of single ssa passes are `ssa/PASS/…`. */
export const harmlessSwitches: ReadonlySet<string> = new Set([
  "alignhot",
  "compressinstructions",
  "disablenil",
  "escapealiascheck",
  "fipshash",
  "fmahash",
  "freeappend",
  "gcadjust",
  "gccheck",
  "gcstart",
  "gossahash",
  "libfuzzer",
  "mergelocals",
  "mergelocalshash",
  "noopendefer",
  "norefname",
  "panic",
  "softfloat",
  "syncframes",
  "variablemakethreshold",
]);

/** Switches that change decisions, or print things, that goesc does not know. */
export const unsupportedSwitches: ReadonlySet<string> = new Set([
  "abiwrap",
  "append",
  "closure",
  "defer",
  "dumpinlcallsitescores",
  "dumpinlfuncprops",
  "dumpptrs",
  "dwarfinl",
  "escapealias",
  "escapedebug",
  "export",
  "gcprog",
  "inlbudgetslack",
  "inlscoreadj",
  "literalallochash",
  "locationlists",
  "loopvar",
  "loopvarhash",
  "maxshapelen",
  "mergelocalsdumpfunc",
  "mergelocalshtrace",
  "mergelocalstrace",
  "nil",
  "pctab",
  "rangefunccheck",
  "reshape",
  "shapify",
  "slice",
  "staticcopy",
  "typeassert",
  "variablemakehash",
  "wb",
  "wrapglobalmapctl",
  "wrapglobalmapdbg",
]);
