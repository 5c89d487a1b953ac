/** Compiler directives: what `//go:` comments mean and where they may stand.
 *
 *  Mirrors  the pragma parts of cmd/compile/internal/noder/noder.go and lex.go (and the bits of ir/node.go), Go 1.26.
 *           Known difference: the AIX rule for cgo_import_dynamic is left out. */
import type { Pos } from "../base/pos.ts";
import type { Directive } from "./ast.ts";
import { unquote } from "./quote.ts";

export const enum PragmaFlag {
  None = 0,
  Nointerface = 1 << 0,
  /** Parameters do not escape. */
  Noescape = 1 << 1,
  Norace = 1 << 2,
  Nosplit = 1 << 3,
  Noinline = 1 << 4,
  NoCheckPtr = 1 << 5,
  CgoUnsafeArgs = 1 << 6,
  /** Pointers converted to uintptr must be kept alive. */
  UintptrKeepAlive = 1 << 7,
  /** Pointers converted to uintptr escape. */
  UintptrEscapes = 1 << 8,
  Systemstack = 1 << 9,
  Nowritebarrier = 1 << 10,
  Nowritebarrierrec = 1 << 11,
  Yeswritebarrierrec = 1 << 12,
  GoBuildPragma = 1 << 13,
  RegisterParams = 1 << 14,
}

/** The flags that a function declaration takes. */
export const funcPragmas: PragmaFlag =
  PragmaFlag.Nointerface |
  PragmaFlag.Noescape |
  PragmaFlag.Norace |
  PragmaFlag.Nosplit |
  PragmaFlag.Noinline |
  PragmaFlag.NoCheckPtr |
  PragmaFlag.RegisterParams |
  PragmaFlag.CgoUnsafeArgs |
  PragmaFlag.UintptrKeepAlive |
  PragmaFlag.UintptrEscapes |
  PragmaFlag.Systemstack |
  PragmaFlag.Nowritebarrier |
  PragmaFlag.Nowritebarrierrec |
  PragmaFlag.Yeswritebarrierrec;

const runtimePragmas: PragmaFlag =
  PragmaFlag.Systemstack | PragmaFlag.Nowritebarrier | PragmaFlag.Nowritebarrierrec | PragmaFlag.Yeswritebarrierrec;

/** A `//go:linkname` directive, which belongs to the file, wherever it stands. */
export interface Linkname {
  readonly pos: Pos;
  readonly local: string;
  /** "" if the directive has no second name: the object keeps its own symbol, but others may refer to it. */
  readonly remote: string;
}

/** What the directives of a file depend on and report to. */
export interface PragmaContext {
  /** The package is of the standard library. */
  readonly std: boolean;
  /** The package is runtime or one of those that it rests on. */
  readonly compilingRuntime: boolean;
  readonly wasm: boolean;
  /** Without its folder. */
  readonly fileName: string;
  readonly linknames: Linkname[];
  report(pos: Pos, msg: string): void;
}

/** The flags of a directive, 0 for unknown ones. */
export function pragmaFlag(verb: string): PragmaFlag {
  switch (verb) {
    case "go:build":
      return PragmaFlag.GoBuildPragma;
    case "go:noescape":
      return PragmaFlag.Noescape;
    case "go:norace":
      return PragmaFlag.Norace;
    case "go:nosplit":
      return PragmaFlag.Nosplit | PragmaFlag.NoCheckPtr;
    case "go:noinline":
      return PragmaFlag.Noinline;
    case "go:nocheckptr":
      return PragmaFlag.NoCheckPtr;
    case "go:systemstack":
      return PragmaFlag.Systemstack;
    case "go:nowritebarrier":
      return PragmaFlag.Nowritebarrier;
    case "go:nowritebarrierrec":
      return PragmaFlag.Nowritebarrierrec | PragmaFlag.Nowritebarrier;
    case "go:yeswritebarrierrec":
      return PragmaFlag.Yeswritebarrierrec;
    case "go:cgo_unsafe_args":
      return PragmaFlag.CgoUnsafeArgs | PragmaFlag.NoCheckPtr;
    case "go:uintptrkeepalive":
      return PragmaFlag.UintptrKeepAlive;
    case "go:uintptrescapes":
      return PragmaFlag.UintptrEscapes | PragmaFlag.UintptrKeepAlive;
    case "go:registerparams":
      return PragmaFlag.RegisterParams;
  }
  return 0; // go:nointerface among them: it needs GOEXPERIMENT=fieldtrack
}

