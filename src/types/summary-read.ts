/** Reads the summary of a package, object by object as they are asked for.
 *
 *  The form is described in summary-format.ts. Opening a summary costs a few microseconds: the scope's objects, the
 *  right-hand sides of types, the packages referred to and the tables of lines are all made on demand. */
import { Complex, Float, Rat, UnknownValue, type Value } from "../base/constant.ts";
import { InternalError } from "../base/diag.ts";
import { type FileSet, NoPos, type Pos, type SourceFile } from "../base/pos.ts";
import type { ChanDir } from "../syntax/ast.ts";
import { Context } from "./context.ts";
import type { TypeCopies } from "./copies.ts";
import { type GenericType, instance } from "./instantiate.ts";
import { hasPtrRecv } from "./object.ts";
import type { FileImport } from "./recheck.ts";
import {
  FormatVersion,
  FuncFlag,
  Header,
  Magic,
  nameHash,
  ObjectTag,
  OwnPackage,
  predeclaredTypes,
  TypeTag,
  UniversePackage,
  ValueTag,
} from "./summary-format.ts";
import { type Moves, readMoves } from "./summary-moves.ts";
import {
  Alias,
  ArrayT,
  Chan,
  Const,
  emptyTuple,
  Func,
  Interface,
  MapT,
  Named,
  type Obj,
  type ObjectLoader,
  ObjKind,
  Package,
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
  VarKind,
} from "./types.ts";
import { Universe, Unsafe } from "./universe.ts";

/** Where a function is declared. */
export interface DeclRange {
  /** Index of the file. */
  readonly file: number;
  /** Byte offsets of `FuncDecl.pos` (the token after `func`) and `FuncDecl.end`. */
  readonly start: number;
  readonly end: number;
  /** Of a generic or inlinable function: how many types are declared in functions before those of its own (for recheck.ts). */
  readonly localTypesBefore: number;
}

export interface SummaryFile {
  readonly name: string;
  readonly size: number;
  /** `go1.N` of the file's build line, "" if none. */
  readonly goVersion: string;
  readonly imports: readonly FileImport[];
}

/** The bytes are none of our summaries, or of another version. */
export class SummaryError extends Error {
  override name = "SummaryError";
}

/** The package that `bytes` describe. `resolveImport` brings other packages, which may be ones that are only imported
 *  indirectly; `context` is that of the run, so that equal instances are one object. */
export function readPackage(
  bytes: Uint8Array,
  resolveImport: (path: string) => Package,
  fset: FileSet,
  context: Context = new Context(),
): Package {
  const { summary, moves } = readMoves(bytes);
  return new PackageReader(summary, moves, resolveImport, fset, context).pkg;
}

/** Reads one record. */
class Cursor {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    return this.bytes[this.at++];
  }

  uint(): number {
    let b = this.bytes[this.at++];
    if (b < 0x80) return b;
    let x = b & 0x7f;
    let scale = 0x80;
    do {
      b = this.bytes[this.at++];
      x += (b & 0x7f) * scale;
      scale *= 0x80;
    } while (b >= 0x80);
    return x;
  }

  int(): number {
    const x = this.uint();
    return x % 2 === 1 ? -(x - 1) / 2 : x / 2;
  }

  bigint(): bigint {
    const negative = this.byte() === 1;
    const digits = this.uint();
    const x = BigInt(`0x${String.fromCharCode(...this.bytes.subarray(this.at, this.at + digits))}`);
    this.at += digits;
    return negative ? -x : x;
  }
}

