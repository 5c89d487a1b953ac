/** Formatted messages with types, objects, operands and expressions in them.
 *
 *  Mirrors cmd/compile/internal/types2/format.go and the few verbs of Go's fmt that messages use. */
import { Complex, Rat, Unknown, type Value, valueString } from "../base/constant.ts";
import type { FileSet, Pos, Position } from "../base/pos.ts";
import { type Node, NodeBase } from "../syntax/ast.ts";
import { exprString } from "../syntax/printer.ts";
import type { Checker } from "./check.ts";
import { objectString } from "./object.ts";
import { Operand, operandString } from "./operand.ts";
import { TypeTerm } from "./tset.ts";
import {
  Alias,
  ArrayT,
  Basic,
  Builtin,
  Chan,
  Const,
  Func,
  Interface,
  Label,
  MapT,
  Named,
  Nil,
  type Obj,
  Package,
  PkgName,
  Pointer,
  Signature,
  Slice,
  Struct,
  Term,
  Tuple,
  type Type,
  TypeName,
  TypeParam,
  Union,
  Var,
} from "./types.ts";
import { newTypeWriter, type Qualifier } from "./typestring.ts";
import { termString } from "./typeterm.ts";

/** A position as an argument of a message; plain numbers are numbers. */
export class PosArg {
  constructor(readonly pos: Pos) {}
}

const typeClasses = [
  Basic,
  ArrayT,
  Slice,
  Struct,
  Pointer,
  Tuple,
  Signature,
  Union,
  Interface,
  MapT,
  Chan,
  Named,
  TypeParam,
  Alias,
] as const;
const objClasses = [PkgName, Const, TypeName, Var, Func, Label, Builtin, Nil] as const;

export function isType(x: unknown): x is Type {
  return typeClasses.some((c) => x instanceof c);
}

export function isObj(x: unknown): x is Obj {
  return objClasses.some((c) => x instanceof c);
}

/** Puts the arguments in the place of the verbs (%s %v %d %q %t %c %%). The checker may be null. */
export function sprintf(c: Checker | null, format: string, ...args: unknown[]): string {
  const qf: Qualifier | null = c === null ? null : (pkg) => qualifier(c, pkg);
  const fset = c === null ? null : c.fset;
  let text = "";
  let next = 0;
  for (let i = 0; i < format.length; i++) {
    const ch = format[i];
    if (ch !== "%") {
      text += ch;
      continue;
    }
    const verb = format[++i];
    if (verb === "%") text += "%";
    else if (next >= args.length) text += `%!${verb}(MISSING)`;
    else text += argument(c, args[next++], verb, qf, fset);
  }
  return text;
}

function argument(c: Checker | null, arg: unknown, verb: string, qf: Qualifier | null, fset: FileSet | null): string {
  if (arg instanceof PosArg) return c === null ? "" : placeString(c, arg.pos);
  if (verb === "q" && typeof arg === "string") return quote(arg);
  if (verb === "c" && typeof arg === "number") return String.fromCodePoint(arg);
  return argText(arg, qf, fset);
}

function argText(arg: unknown, qf: Qualifier | null, fset: FileSet | null): string {
  if (typeof arg === "string") return arg;
  if (typeof arg === "number" || typeof arg === "bigint" || typeof arg === "boolean") return String(arg);
  if (arg === null || arg === undefined) return "<nil>";
  if (arg instanceof Operand) return operandString(arg, qf, fset);
  if (arg instanceof NodeBase) return exprString(arg as Node as never);
  if (Array.isArray(arg)) {
    // Lists of types share one writer in the compiler; it makes no difference here.
    return `[${arg.map((x) => argText(x, qf, fset)).join(", ")}]`;
  }
  if (isObj(arg)) return objectString(arg, qf, fset);
  if (isType(arg)) {
    const w = newTypeWriter(qf, fset);
    w.typ(arg);
    return w.text;
  }
  if (arg instanceof Package) return `package ${arg.name} (${quote(arg.path)})`;
  if (arg instanceof Term) return termString(new TypeTerm(arg.tilde, arg.type));
  if (arg instanceof Rat || arg instanceof Complex || arg instanceof Unknown) return valueString(arg as Value);
  return String(arg);
}

/** How messages name a package: not at all if it is the one being checked, by its path if there are several of that
 *  name among the imports. */
export function qualifier(c: Checker, pkg: Package): string {
  if (pkg === c.pkg) return "";
  if (c.pkgPathMap === null) {
    c.pkgPathMap = new Map();
    c.seenPkgMap = new Set();
    markImports(c, c.pkg);
  }
  const paths = c.pkgPathMap.get(pkg.name);
  return paths !== undefined && paths.size > 1 ? quote(pkg.path) : pkg.name;
}

/** Records the names and paths of a package and all it imports. */
export function markImports(c: Checker, pkg: Package): void {
  c.seenPkgMap ??= new Set();
  if (c.seenPkgMap.has(pkg)) return;
  c.seenPkgMap.add(pkg);
  c.pkgPathMap ??= new Map();
  let paths = c.pkgPathMap.get(pkg.name);
  if (paths === undefined) {
    paths = new Set();
    c.pkgPathMap.set(pkg.name, paths);
  }
  paths.add(pkg.path);
  for (const imported of pkg.imports) markImports(c, imported);
}

/** A position as it stands in the text of a message: with the real place in brackets where a line directive applies. */
export function posString(fset: FileSet, pos: Pos): string {
  const shown = positionText(fset.position(pos));
  const real = positionText(fset.absolute(pos));
  return shown === real ? shown : `${shown}[${real}]`;
}

/** A position that the text of a message points to. The compiler knows GOROOT's files, when it is not compiling them,
 *  from export data, by another name. */
export function placeString(c: Checker, pos: Pos): string {
  const text = posString(c.fset, pos);
  const { goroot } = c.conf;
  if (goroot === undefined || !text.startsWith(`${goroot}/`)) return text;
  const file = c.fset.file(pos);
  return c.files.some((f) => c.fset.file(f.pos) === file) ? text : `$GOROOT${text.slice(goroot.length)}`;
}

function positionText(at: Position): string {
  if (at.line === 0) return at.filename === "" ? "<unknown position>" : at.filename;
  return at.col === 0 ? `${at.filename}:${at.line}` : `${at.filename}:${at.line}:${at.col}`;
}

const escapes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** A double-quoted Go string literal (strconv.Quote). */
export function quote(s: string): string {
  let text = '"';
  for (const ch of s) {
    const code = ch.codePointAt(0)!;
    if (ch in escapes) text += escapes[ch];
    else if (ch === " " || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(ch)) text += ch;
    else if (code < 0x80) text += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) text += `\\u${code.toString(16).padStart(4, "0")}`;
    else text += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `${text}"`;
}

/** Without subscripts, which messages to people do not show. */
export function stripAnnotations(s: string): string {
  return s.replace(/[₀-₉]/g, "");
}
