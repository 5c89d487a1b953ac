/** Types and symbols as text (cmd/compile/internal/types/fmt.go).
 *
 *  Two forms: for people, where symbols of the package under compilation are bare and others carry their package's
 *  name; and the link form, which qualifies all symbols with the package path and is the same for identical types. */

import { quoteBytes } from "../base/constant.ts";
import { ChanDir } from "../syntax/ast.ts";
import { isAnyType, isExported } from "./typeops.ts";
import type { Field, Pkg, Sym, Type } from "./types.ts";
import { TKind } from "./types.ts";
import { basicTypeNames } from "./universe.ts";

const enum Mode {
  /** For people. */
  Go,
  /** Package names everywhere, as dumps have it. */
  Debug,
  /** Link form. */
  TypeID,
  /** Link form with package names for paths. */
  TypeIDName,
}

const enum Verb {
  /** Go syntax. */
  V,
  /** Short: function types without `func`, symbols without package. */
  S,
  /** The underlying type of a named one; of fields, the name in full. */
  L,
}

/** `%v` of a type in package `local`. */
export function typeString(t: Type | null, local: Pkg | null): string {
  return tconv(t, Verb.V, Mode.Go, local);
}

/** `%S`: function types without the leading `func`. */
export function typeStringShort(t: Type | null, local: Pkg | null): string {
  return tconv(t, Verb.S, Mode.Go, local);
}

/** `%-S`: short link form, as method symbols spell their receiver. */
export function typeStringReceiver(t: Type): string {
  return tconv(t, Verb.S, Mode.TypeID, null);
}

/** Identical types, and only those, have the same link string. */
export function linkString(t: Type): string {
  t.linkStringCache ??= tconv(t, Verb.V, Mode.TypeID, null);
  return t.linkStringCache;
}

/** The link form with package names instead of paths. */
export function nameString(t: Type): string {
  return tconv(t, Verb.V, Mode.TypeIDName, null);
}

/** `%+v`: the kind before the type, as node dumps print it. */
export function typeStringDebug(t: Type | null, local: Pkg | null): string {
  return tconv(t, Verb.V, Mode.Debug, local);
}

/** A symbol as package `local` sees it. */
export function symString(sym: Sym | null, local: Pkg | null): string {
  return sconv(sym, Verb.V, Mode.Go, local);
}

/** A symbol with its package's name, local or not. */
export function symStringDebug(sym: Sym | null): string {
  return sconv(sym, Verb.V, Mode.Debug, null);
}

/** The symbol as the linker knows it. */
export function linkSymString(sym: Sym): string {
  return sym.pkg === null ? sym.name : `${pathToPrefix(sym.pkg.path)}.${sym.name}`;
}

/** A package path as it stands in link symbols (cmd/internal/objabi/path.go): dots after the last slash and what could
 *  not be told apart are escaped. */
export function pathToPrefix(path: string): string {
  if (path === "go.shape") return path; // the pseudo-package of shapes has its prefix as it is
  const slash = path.lastIndexOf("/");
  let plain = true;
  for (let i = 0; i < path.length && plain; i++) plain = !escapedInPrefix(path.charCodeAt(i), i > slash);
  if (plain) return path;
  let prefix = "";
  for (const byte of new TextEncoder().encode(path)) prefix += String.fromCharCode(byte);
  const lastSlash = prefix.lastIndexOf("/");
  let out = "";
  for (let i = 0; i < prefix.length; i++) {
    const c = prefix.charCodeAt(i);
    out += escapedInPrefix(c, i > lastSlash) ? `%${c.toString(16).padStart(2, "0")}` : prefix[i];
  }
  return out;
}

function escapedInPrefix(c: number, inBase: boolean): boolean {
  return c <= 32 || (c === 46 && inBase) || c === 37 || c === 34 || c >= 0x7f;
}

