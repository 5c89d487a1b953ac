/** Writes the summary of a checked package: all that the packages importing it need to know.
 *
 *  The form is described in summary-format.ts. Types are kept once each: records are compared by their bytes, in which
 *  parts are numbers of other records. */
import { Complex, Float, Rat, Unknown, type Value } from "../base/constant.ts";
import { InternalError } from "../base/diag.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import { aliasRHS } from "./alias.ts";
import { isTypeLiteral, literalsApart, partsOf } from "./copies.ts";
import { typeParams, unpack } from "./named.ts";
import { isExported } from "./object.ts";
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
import { CheckedOrigin, type OriginFile, type SummaryInput, type SummaryOrigin } from "./summary-origin.ts";
import {
  type Func,
  type Interface,
  type Obj,
  ObjKind,
  type Package,
  type Signature,
  type Struct,
  type Tuple,
  type Type,
  TypeKind,
  type TypeName,
  type TypeParam,
  type Var,
} from "./types.ts";

/** The summary of a package that was checked from its source. */
export function writePackage(pkg: Package, input: SummaryInput): Uint8Array {
  return new PackageWriter(pkg, new CheckedOrigin(pkg, input)).write(null);
}

/** The summary of a package from wherever it comes; objects that `keep` refuses are left out. */
export function writeSummary(pkg: Package, origin: SummaryOrigin, keep: (obj: Obj) => boolean): Uint8Array {
  return new PackageWriter(pkg, origin).write(keep);
}

/** As much of the summary as shows what importers can see, to be compared. */
export function writeVisible(pkg: Package, origin: SummaryOrigin): Uint8Array {
  return new PackageWriter(pkg, origin).write(null, true);
}

/** A growing array of bytes. */
class ByteBuffer {
  bytes = new Uint8Array(1 << 12);
  length = 0;

  /** Makes room for `n` more bytes. */
  private room(n: number): void {
    if (this.length + n <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + n));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  append(list: ArrayLike<number>): void {
    this.room(list.length);
    this.bytes.set(list, this.length);
    this.length += list.length;
  }

  u32(x: number): void {
    this.room(4);
    for (let i = 0; i < 4; i++) this.bytes[this.length++] = (x >>> (8 * i)) & 0xff;
  }
}

/** A record being put together. */
type Bytes = number[];

function uint(out: Bytes, x: number): void {
  while (x >= 0x80) {
    out.push((x % 0x80) | 0x80);
    x = Math.floor(x / 0x80);
  }
  out.push(x);
}

/** A number of either sign: the sign is the lowest bit. */
function int(out: Bytes, x: number): void {
  uint(out, x < 0 ? -x * 2 + 1 : x * 2);
}

function bigint(out: Bytes, x: bigint): void {
  const hex = (x < 0n ? -x : x).toString(16);
  out.push(x < 0n ? 1 : 0);
  uint(out, hex.length);
  for (let i = 0; i < hex.length; i++) out.push(hex.charCodeAt(i));
}

/** Bytes as a text, a character each. */
function text(bytes: Bytes): string {
  let s = "";
  for (let i = 0; i < bytes.length; i += 4096) s += String.fromCharCode(...bytes.slice(i, i + 4096));
  return s;
}

/** A type declared in a function. */
function isLocal(obj: TypeName): boolean {
  return obj.pkg !== null && obj.pkg.scope.lookup(obj.name) !== obj;
}

class PackageWriter {
  private readonly strings = new Map<string, number>();
  private readonly packages: Package[] = [];
  private readonly packageIdx = new Map<Package, number>();
  private readonly typeIdx = new Map<Type, number>();
  /** Type record (a character a byte) → its number. */
  private readonly typeRecords = new Map<string, number>();
  private readonly typeOffsets: number[] = [];
  /** In generic declarations two type literals that look alike stay two: dictionaries count them. */
  private inGeneric = false;
  /** Type literals that look like others and are none of them: the compiler has copies of them. */
  private readonly apart = new Set<Type>();
  private readonly tparamIdx = new Map<TypeParam, number>();
  private readonly data = new ByteBuffer();
  /** Told of the package-level objects that the visible ones lead to. */
  private reached: ((obj: Obj) => void) | null = null;

  constructor(
    private readonly pkg: Package,
    private readonly origin: SummaryOrigin,
  ) {
    for (let i = 0; i < predeclaredTypes.length; i++) this.typeIdx.set(predeclaredTypes[i], i);
    this.packageIdx.set(pkg, OwnPackage);
    literalsApart(pkg, (literal) => this.apart.add(literal));
  }