/** Directives without flags that the standard library may use. */
function isAllowedStd(verb: string): boolean {
  switch (verb) {
    case "go:cgo_export_static":
    case "go:cgo_export_dynamic":
    case "go:cgo_import_static":
    case "go:cgo_import_dynamic":
    case "go:cgo_ldflag":
    case "go:cgo_dynamic_linker":
    case "go:embed":
    case "go:fix":
    case "go:generate":
      return true;
  }
  return false;
}

/** All flags of a declaration's directives. */
export function asPragmaFlag(directives: readonly Directive[]): PragmaFlag {
  let flags: PragmaFlag = 0;
  for (const directive of directives) flags |= directive.flag;
  return flags;
}

/** Adds a directive to those that wait for a declaration. `text` is without `//`. */
export function pragma(x: PragmaContext, pos: Pos, blankLine: boolean, text: string, pending: Directive[]): void {
  if (!blankLine) {
    x.report(pos, "misplaced compiler directive");
    return;
  }
  if (text.startsWith("go:wasmimport ")) {
    wasm(x, pos, text, 3, "usage: //go:wasmimport importmodule importname", pending);
    return;
  }
  if (text.startsWith("go:wasmexport ")) {
    wasm(x, pos, text, 2, "usage: //go:wasmexport exportname", pending);
    return;
  }
  // The second form is known from Go 1.27 on, in the standard library.
  if (text.startsWith("go:linkname ") || (x.std && text.startsWith("go:linknamestd "))) {
    const f = fields(text);
    if (f.length === 2 || f.length === 3) x.linknames.push({ pos, local: f[1], remote: f[2] ?? "" });
    else x.report(pos, `usage: //${f[0]} localname [linkname]`);
    return;
  }
  if (text === "go:embed" || text.startsWith("go:embed ")) {
    const { list, error } = parseGoEmbed(text.slice("go:embed".length));
    if (error !== null) x.report(pos, error);
    if (list.length === 0) x.report(pos, "usage: //go:embed pattern...");
    else pending.push({ pos, text, flag: 0, embeds: list });
    return;
  }
  if (text.startsWith("go:cgo_") && cgo(x, pos, text)) return;
  const space = text.indexOf(" ");
  const verb = space < 0 ? text : text.slice(0, space);
  const flag = pragmaFlag(verb);
  if (!x.compilingRuntime && (flag & runtimePragmas) !== 0) x.report(pos, `//${verb} only allowed in runtime`);
  if (flag === PragmaFlag.UintptrKeepAlive && !x.std) {
    x.report(pos, `//${verb} is only allowed in the standard library`);
  }
  if (flag === 0 && x.std && !isAllowedStd(verb)) {
    x.report(pos, `//${verb} is not allowed in the standard library`);
  }
  pending.push({ pos, text, flag, embeds: [] });
}

function wasm(x: PragmaContext, pos: Pos, text: string, words: number, usage: string, pending: Directive[]): void {
  if (fields(text).length !== words) x.report(pos, usage);
  else if (x.wasm) pending.push({ pos, text, flag: 0, embeds: [] });
}

/** Checks a cgo directive; true if there is no more to it. */
function cgo(x: PragmaContext, pos: Pos, text: string): boolean {
  const generated = x.fileName.startsWith("_cgo_");
  if (text.startsWith("go:cgo_import_dynamic ")) {
    const f = pragmaFields(text);
    if (f.length >= 4) {
      const library = f[3].replace(/^"+|"+$/g, "");
      if (library !== "" && !safeArg(library) && !generated) {
        x.report(pos, `invalid library name ${JSON.stringify(library)} in cgo_import_dynamic directive`);
      }
      pragcgo(x, pos, text);
      return true;
    }
  }
  if (!generated && !x.std) x.report(pos, `//${text} only allowed in cgo-generated code`);
  pragcgo(x, pos, text);
  return false;
}