/** The `name` and the `·N` of a function-local type's name. */
export function splitVargenSuffix(name: string): { base: string; suffix: string } {
  let i = name.length;
  while (i > 0 && name.charCodeAt(i - 1) >= 48 && name.charCodeAt(i - 1) <= 57) i--;
  if (i > 0 && name[i - 1] === "·") return { base: name.slice(0, i - 1), suffix: name.slice(i - 1) };
  return { base: name, suffix: "" };
}

function sconv(sym: Sym | null, verb: Verb, mode: Mode, local: Pkg | null): string {
  if (sym === null) return "<S>";
  const qualifier = pkgqual(sym.pkg, verb, mode, local);
  return qualifier === "" ? sym.name : `${qualifier}.${sym.name}`;
}

function pkgqual(pkg: Pkg | null, verb: Verb, mode: Mode, local: Pkg | null): string {
  if (pkg === null || verb === Verb.S) return "";
  switch (mode) {
    case Mode.Go:
      return pkg === local || (local !== null && pkg.path === local.path) ? "" : pkg.name;
    case Mode.Debug:
    case Mode.TypeIDName:
      return pkg.name;
    case Mode.TypeID:
      return pathToPrefix(pkg.path);
  }
}

function tconv(t: Type | null, verb: Verb, mode: Mode, local: Pkg | null): string {
  if (t === null) return "<T>";
  const sym = t.sym;
  if (sym !== null && sym.pkg === null) {
    // Predeclared; the link form of an alias is what it stands for.
    if (mode === Mode.TypeID || mode === Mode.TypeIDName) {
      if (isAnyType(t)) return "interface {}";
      if (t.kind === TKind.UINT8) return "uint8";
      if (t.kind === TKind.INT32) return "int32";
    }
    return sym.name;
  }
  if (t.kind === TKind.UNSAFEPTR && (sym === null || sym.pkg?.path === "unsafe")) {
    return mode === Mode.Debug ? `${kindNames[t.kind]}-unsafe.Pointer` : "unsafe.Pointer";
  }
  if (sym !== null && verb !== Verb.L) {
    if (mode === Mode.TypeID) {
      const name = sconv(sym, verb, mode, local);
      return t.vargen === 0 || splitVargenSuffix(sym.name).suffix !== "" ? name : `${name}·${t.vargen}`;
    }
    const { base, suffix } = splitVargenSuffix(sym.name);
    if (suffix === "") return sconv(sym, verb, mode, local);
    const qualifier = pkgqual(sym.pkg, verb, mode, local);
    return qualifier === "" ? base : `${qualifier}.${base}`;
  }
  const basic = basicTypeNames[t.kind];
  if (basic !== "") return basic;
  if (mode === Mode.Debug) return `${kindNames[t.kind]}-${tconv(t, Verb.V, Mode.Go, local)}`;

  switch (t.kind) {
    case TKind.PTR: {
      const short = verb === Verb.S && (mode === Mode.TypeID || mode === Mode.TypeIDName);
      return `*${tconv(t.elem, short ? Verb.S : Verb.V, mode, local)}`;
    }
    case TKind.ARRAY:
      return `[${t.len}]${tconv(t.elem, Verb.V, mode, local)}`;
    case TKind.SLICE:
      return `[]${tconv(t.elem, Verb.V, mode, local)}`;
    case TKind.CHAN: {
      const elem = tconv(t.elem, Verb.V, mode, local);
      if (t.dir === ChanDir.RecvOnly) return `<-chan ${elem}`;
      if (t.dir === ChanDir.SendOnly) return `chan<- ${elem}`;
      const e = t.elem;
      return e !== null && e.kind === TKind.CHAN && e.sym === null && e.dir === ChanDir.RecvOnly
        ? `chan (${elem})`
        : `chan ${elem}`;
    }
    case TKind.MAP:
      return `map[${tconv(t.key, Verb.V, mode, local)}]${tconv(t.elem, Verb.V, mode, local)}`;
    case TKind.INTER:
      return interfaceString(t, mode, local);
    case TKind.FUNC:
      return signatureString(t, verb, mode, local);
    case TKind.STRUCT:
      return structString(t, mode, local);
    case TKind.TUPLE:
      return t.fields.map((f) => tconv(f.type, Verb.V, Mode.Go, local)).join(",");
    default:
      return kindNames[t.kind];
  }
}