export class PackageReader implements ObjectLoader {
  readonly pkg: Package;
  private readonly strings: (string | undefined)[] = [];
  private readonly types: (Type | undefined)[] = [];
  private readonly tparams: TypeParam[] = [];
  private readonly sources: (SourceFile | undefined)[] = [];
  private readonly ranges = new Map<Func, DeclRange>();
  private fileList: SummaryFile[] | null = null;
  private nameList: string[] | null = null;
  private readonly paths: string[] = [];
  private readonly packages: (Package | null)[] = [];
  private readonly stringsAt: number;
  private readonly objectsAt: number;
  private readonly hashAt: number;
  private readonly typesAt: number;
  private readonly filesAt: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly moves: Moves | null,
    private readonly resolveImport: (path: string) => Package,
    private readonly fset: FileSet,
    private readonly context: Context,
  ) {
    if (bytes.length < Header.Size * 4 || this.header(Header.Magic) !== Magic) {
      throw new SummaryError("not a package summary");
    }
    if (this.header(Header.Version) !== FormatVersion) throw new SummaryError("package summary of another version");
    this.stringsAt = this.header(Header.Strings);
    this.objectsAt = this.header(Header.Objects);
    this.hashAt = this.header(Header.Hash);
    this.typesAt = this.header(Header.Types);
    this.filesAt = this.header(Header.Files);

    const meta = this.cursor(this.header(Header.Meta));
    const pkg = new Package(this.string(meta.uint()), this.string(meta.uint()), Universe);
    pkg.goVersion = this.string(meta.uint());
    const referred = meta.uint();
    for (let i = 0; i < referred; i++) {
      this.paths.push(this.string(meta.uint()));
      this.packages.push(null);
    }
    pkg.imports = () => this.imports(meta);
    pkg.inlinedBodies = () => this.inlinedBodies();
    pkg.typeCopies = () => this.typeCopies();
    pkg.scope.loader = this;
    pkg.complete = true;
    pkg.summary = this;
    this.pkg = pkg;
  }

  // ----------------------------------------------------------------------------------------------- for callers

  /** The source files, in the order in which they were checked. */
  files(): readonly SummaryFile[] {
    if (this.fileList === null) {
      const n = this.u32(this.filesAt);
      this.fileList = [];
      for (let i = 0; i < n; i++) this.fileList.push(this.file(i));
    }
    return this.fileList;
  }

  /** A source file in the run's FileSet. */
  sourceFile(i: number): SourceFile {
    let source = this.sources[i];
    if (source === undefined) {
      const c = this.fileCursor(i);
      const name = this.string(c.uint());
      const size = c.uint();
      source = this.fset.addFile(name, this.moves?.files.get(i)?.size ?? size, () => this.lines(i));
      this.sources[i] = source;
    }
    return source;
  }

  /** Where a function or method (not an instance) is declared; null if it has no declaration. */
  declRange(fn: Func): DeclRange | null {
    return this.ranges.get(fn) ?? null;
  }

  names(): readonly string[] {
    if (this.nameList === null) {
      const n = this.u32(this.objectsAt);
      this.nameList = [];
      for (let i = 0; i < n; i++) this.nameList.push(this.objectName(i));
    }
    return this.nameList;
  }

  load(name: string): Obj | null {
    const i = this.find(name);
    if (i < 0) return null;
    const obj = this.object(name, this.cursor(this.u32(this.objectsAt + 8 + 8 * i)));
    obj.order = i + 1;
    return obj;
  }

  visible(name: string): boolean {
    const i = this.find(name);
    return i >= 0 && (this.u32(this.objectsAt + 4 + 8 * i) & 1) !== 0;
  }

  /** The index of the object of that name, -1 if there is none. */
  private find(name: string): number {
    const mask = this.u32(this.hashAt) - 1;
    for (let slot = nameHash(name) & mask; ; slot = (slot + 1) & mask) {
      const i = this.u32(this.hashAt + 4 + 4 * slot) - 1;
      if (i < 0 || this.objectName(i) === name) return i;
    }
  }

  // ----------------------------------------------------------------------------------------------- raw access

  private u32(at: number): number {
    const b = this.bytes;
    return (b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)) >>> 0;
  }

  private header(i: Header): number {
    return this.u32(4 * i);
  }

  private cursor(at: number): Cursor {
    return new Cursor(this.bytes, at);
  }

  private string(i: number): string {
    let s = this.strings[i];
    if (s === undefined) {
      const at = this.stringsAt + 4 + 4 * i;
      s = decodeText(this.bytes, this.u32(at), this.u32(at + 4));
      this.strings[i] = s;
    }
    return s;
  }

  private objectName(i: number): string {
    return this.string(this.u32(this.objectsAt + 4 + 8 * i) >>> 1);
  }

  private package(i: number): Package | null {
    if (i === UniversePackage) return null;
    if (i === OwnPackage) return this.pkg;
    const k = i - OwnPackage - 1;
    let p = this.packages[k];
    if (p === null) {
      p = this.paths[k] === "unsafe" ? Unsafe : this.resolveImport(this.paths[k]);
      this.packages[k] = p;
    }
    return p;
  }

  private imports(c: Cursor): Package[] {
    const list: Package[] = [];
    for (let n = c.uint(); n > 0; n--) list.push(this.package(c.uint())!);
    return list;
  }

  private inlinedBodies(): ReadonlySet<string> {
    const c = this.cursor(this.header(Header.Inlined));
    const names = new Set<string>();
    for (let n = c.uint(); n > 0; n--) names.add(this.string(c.uint()));
    return names;
  }

  private typeCopies(): TypeCopies {
    const c = this.cursor(this.header(Header.Copies));
    const literals = new Set<string>();
    for (let n = c.uint(); n > 0; n--) literals.add(this.string(c.uint()));
    const instances: Named[] = [];
    for (let n = c.uint(); n > 0; n--) instances.push(this.type(c.uint()) as Named);
    const mentions = new Map<string, Map<string, number>>();
    for (let n = c.uint(); n > 0; n--) {
      const types = new Map<string, number>();
      mentions.set(this.string(c.uint()), types);
      for (let k = c.uint(); k > 0; k--) types.set(this.string(c.uint()), c.uint());
    }
    return { literals, instances, mentions };
  }

  /** Where what was at an offset when the summary was written is now. */
  private offset(file: number, offset: number): number {
    return this.moves === null ? offset : this.moves.offset(file, offset);
  }

  private pos(c: Cursor): Pos {
    const i = c.uint();
    return i === 0 ? NoPos : this.sourceFile(i - 1).base + this.offset(i - 1, c.uint());
  }

  // ----------------------------------------------------------------------------------------------- files

  private fileCursor(i: number): Cursor {
    return this.cursor(this.u32(this.filesAt + 4 + 4 * i));
  }

  private file(i: number): SummaryFile {
    const c = this.fileCursor(i);
    const name = this.string(c.uint());
    const written = c.uint();
    const size = this.moves?.files.get(i)?.size ?? written;
    const goVersion = this.string(c.uint());
    const imports: FileImport[] = [];
    for (let n = c.uint(); n > 0; n--) imports.push({ name: this.string(c.uint()), path: this.string(c.uint()) });
    return { name, size, goVersion, imports };
  }

  private lines(i: number): Int32Array {
    const moved = this.moves?.files.get(i);
    if (moved !== undefined) return moved.lines;
    const c = this.fileCursor(i);
    c.uint(); // name
    c.uint(); // size
    c.uint(); // Go version
    for (let n = 2 * c.uint(); n > 0; n--) c.uint();
    const lines = new Int32Array(c.uint());
    for (let k = 1; k < lines.length; k++) lines[k] = lines[k - 1] + c.uint();
    return lines;
  }

  // ----------------------------------------------------------------------------------------------- objects

  private object(name: string, c: Cursor): Obj {
    const tag: ObjectTag = c.byte();
    switch (tag) {
      case ObjectTag.Const: {
        const pos = this.pos(c);
        return new Const(pos, this.pkg, name, this.type(c.uint()), readValue(c));
      }
      case ObjectTag.Var: {
        const pos = this.pos(c);
        return new Var(pos, this.pkg, name, this.type(c.uint()), VarKind.PackageVar);
      }
      case ObjectTag.Func:
        return this.func(name, c);
      default:
        return this.typeName(name, tag, c);
    }
  }

  private typeName(name: string, tag: ObjectTag, c: Cursor): TypeName {
    const obj = new TypeName(this.pos(c), this.pkg, name, null);
    if (tag === ObjectTag.Alias) {
      new Alias(obj, null).loader = (alias) => {
        alias.tparams = this.typeParams(c);
        alias.fromRHS = this.type(c.uint());
      };
    } else if (tag === ObjectTag.Named) {
      obj.localIndex = c.uint();
      new Named(obj).loader = (named) => {
        named.tparams = this.typeParams(c);
        named.fromRHS = this.type(c.uint());
        for (let n = c.uint(); n > 0; n--) named.methods.push(this.func(this.string(c.uint()), c));
      };
    } else obj.type = this.type(c.uint());
    return obj;
  }

  private typeParams(c: Cursor): TypeParam[] {
    const list: TypeParam[] = [];
    for (let n = c.uint(); n > 0; n--) {
      const i = c.uint();
      const name = this.string(c.uint());
      const tpar = new TypeParam(new TypeName(this.pos(c), this.pkg, name, null), null);
      tpar.index = list.length;
      this.tparams[i] = tpar;
      list.push(tpar);
    }
    for (const tpar of list) tpar.bound = this.type(c.uint()); // may mention any of them
    return list;
  }

  private func(name: string, c: Cursor): Func {
    const flags = c.uint();
    const generic = (flags & FuncFlag.Generic) !== 0;
    const sig = new Signature();
    const f = new Func(this.pos(c), this.pkg, name, sig);
    sig.variadic = (flags & FuncFlag.Variadic) !== 0;
    if (generic) {
      sig.rparams = this.typeParams(c);
      sig.tparams = this.typeParams(c);
    }
    const isMethod = (flags & FuncFlag.Method) !== 0;
    const withPos = generic || isMethod;
    if (isMethod) sig.recv = this.variable(c, VarKind.RecvVar, withPos);
    sig.params = this.tuple(c, VarKind.ParamVar, withPos);
    sig.results = this.tuple(c, VarKind.ResultVar, withPos);
    f.hasPtrRecv = hasPtrRecv(f);
    if ((flags & FuncFlag.Facts) !== 0) {
      const pragma = c.uint();
      const tags: string[] = [];
      for (let n = c.uint(); n > 0; n--) tags.push(this.string(c.uint()));
      const inlinable = (flags & FuncFlag.Inline) !== 0;
      const canDelayResults = (flags & FuncFlag.CanDelayResults) !== 0;
      f.summary = { tags, pragma, inl: inlinable ? { cost: c.uint(), canDelayResults } : null };
    }
    if ((flags & FuncFlag.Decl) !== 0) {
      const file = c.uint();
      const written = c.uint();
      const start = this.offset(file, written);
      const end = this.offset(file, written + c.uint());
      const bodyNeeded = (flags & (FuncFlag.Generic | FuncFlag.Inline)) !== 0;
      this.ranges.set(f, { file, start, end, localTypesBefore: bodyNeeded ? c.uint() : 0 });
    }
    return f;
  }

  private tuple(c: Cursor, kind: VarKind, withPos: boolean): Tuple {
    const n = c.uint();
    if (n === 0) return emptyTuple;
    const vars: Var[] = [];
    for (let i = 0; i < n; i++) vars.push(this.variable(c, kind, withPos));
    return new Tuple(vars);
  }

  private variable(c: Cursor, kind: VarKind, withPos: boolean): Var {
    const name = this.string(c.uint());
    const type = this.type(c.uint());
    return new Var(withPos ? this.pos(c) : NoPos, this.pkg, name, type, kind);
  }

  // ----------------------------------------------------------------------------------------------- types

  private type(n: number): Type {
    if (n < predeclaredTypes.length) return predeclaredTypes[n];
    const i = n - predeclaredTypes.length;
    let t = this.types[i];
    if (t === undefined) {
      t = this.typeRecord(i, this.cursor(this.u32(this.typesAt + 4 + 4 * i)));
      this.types[i] = t;
    }
    return t;
  }

  private typeRecord(i: number, c: Cursor): Type {
    const tag: TypeTag = c.byte();
    switch (tag) {
      case TypeTag.Array: {
        const len = c.int();
        return new ArrayT(this.type(c.uint()), len);
      }
      case TypeTag.Slice:
        return new Slice(this.type(c.uint()));
      case TypeTag.Struct:
        return this.struct(c);
      case TypeTag.Pointer:
        return new Pointer(this.type(c.uint()));
      case TypeTag.Signature: {
        const sig = new Signature();
        this.signature(c, sig, false);
        return sig;
      }
      case TypeTag.Union: {
        const terms: Term[] = [];
        for (let n = c.uint(); n > 0; n--) {
          const tilde = c.byte() === 1;
          terms.push(new Term(tilde, this.type(c.uint())));
        }
        return new Union(terms);
      }
      case TypeTag.Interface:
        return this.interface(i, c);
      case TypeTag.Map: {
        const key = this.type(c.uint());
        return new MapT(key, this.type(c.uint()));
      }
      case TypeTag.Chan: {
        const dir: ChanDir = c.byte();
        return new Chan(dir, this.type(c.uint()));
      }
      case TypeTag.Name: {
        const pkg = this.package(c.uint());
        const name = this.string(c.uint());
        const obj = (pkg === null ? Universe : pkg.scope).lookup(name);
        if (obj === null || obj.kind !== ObjKind.TypeName) {
          throw new InternalError(`package ${pkg?.path} has no type ${name}, which ${this.pkg.path} refers to`);
        }
        return obj.type!;
      }
      case TypeTag.Local: {
        const name = this.string(c.uint());
        return this.typeName(name, c.byte(), c).type!;
      }
      case TypeTag.Instance: {
        const orig = this.type(c.uint()) as GenericType;
        const targs: Type[] = [];
        for (let n = c.uint(); n > 0; n--) targs.push(this.type(c.uint()));
        return instance(null, NoPos, orig, targs, null, this.context);
      }
      case TypeTag.TypeParam:
        return this.tparams[c.uint()];
    }
  }

  private signature(c: Cursor, sig: Signature, withPos: boolean): void {
    sig.variadic = c.byte() === 1;
    sig.params = this.tuple(c, VarKind.ParamVar, withPos);
    sig.results = this.tuple(c, VarKind.ResultVar, withPos);
  }

  private struct(c: Cursor): Struct {
    const s = new Struct();
    const n = c.uint();
    if (n === 0) return s;
    const pkg = this.package(c.uint());
    for (let i = 0; i < n; i++) {
      const flags = c.uint();
      const name = this.string(c.uint());
      const type = this.type(c.uint());
      if ((flags & 2) !== 0) {
        while (s.tags.length < i) s.tags.push("");
        s.tags.push(this.string(c.uint()));
      }
      const field = new Var(this.pos(c), pkg, name, type, VarKind.FieldVar);
      field.embedded = (flags & 1) !== 0;
      s.fields.push(field);
    }
    return s;
  }

  private interface(i: number, c: Cursor): Interface {
    const t = new Interface();
    this.types[i] = t;
    t.implicit = c.byte() === 1;
    const n = c.uint();
    if (n > 0) {
      const pkg = this.package(c.uint());
      for (let k = 0; k < n; k++) {
        const name = this.string(c.uint());
        const sig = new Signature();
        const m = new Func(this.pos(c), pkg, name, sig);
        const recv = c.uint();
        sig.recv = new Var(m.pos, pkg, "", recv === 0 ? t : this.type(recv - 1), VarKind.RecvVar);
        this.signature(c, sig, true);
        t.methods.push(m);
      }
    }
    for (let k = c.uint(); k > 0; k--) t.embeddeds.push(this.type(c.uint()));
    t.complete = true;
    return t;
  }
}