  write(keep: ((obj: Obj) => boolean) | null, visibleOnly = false): Uint8Array {
    this.data.length = Header.Size * 4;
    let objects = [...this.pkg.scope.objects()].filter((obj) => obj.kind !== ObjKind.PkgName);
    if (keep !== null) objects = objects.filter(keep);
    objects.sort((a, b) => a.order - b.order);
    // Exported objects first, then what they lead to; what is left is only for bodies that are checked again.
    const offsets = new Map<Obj, number>();
    const queue: Obj[] = objects.filter((obj) => isExported(obj.name));
    this.reached = (obj) => queue.push(obj);
    for (let i = 0; i < queue.length; i++) this.writeObject(queue[i], offsets);
    this.reached = null;
    const visible = new Set(offsets.keys());
    if (visibleOnly) objects = objects.filter((obj) => visible.has(obj));
    for (const obj of objects) this.writeObject(obj, offsets);
    const names = objects.map((obj) => this.string(obj.name));
    const fileOffsets = this.origin.files.map((file) => this.record((out) => this.file(out, file)));
    const copies = this.record((out) => this.copies(out, (obj) => offsets.has(obj)));
    const imports = this.pkg.imports.map((imported) => this.package(imported));
    const meta = this.record((out) => {
      uint(out, this.string(this.pkg.path));
      uint(out, this.string(this.pkg.name));
      uint(out, this.string(this.pkg.goVersion));
      uint(out, this.packages.length);
      for (const p of this.packages) uint(out, this.string(p.path));
      uint(out, imports.length);
      for (const i of imports) uint(out, i);
    });

    const inlined = this.record((out) => {
      const bodies = this.pkg.inlinedBodies;
      uint(out, bodies.size);
      for (const name of bodies) uint(out, this.string(name));
    });

    const out = this.data;
    const header: number[] = [Magic, FormatVersion, 0, 0, 0, 0, 0, meta, inlined, copies];
    header[Header.Files] = this.offsets(fileOffsets);
    header[Header.Types] = this.offsets(this.typeOffsets);
    header[Header.Objects] = out.length;
    out.u32(objects.length);
    for (let i = 0; i < objects.length; i++) {
      out.u32(2 * names[i] + (visible.has(objects[i]) ? 1 : 0));
      out.u32(offsets.get(objects[i])!);
    }
    header[Header.Hash] = this.hashTable(objects);
    header[Header.Strings] = this.stringTable();
    const length = out.length;
    out.length = 0;
    for (const x of header) out.u32(x);
    return out.bytes.slice(0, length);
  }

  private copies(out: Bytes, isWritten: (obj: Obj) => boolean): void {
    const { literals, instances, mentions } = this.pkg.typeCopies;
    uint(out, literals.size);
    for (const name of literals) uint(out, this.string(name));
    const named = instances.filter((type) => this.isNameable(type, isWritten));
    uint(out, named.length);
    for (const type of named) uint(out, this.type(type));
    uint(out, mentions.size);
    for (const [name, types] of mentions) {
      uint(out, this.string(name));
      uint(out, types.size);
      for (const [type, copy] of types) {
        uint(out, this.string(type));
        uint(out, copy);
      }
    }
  }

  /** Whether a reader finds all declarations that the type leads to. */
  private isNameable(t: Type, isWritten: (obj: Obj) => boolean): boolean {
    if (t.kind === TypeKind.Named || t.kind === TypeKind.Alias) {
      const { obj } = t.orig;
      const found = obj.pkg === this.pkg ? isWritten(obj) || isLocal(obj) : obj.pkg === null || isExported(obj.name);
      return found && t.targs.every((targ) => this.isNameable(targ, isWritten));
    }
    return partsOf(t).every((part) => this.isNameable(part, isWritten));
  }

  private writeObject(obj: Obj, offsets: Map<Obj, number>): void {
    if (offsets.has(obj)) return;
    offsets.set(obj, 0); // it may lead to itself
    offsets.set(
      obj,
      this.record((out) => this.object(out, obj)),
    );
  }

  private record(fill: (out: Bytes) => void): number {
    const out: Bytes = [];
    fill(out);
    const offset = this.data.length;
    this.data.append(out);
    return offset;
  }

  private offsets(list: readonly number[]): number {
    const at = this.data.length;
    this.data.u32(list.length);
    for (const x of list) this.data.u32(x);
    return at;
  }