function interfaceString(t: Type, mode: Mode, local: Pkg | null): string {
  const methods = t.underlying.fields;
  if (methods.length === 0) return "interface {}";
  let text = "interface {";
  for (let i = 0; i < methods.length; i++) {
    const m = methods[i];
    text += i === 0 ? " " : "; ";
    if (m.sym !== null && isExported(m.sym.name)) {
      text += sconv(m.sym, Verb.S, mode, local);
    } else {
      // An unexported method switches the rest of the interface to link form.
      if (mode !== Mode.TypeIDName) mode = Mode.TypeID;
      text += sconv(m.sym, Verb.V, mode, local);
    }
    text += tconv(m.type, Verb.S, mode, local);
  }
  return `${text} }`;
}

function signatureString(t: Type, verb: Verb, mode: Mode, local: Pkg | null): string {
  let text = "";
  if (verb !== Verb.S) {
    if (t.recv !== null) text += `method${paramsString([t.recv], mode, local)} `;
    text += "func";
  }
  text += paramsString(t.params, mode, local);
  if (t.results.length === 1) return `${text} ${tconv(t.results[0].type, Verb.V, mode, local)}`;
  return t.results.length === 0 ? text : `${text} ${paramsString(t.results, mode, local)}`;
}

function paramsString(params: readonly Field[], mode: Mode, local: Pkg | null): string {
  let text = "(";
  for (let i = 0; i < params.length; i++) {
    if (i > 0) text += ", ";
    const p = params[i];
    text += p.isDDD ? `...${tconv(p.type.elem, Verb.V, mode, local)}` : tconv(p.type, Verb.V, mode, local);
  }
  return `${text})`;
}

function structString(t: Type, mode: Mode, local: Pkg | null): string {
  const fields = t.underlying.fields;
  if (fields.length === 0) return "struct {}";
  let text = "struct {";
  for (let i = 0; i < fields.length; i++) text += (i === 0 ? " " : "; ") + fieldString(fields[i], mode, local);
  return `${text} }`;
}

function fieldString(f: Field, mode: Mode, local: Pkg | null): string {
  let sym = f.sym;
  let separator = " ";
  if (f.embedded) {
    if (mode === Mode.TypeID) {
      // A field that is embedded under an alias keeps its name: `Int = int`.
      separator = " = ";
      const base = f.type.kind === TKind.PTR && f.type.sym === null ? f.type.elem! : f.type;
      const name = base.sym;
      if (name !== null && sym !== null && name.name === sym.name && base.vargen === 0) {
        if (isExported(sym.name) || (name.pkg?.path ?? "") === (sym.pkg?.path ?? "")) sym = null;
      }
    } else {
      sym = null;
    }
  }
  let text = "";
  if (sym !== null) {
    const bare = isExported(sym.name) || mode === Mode.TypeIDName;
    text = (bare ? sym.name : sconv(sym, Verb.V, mode, local)) + separator;
  }
  text += tconv(f.type, Verb.V, mode, local);
  return f.note === "" ? text : `${text} ${quoteBytes(f.note)}`;
}

const kindNames: readonly string[] = [
  "INT8",
  "UINT8",
  "INT16",
  "UINT16",
  "INT32",
  "UINT32",
  "INT64",
  "UINT64",
  "INT",
  "UINT",
  "UINTPTR",
  "COMPLEX64",
  "COMPLEX128",
  "FLOAT32",
  "FLOAT64",
  "BOOL",
  "PTR",
  "FUNC",
  "SLICE",
  "ARRAY",
  "STRUCT",
  "CHAN",
  "MAP",
  "INTER",
  "STRING",
  "UNSAFEPTR",
  "IDEAL",
  "NIL",
  "BLANK",
  "TUPLE",
];
