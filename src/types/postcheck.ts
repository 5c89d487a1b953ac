/** What the compiler checks around and after the type checker: hints on language versions, cycles of anonymous
 *  interfaces, types that must not be on the heap, directives. Mirrors noder/irgen.go (checkFiles) and the checks of
 *  noder/writer.go. */
import type { Pos } from "../base/pos.ts";
import { type File, type FuncDecl, Kind, type VarDecl } from "../syntax/ast.ts";
import { asPragmaFlag, checkPragmas, funcPragmas, PragmaFlag } from "../syntax/pragma.ts";
import { unquote } from "../syntax/quote.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { type Func, type Interface, type Obj, ObjKind, type Type, TypeKind } from "./types.ts";
import { interfaceMethods } from "./typeset.ts";
import { checkTypeSizes } from "./typesize.ts";
import { typeString } from "./typestring.ts";
import { under } from "./under.ts";
import { asGoVersion, cmp, go1_18 } from "./version.ts";

/** Says where the language version comes from when `msg` asks for a later one. */
export function withVersionHint(c: Checker, pos: Pos, msg: string): string {
  if (!/requires go[0-9]+\.[0-9]+ or later/.test(msg)) return msg;
  const source = c.fset.file(pos);
  const file = c.files.find((f) => c.fset.file(f.pos) === source);
  if (file === undefined) return msg;
  const version = c.versions.get(file) ?? "";
  if (file.goVersion === version) return `${msg} (file declares //go:build ${version})`;
  return `${msg} (-lang was set to ${c.conf.goVersion}; check go.mod)`;
}

/** Runs on packages that have no type errors. Each step needs the one before to find nothing. */
export function afterCheck(c: Checker): void {
  for (const step of [interfaceCycles, instancesNotInHeap, elementsNotInHeap, directives, typeSizes]) {
    step(c);
    if (c.errors.length > 0) return;
  }
}

/** Reports an error that has no code, unless the same stands on the same line just before. */
function errorAt(c: Checker, pos: Pos, msg: string, code = ""): void {
  const diagnostic = { pos, msg, code, soft: false };
  c.firstErr ??= diagnostic;
  c.errors.push(diagnostic);
  c.conf.error?.(diagnostic);
}

// ------------------------------------------------------------------------------------ cycles of anonymous interfaces

function interfaceCycles(c: Checker): void {
  const finder = new CycleFinder();
  for (const { pos, type } of [...c.interfaces].sort((a, b) => a.pos - b.pos)) {
    if (!finder.hasCycle(type)) continue;
    const see = "see https://go.dev/issue/56103";
    errorAt(c, pos, `invalid recursive type: anonymous interface refers to itself (${see})`, "InvalidTypeCycle");
    finder.forgetCycles();
  }
}

/** Finds interfaces that refer to themselves by way of anonymous types only. */
class CycleFinder {
  /** true while being visited, or part of a cycle. */
  private readonly cyclic = new Map<Interface, boolean>();

  hasCycle(t: Interface): boolean {
    for (const m of interfaceMethods(t)) {
      if (this.visit(m.type!)) return true;
    }
    return false;
  }

  forgetCycles(): void {
    for (const t of this.cyclic.keys()) this.cyclic.set(t, false);
  }

  private visit(t: Type): boolean {
    t = unalias(t);
    switch (t.kind) {
      case TypeKind.Pointer:
        return this.visit(t.base);
      case TypeKind.Array:
      case TypeKind.Chan:
      case TypeKind.Slice:
        return this.visit(t.elem);
      case TypeKind.Map:
        return this.visit(t.key) || this.visit(t.elem);
      case TypeKind.Struct:
        return t.fields.some((f) => this.visit(f.type!));
      case TypeKind.Signature:
        return this.visit(t.params) || this.visit(t.results);
      case TypeKind.Tuple:
        return t.vars.some((v) => this.visit(v.type!));
      case TypeKind.Interface: {
        if (t.methods.length === 0 && t.embeddeds.length === 0) return false;
        const known = this.cyclic.get(t);
        if (known !== undefined) return known;
        this.cyclic.set(t, true);
        if (this.hasCycle(t)) return true;
        this.cyclic.set(t, false);
        return false;
      }
      default:
        return false; // named types are not anonymous
    }
  }
}

// ---------------------------------------------------------------------------------------------------- not in heap

/** Whether values of the type must not be on the heap: it holds an internal/runtime/sys.nih. */
function isNotInHeap(t: Type): boolean {
  t = unalias(t);
  if (t.kind === TypeKind.Named) {
    if (t.obj.name === "nih" && t.obj.pkg?.path === "internal/runtime/sys") return true;
    t = under(t);
  }
  if (t.kind === TypeKind.Array) return isNotInHeap(t.elem);
  if (t.kind === TypeKind.Struct) return t.fields.some((f) => isNotInHeap(f.type!));
  return false;
}

function instancesNotInHeap(c: Checker): void {
  const found: { pos: Pos; name: string }[] = [];
  for (const name of c.instances) {
    for (const targ of name.targs!) {
      if (isNotInHeap(targ)) found.push({ pos: name.pos, name: typeString(targ, null) });
    }
  }
  found.sort((a, b) => a.pos - b.pos);
  for (const { pos, name } of found) {
    errorAt(c, pos, `cannot use incomplete (or unallocatable) type as a type argument: ${name}`);
  }
}