  private hashTable(objects: readonly Obj[]): number {
    const at = this.data.length;
    let size = 4;
    while (size < objects.length * 2) size *= 2;
    const slots = new Uint32Array(size);
    for (let i = 0; i < objects.length; i++) {
      let slot = nameHash(objects[i].name) & (size - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      slots[slot] = i + 1;
    }
    this.data.u32(size);
    for (const x of slots) this.data.u32(x);
    return at;
  }

  private stringTable(): number {
    const encoder = new TextEncoder();
    const texts = [...this.strings.keys()].map((s) => encoder.encode(s));
    const at = this.data.length;
    this.data.u32(texts.length);
    let offset = at + 4 * (texts.length + 2);
    this.data.u32(offset);
    for (const text of texts) {
      offset += text.length;
      this.data.u32(offset);
    }
    for (const text of texts) this.data.append(text);
    return at;
  }

  private string(s: string): number {
    let i = this.strings.get(s);
    if (i === undefined) {
      i = this.strings.size;
      this.strings.set(s, i);
    }
    return i;
  }

  private package(p: Package | null): number {
    if (p === null) return UniversePackage;
    let i = this.packageIdx.get(p);
    if (i === undefined) {
      this.packages.push(p);
      i = OwnPackage + this.packages.length;
      this.packageIdx.set(p, i);
    }
    return i;
  }

  /** Places in files of other packages are not kept. */
  private pos(out: Bytes, pos: Pos): void {
    const file = pos === NoPos ? -1 : this.origin.fileIndex(pos);
    if (file < 0) {
      uint(out, 0);
      return;
    }
    uint(out, file + 1);
    uint(out, this.origin.offset(pos, file));
  }

  // ----------------------------------------------------------------------------------------------- files

  private file(out: Bytes, file: OriginFile): void {
    uint(out, this.string(file.name));
    uint(out, file.size);
    uint(out, this.string(file.goVersion));
    uint(out, file.imports.length);
    for (const { name, path } of file.imports) {
      uint(out, this.string(name));
      uint(out, this.string(path));
    }
    const { lines } = file;
    uint(out, lines.length);
    for (let i = 1; i < lines.length; i++) uint(out, lines[i] - lines[i - 1]);
  }

  // ----------------------------------------------------------------------------------------------- objects

  private object(out: Bytes, obj: Obj): void {
    switch (obj.kind) {
      case ObjKind.Const:
        out.push(ObjectTag.Const);
        this.pos(out, obj.pos);
        uint(out, this.type(obj.type!));
        this.value(out, obj.val!);
        break;
      case ObjKind.Var:
        out.push(ObjectTag.Var);
        this.pos(out, obj.pos);
        uint(out, this.type(obj.type!));
        break;
      case ObjKind.Func:
        out.push(ObjectTag.Func);
        this.func(out, obj);
        break;
      case ObjKind.TypeName:
        this.typeName(out, obj);
        break;
      default:
        throw new InternalError(`object of an unexpected kind in package scope: ${obj.name}`);
    }
  }

  private typeName(out: Bytes, obj: TypeName): void {
    const type = obj.type!;
    if (type.kind === TypeKind.Alias && type.obj === obj) {
      out.push(ObjectTag.Alias);
      this.pos(out, obj.pos);
      this.tparams(out, typeParams(type));
      uint(out, this.type(aliasRHS(type)!));
    } else if (type.kind === TypeKind.Named && type.obj === obj) {
      out.push(ObjectTag.Named);
      this.pos(out, obj.pos);
      uint(out, obj.localIndex);
      unpack(type);
      this.tparams(out, type.tparams);
      const outer = this.inGeneric;
      this.inGeneric = type.tparams.length > 0;
      uint(out, this.type(type.fromRHS!));
      this.inGeneric = outer;
      uint(out, type.methods.length);
      for (const m of type.methods) {
        uint(out, this.string(m.name));
        this.func(out, m);
      }
    } else {
      out.push(ObjectTag.Plain);
      this.pos(out, obj.pos);
      uint(out, this.type(type));
    }
  }

  private tparams(out: Bytes, list: readonly TypeParam[]): void {
    uint(out, list.length);
    if (list.length === 0) return;
    for (const t of list) this.tparamIdx.set(t, this.tparamIdx.size);
    for (const t of list) {
      uint(out, this.tparamIdx.get(t)!);
      uint(out, this.string(t.obj.name));
      this.pos(out, t.obj.pos);
    }
    // Whether neighbours share a constraint shows in messages, so literals that look alike stay apart.
    for (const t of list) uint(out, this.type(t.bound!, t.bound!.kind === TypeKind.Interface));
  }

  private func(out: Bytes, f: Func): void {
    const sig = f.type!;
    const facts = this.origin.facts(f);
    let flags: number = sig.variadic ? FuncFlag.Variadic : 0;
    const generic = sig.tparams.length > 0 || sig.rparams.length > 0;
    if (generic) flags |= FuncFlag.Generic;
    if (facts !== null) flags |= FuncFlag.Facts;
    if (sig.recv !== null) flags |= FuncFlag.Method;
    const inl = facts === null ? null : facts.inl;
    const bodyNeeded = generic || inl !== null;
    const decl = this.origin.decl(f, bodyNeeded);
    if (decl !== null) flags |= FuncFlag.Decl;
    if (inl !== null) {
      flags |= FuncFlag.Inline;
      if (inl.canDelayResults) flags |= FuncFlag.CanDelayResults;
    }
    uint(out, flags);
    this.pos(out, f.pos);
    if (generic) {
      this.tparams(out, sig.rparams);
      this.tparams(out, sig.tparams);
    }
    const outer = this.inGeneric;
    this.inGeneric = generic;
    const withPos = generic || sig.recv !== null;
    if (sig.recv !== null) this.variable(out, sig.recv, withPos);
    this.tuple(out, sig.params, withPos);
    this.tuple(out, sig.results, withPos);
    this.inGeneric = outer;
    if (facts !== null) {
      uint(out, facts.pragma);
      uint(out, facts.tags.length);
      for (const tag of facts.tags) uint(out, this.string(tag));
    }
    if (inl !== null) uint(out, inl.cost);
    if (decl !== null) {
      uint(out, decl.file);
      uint(out, decl.start);
      uint(out, decl.end - decl.start);
      if (bodyNeeded) {
        uint(out, decl.localTypesBefore);
        if (this.reached !== null) this.origin.mentions(f, this.reached);
      }
    }
  }

  private tuple(out: Bytes, tuple: Tuple, withPos: boolean): void {
    uint(out, tuple.vars.length);
    for (const v of tuple.vars) this.variable(out, v, withPos);
  }

  private variable(out: Bytes, v: Var, withPos: boolean): void {
    uint(out, this.string(v.name));
    uint(out, this.type(v.type!));
    if (withPos) this.pos(out, v.pos);
  }

  private value(out: Bytes, x: Value): void {
    if (typeof x === "boolean") out.push(x ? ValueTag.True : ValueTag.False);
    else if (typeof x === "string") {
      out.push(ValueTag.String);
      uint(out, x.length);
      for (let i = 0; i < x.length; i++) out.push(x.charCodeAt(i));
    } else if (typeof x === "bigint") {
      const n = Number(x);
      if (Number.isSafeInteger(n) && Math.abs(n) < 2 ** 52) {
        out.push(ValueTag.Small);
        int(out, n);
      } else {
        out.push(ValueTag.Big);
        bigint(out, x);
      }
    } else if (x instanceof Rat) {
      out.push(ValueTag.Rat);
      bigint(out, x.num);
      bigint(out, x.den);
    } else if (x instanceof Float) {
      const infinite = !Number.isFinite(x.exp);
      out.push(infinite ? ValueTag.Infinity : ValueTag.Float);
      bigint(out, x.mant);
      if (!infinite) int(out, x.exp);
    } else if (x instanceof Complex) {
      out.push(ValueTag.Complex);
      this.value(out, x.re);
      this.value(out, x.im);
    } else if (x instanceof Unknown) out.push(ValueTag.Unknown);
    else throw new InternalError("constant of an unexpected kind");
  }

  // ----------------------------------------------------------------------------------------------- types

  private type(t: Type, unique = false): number {
    let i = this.typeIdx.get(t);
    if (i !== undefined) return i;
    if ((t.kind === TypeKind.Named || t.kind === TypeKind.Alias) && t.orig === t && isLocal(t.obj)) {
      return this.localType(t.obj);
    }
    const out: Bytes = [];
    this.typeRecord(out, t);
    const key = text(out);
    const apart = unique || (this.inGeneric && isTypeLiteral(t)) || this.apart.has(t);
    i = apart ? undefined : this.typeRecords.get(key);
    if (i === undefined) {
      i = predeclaredTypes.length + this.typeOffsets.length;
      this.typeRecords.set(key, i);
      this.typeOffsets.push(this.data.length);
      this.data.append(out);
    }
    this.typeIdx.set(t, i);
    return i;
  }

  private typeRecord(out: Bytes, t: Type): void {
    switch (t.kind) {
      case TypeKind.Array:
        out.push(TypeTag.Array);
        int(out, t.len);
        uint(out, this.type(t.elem));
        break;
      case TypeKind.Slice:
        out.push(TypeTag.Slice);
        uint(out, this.type(t.elem));
        break;
      case TypeKind.Struct:
        this.struct(out, t);
        break;
      case TypeKind.Pointer:
        out.push(TypeTag.Pointer);
        uint(out, this.type(t.base));
        break;
      case TypeKind.Signature:
        out.push(TypeTag.Signature, t.variadic ? 1 : 0);
        this.tuple(out, t.params, false);
        this.tuple(out, t.results, false);
        break;
      case TypeKind.Union:
        out.push(TypeTag.Union);
        uint(out, t.terms.length);
        for (const term of t.terms) {
          out.push(term.tilde ? 1 : 0);
          uint(out, this.type(term.type));
        }
        break;
      case TypeKind.Interface:
        this.interface(out, t);
        break;
      case TypeKind.Map:
        out.push(TypeTag.Map);
        uint(out, this.type(t.key));
        uint(out, this.type(t.elem));
        break;
      case TypeKind.Chan:
        out.push(TypeTag.Chan, t.dir);
        uint(out, this.type(t.elem));
        break;
      case TypeKind.Named:
      case TypeKind.Alias:
        if (t.orig !== t) {
          out.push(TypeTag.Instance);
          uint(out, this.type(t.orig));
          uint(out, t.targs.length);
          for (const arg of t.targs) uint(out, this.type(arg));
        } else {
          if (t.obj.pkg === this.pkg) this.reached?.(t.obj);
          out.push(TypeTag.Name);
          uint(out, this.package(t.obj.pkg));
          uint(out, this.string(t.obj.name));
        }
        break;
      case TypeKind.TypeParam: {
        const i = this.tparamIdx.get(t);
        if (i === undefined) throw new InternalError(`type parameter ${t.obj.name} outside its declaration`);
        out.push(TypeTag.TypeParam);
        uint(out, i);
        break;
      }
      default:
        throw new InternalError("type of an unexpected kind");
    }
  }

  private localType(obj: TypeName): number {
    if (obj.pkg !== this.pkg) throw new InternalError(`local type ${obj.name} of ${obj.pkg?.path} from outside`);
    const i = this.typeOffsets.push(0) - 1;
    this.typeIdx.set(obj.type!, predeclaredTypes.length + i); // first of all: it may be recursive
    this.typeOffsets[i] = this.record((out) => {
      out.push(TypeTag.Local);
      uint(out, this.string(obj.name));
      this.typeName(out, obj);
    });
    return predeclaredTypes.length + i;
  }

  /** Fields belong to the package of the literal, which is another one for types that were inferred. */
  private struct(out: Bytes, t: Struct): void {
    out.push(TypeTag.Struct);
    uint(out, t.fields.length);
    if (t.fields.length === 0) return;
    uint(out, this.package(t.fields[0].pkg));
    for (let i = 0; i < t.fields.length; i++) {
      const f = t.fields[i];
      const tag = t.tags[i] ?? "";
      uint(out, (f.embedded ? 1 : 0) | (tag !== "" ? 2 : 0));
      uint(out, this.string(f.name));
      uint(out, this.type(f.type!));
      if (tag !== "") uint(out, this.string(tag));
      this.pos(out, f.pos);
    }
  }

  private interface(out: Bytes, t: Interface): void {
    out.push(TypeTag.Interface, t.implicit ? 1 : 0);
    uint(out, t.methods.length);
    if (t.methods.length > 0) uint(out, this.package(t.methods[0].pkg));
    for (const m of t.methods) {
      const sig: Signature = m.type!;
      const recv = sig.recv === null || sig.recv.type === t ? null : sig.recv.type;
      uint(out, this.string(m.name));
      this.pos(out, m.pos);
      uint(out, recv === null ? 0 : this.type(recv) + 1);
      uint(out, sig.variadic ? 1 : 0);
      this.tuple(out, sig.params, true);
      this.tuple(out, sig.results, true);
    }
    uint(out, t.embeddeds.length);
    for (const e of t.embeddeds) uint(out, this.type(e));
  }
}