function pragcgo(x: PragmaContext, pos: Pos, text: string): void {
  const f = pragmaFields(text);
  const verb = f[0].replace(/^go:/, "");
  const shape = f
    .slice(1)
    .map((word) => (isQuoted(word) ? "q" : "n"))
    .join("");
  let forms: readonly string[];
  let usage: string;
  switch (verb) {
    case "cgo_export_static":
    case "cgo_export_dynamic":
      forms = ["n", "nn"];
      usage = "local [remote]";
      break;
    case "cgo_import_dynamic":
      forms = ["n", "nn", "nnq"];
      usage = 'local [remote ["library"]]';
      break;
    case "cgo_import_static":
      forms = ["n"];
      usage = "local";
      break;
    case "cgo_dynamic_linker":
      forms = ["q"];
      usage = '"path"';
      break;
    case "cgo_ldflag":
      forms = ["q"];
      usage = '"arg"';
      break;
    default:
      return;
  }
  if (!forms.includes(shape)) x.report(pos, `usage: //go:${verb} ${usage}`);
}

/** Directives that no declaration took. */
export function checkUnusedDuringParse(x: PragmaContext, pending: readonly Directive[]): void {
  for (const d of pending) if (d.flag !== 0) x.report(d.pos, "misplaced compiler directive");
  for (const d of pending) if (d.embeds.length > 0) x.report(d.pos, "misplaced go:embed directive");
  for (const verb of ["go:wasmimport", "go:wasmexport"]) {
    const last = pending.findLast((d) => d.text.startsWith(`${verb} `));
    if (last !== undefined) x.report(last.pos, `misplaced ${verb} directive`);
  }
}

/** The directives that a declaration took but that do not apply to it (noder/writer.go). */
export function checkPragmas(
  directives: readonly Directive[],
  allowed: PragmaFlag,
  embedOK: boolean,
  report: (pos: Pos, msg: string) => void,
): void {
  for (const d of directives) if ((d.flag & ~allowed) !== 0) report(d.pos, "misplaced compiler directive");
  if (embedOK) return;
  for (const d of directives) if (d.embeds.length > 0) report(d.pos, "misplaced go:embed directive");
}

/** The patterns after `//go:embed`, with their places in `args` (in UTF-16 units); none after an error. */
export function parseGoEmbed(args: string): { list: string[]; offsets: number[]; error: string | null } {
  const list: string[] = [];
  const offsets: number[] = [];
  let rest = args.trimStart();
  while (rest !== "") {
    let length: number;
    let path: string | null;
    if (rest[0] === "`") {
      length = rest.indexOf("`", 1) + 1;
      path = length === 0 ? null : rest.slice(1, length - 1);
    } else if (rest[0] === '"') {
      length = /^"(?:[^"\\]|\\[\s\S])*"/.exec(rest)?.[0].length ?? 0;
      path = length === 0 ? null : unquote(rest.slice(0, length));
    } else {
      length = /^\S+/.exec(rest)![0].length;
      path = rest.slice(0, length);
    }
    const after = rest.slice(length);
    if (path === null || (after !== "" && !/^\s/.test(after))) {
      const what = path !== null ? after : length === 0 ? rest : rest.slice(0, length);
      return { list: [], offsets: [], error: `invalid quoted string in //go:embed: ${what.trimEnd()}` };
    }
    list.push(path);
    offsets.push(args.length - rest.length);
    rest = after.trimStart();
  }
  return { list, offsets, error: null };
}

function fields(text: string): string[] {
  return text.trim().split(/\s+/);
}

function isQuoted(word: string): boolean {
  return word.length >= 2 && word.startsWith('"') && word.endsWith('"');
}

/** Splits at white space and around double-quoted stretches; an open quote ends the list. */
function pragmaFields(text: string): string[] {
  return text.match(/"[^"]*"|[^\s"]+|"[\s\S]*$/g)?.filter((word) => !word.startsWith('"') || isQuoted(word)) ?? [];
}

/** A word that means nothing special on a command line. */
function safeArg(word: string): boolean {
  return /^[0-9A-Za-z._/\u0080-\u{10ffff}]/u.test(word);
}