function elementsNotInHeap(c: Checker): void {
  for (const decl of c.typeDecls) {
    const e = decl.type;
    if (e.kind !== Kind.MapType && e.kind !== Kind.ChanType) continue;
    const t = under(e.type!);
    if (t.kind === TypeKind.Map) {
      if (isNotInHeap(t.key)) errorAt(c, e.pos, "incomplete (or unallocatable) map key not allowed");
      if (isNotInHeap(t.elem)) errorAt(c, e.pos, "incomplete (or unallocatable) map value not allowed");
    } else if (t.kind === TypeKind.Chan && isNotInHeap(t.elem)) {
      errorAt(c, e.pos, "chan of incomplete (or unallocatable) type not allowed");
    }
  }
}

function typeSizes(c: Checker): void {
  checkTypeSizes(c, (pos, msg) => errorAt(c, pos, msg));
}

// ---------------------------------------------------------------------------------------------------- directives

interface FileImports {
  embed: boolean;
  unsafe: boolean;
}

function directives(c: Checker): void {
  const report = (pos: Pos, msg: string): void => errorAt(c, pos, msg);
  const linknames = new Map<Obj, string>();
  for (const file of c.files) {
    const imports: FileImports = { embed: false, unsafe: false };
    checkPragmas(file.directives, PragmaFlag.GoBuildPragma, false, report);
    for (const decl of file.decls) {
      if (decl.kind === Kind.ImportDecl) {
        const path = unquote(decl.path.value);
        if (path === "embed") imports.embed = true;
        if (path === "unsafe") imports.unsafe = true;
      }
      if (decl.directives.length === 0) continue;
      checkPragmas(decl.directives, decl.kind === Kind.FuncDecl ? funcPragmas : 0, decl.kind === Kind.VarDecl, report);
      if (decl.kind === Kind.VarDecl) checkEmbed(c, decl, imports.embed, false);
    }
    for (const decl of c.localDirectives) {
      if (c.fset.file(decl.pos) !== c.fset.file(file.pos)) continue;
      checkPragmas(decl.directives, 0, decl.kind === Kind.VarDecl, report);
      if (decl.kind === Kind.VarDecl) checkEmbed(c, decl, imports.embed, true);
    }
    checkLinknames(c, file, imports, linknames);
  }
  for (const [obj, d] of c.objMap) {
    if (d.fdecl !== null) checkFuncPragmas(c, obj as Func, d.fdecl, linknames.has(obj));
  }
}

function checkEmbed(c: Checker, decl: VarDecl, haveEmbed: boolean, withinFunc: boolean): void {
  const embed = decl.directives.find((d) => d.embeds.length > 0);
  if (embed === undefined) return;
  const lang = c.conf.goVersion;
  let problem = "";
  if (!haveEmbed) {
    problem = 'go:embed requires import "embed" (or import _ "embed", if package is not used)';
  } else if (decl.names.length > 1) {
    problem = "go:embed cannot apply to multiple vars";
  } else if (decl.values !== null) {
    problem = "go:embed cannot apply to var with initializer";
  } else if (withinFunc) {
    problem = "go:embed cannot apply to var inside func";
  } else if (lang !== "" && cmp(asGoVersion(lang), "go1.16") < 0) {
    problem = `go:embed requires go1.16 or later (-lang was set to ${lang}; check go.mod)`;
  }
  if (problem !== "") errorAt(c, embed.pos, problem);
}

function checkLinknames(c: Checker, file: File, imports: FileImports, linknames: Map<Obj, string>): void {
  for (const { pos, local, remote } of file.linknames) {
    if (!imports.unsafe) {
      errorAt(c, pos, '//go:linkname only allowed in Go files that import "unsafe"');
      continue;
    }
    if (remote.includes("[") && remote.includes("]")) {
      errorAt(c, pos, "//go:linkname reference of an instantiation is not allowed");
      continue;
    }
    const obj = c.pkg.scope.lookup(local);
    if (obj !== null && (obj.kind === ObjKind.Func || obj.kind === ObjKind.Var)) {
      if (linknames.has(obj)) errorAt(c, pos, `duplicate //go:linkname for ${local}`);
      else linknames.set(obj, remote);
    } else if (c.conf.goVersion === "" || cmp(asGoVersion(c.conf.goVersion), go1_18) >= 0) {
      errorAt(c, pos, "//go:linkname must refer to declared function or variable");
    }
  }
}

function checkFuncPragmas(c: Checker, obj: Func, decl: FuncDecl, hasLinkname: boolean): void {
  if (obj.name === "_") return; // never compiled
  const pos = decl.pos;
  const flags = asPragmaFlag(decl.directives);
  const wasmImport = decl.directives.some((d) => d.text.startsWith("go:wasmimport "));
  if ((flags & PragmaFlag.Systemstack) !== 0 && (flags & PragmaFlag.Nosplit) !== 0) {
    errorAt(c, pos, "go:nosplit and go:systemstack cannot be combined");
  }
  if (decl.body === null) {
    const needed = c.conf.complete === true || decl.name.value === "init";
    if (needed && !hasLinkname && !wasmImport) errorAt(c, pos, "missing function body");
    return;
  }
  if ((flags & PragmaFlag.Noescape) !== 0) {
    errorAt(c, pos, "can only use //go:noescape with external func implementations");
  }
  if (wasmImport) errorAt(c, pos, "can only use //go:wasmimport with external func implementations");
  const keepAlive = flags & (PragmaFlag.UintptrKeepAlive | PragmaFlag.UintptrEscapes);
  if (keepAlive === PragmaFlag.UintptrKeepAlive && (flags & PragmaFlag.Nosplit) === 0) {
    errorAt(c, pos, "go:uintptrkeepalive requires go:nosplit");
  }
}