const textDecoder = new TextDecoder();

function decodeText(bytes: Uint8Array, from: number, to: number): string {
  let s = "";
  for (let i = from; i < to; i++) {
    const b = bytes[i];
    if (b >= 0x80) return textDecoder.decode(bytes.subarray(from, to));
    s += String.fromCharCode(b);
  }
  return s;
}

function readValue(c: Cursor): Value {
  const tag: ValueTag = c.byte();
  switch (tag) {
    case ValueTag.False:
      return false;
    case ValueTag.True:
      return true;
    case ValueTag.String: {
      const n = c.uint();
      let s = "";
      for (let i = 0; i < n; i++) s += String.fromCharCode(c.byte());
      return s;
    }
    case ValueTag.Small:
      return BigInt(c.int());
    case ValueTag.Big:
      return c.bigint();
    case ValueTag.Rat: {
      const num = c.bigint();
      return new Rat(num, c.bigint());
    }
    case ValueTag.Float: {
      const mant = c.bigint();
      return new Float(mant, c.int());
    }
    case ValueTag.Infinity:
      return new Float(c.bigint(), Number.POSITIVE_INFINITY);
    case ValueTag.Complex: {
      const re = readValue(c);
      return new Complex(re, readValue(c));
    }
    case ValueTag.Unknown:
      return UnknownValue;
  }
}
