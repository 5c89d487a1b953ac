/** Decides which initialisers of package variables are data that the linker lays out, so that no code runs for them
 *  (cmd/compile/internal/staticinit/sched.go).
 *
 *  The statements that are left, and what the data consists of ({@link StaticStore}). Where a literal is data but for
 *  some parts, these are assigned one by one. */

import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import { int64Val, isSmallIntConst, isZero } from "../const.ts";
import { isClosure } from "../func.ts";
import { newAssignStmt, newConv } from "../make.ts";
import { isBlank } from "../name.ts";
import { newArray } from "../newtype.ts";
import { Class, Name, type Node } from "../node.ts";
import { Op } from "../op.ts";
import { itabLsym } from "../reflectdata/reflect.ts";
import type { RuntimeTypes } from "../reflectdata/runtimetypes.ts";
import type { Target } from "../target.ts";
import { linkSymString, typeString } from "../typefmt.ts";
import { identical, isBlankSym, isDirectIface, sizeOf } from "../typeops.ts";
import { type Pkg, Sym, TKind, type Type } from "../types.ts";
import { anySideEffects, mayModifyPkgVar } from "./effects.ts";
import { inlinedValue } from "./inlined.ts";

/** Part of a literal that is not zero. */
interface Entry {
  readonly offset: number;
  readonly expr: Node;
}

export const enum StoreKind {
  /** The constant `node`. */
  Const,
  /** The function value of `node`: a function's name, a method expression, or a literal that captures nothing. */
  Func,
  /** Address of `target`, plus `n`. */
  Addr,
  /** The slice of all `n` elements of array `target`. */
  Slice,
  /** A slice of the bytes of the constant string `node`. */
  Bytes,
  /** The first word of an interface of type `iface` that holds a value of `type`. */
  TypeWord,
}

/** A part of a variable that is data. */
export interface StaticStore {
  readonly kind: StoreKind;
  readonly name: Name;
  /** Where in the variable. */
  readonly offset: number;
  readonly node: Node | null;
  readonly target: Name | null;
  readonly n: number;
  readonly type: Type | null;
  readonly iface: Type | null;
}

export class Schedule {
  /** What the linker lays out. */
  readonly stores: StaticStore[] = [];
  /** Statements that have to run, in order. */
  readonly out: Node[] = [];
  private readonly plans = new Map<Node, readonly Entry[]>();
  /** Static variables made so far for parts of initialisers. */
  private readonly temps = new Map<Node, Name>();
  /** How many static variables have been made. */
  private statics = 0;
  /** An initialiser may have changed variables of the package: their initial values are no longer theirs. */
  private seenMutation = false;
  private basePos: Pos = 0;
  /** FIPS packages must not have addresses in their data. */
  private readonly noAddresses: boolean;
  private readonly target: Target;

  constructor(
    private readonly local: Pkg,
    private readonly blank: Name,
    private readonly runtimeTypes: RuntimeTypes,
    private readonly inlinedCalls: boolean,
  ) {
    this.target = runtimeTypes.target;
    this.noAddresses = isFIPS(local.path);
  }

  /** Schedules initialisation statement `n`. */
  staticInit(n: Node): void {
    if (!this.tryStaticInit(n)) this.out.push(n);
  }

  private tryStaticInit(n: Node): boolean {
    let lhs: readonly Node[];
    let rhs: Node | null;
    switch (n.op) {
      case Op.OAS:
        lhs = [n.x!];
        rhs = n.y;
        break;
      case Op.OAS2: // values of a call that still need conversion
      case Op.OCALLFUNC: // an outlined map initialiser
        return false;
      case Op.OAS2DOTTYPE:
      case Op.OAS2FUNC:
      case Op.OAS2MAPR:
      case Op.OAS2RECV:
        lhs = n.list;
        rhs = n.list2[0];
        break;
      default:
        throw new InternalError(`operation ${n.op} does not initialise`);
    }
    if (!this.seenMutation) this.seenMutation = mayModifyPkgVar(rhs, this.local);
    if (lhs.every(isBlank) && !anySideEffects(rhs)) return true;
    if (lhs.length > 1) return false;
    const saved = this.basePos;
    this.basePos = n.pos;
    const done = this.staticAssign(lhs[0] as Name, 0, rhs, lhs[0].type!);
    this.basePos = saved;
    return done;
  }

  /** Whether assigning `r` to the part of `l` at `offset`, of type `typ`, needs no code but what is scheduled. */
  private staticAssign(l: Name, offset: number, r: Node | null, typ: Type): boolean {
    if (r === null) return true;
    while (r.op === Op.OCONVNOP) r = r.x!;
    switch (r.op) {
      case Op.ONIL:
        return true;
      case Op.OLITERAL:
        if (isZero(r)) return true;
        if (this.noAddresses && r.type!.kind === TKind.STRING) return false;
        this.storeConst(l, offset, r, typ);
        return true;
      case Op.OARRAYLIT:
      case Op.OSTRUCTLIT:
        this.assignParts(l, offset, r);
        return true;
    }
    if (this.noAddresses) return false;
    switch (r.op) {
      case Op.ONAME:
        return this.staticCopy(l, offset, r as Name, typ);
      case Op.OMETHEXPR:
        this.storeFunc(l, offset, r);
        return true;
      case Op.OADDR: {
        const loc = this.staticLoc(r.x!);
        if (loc === null || loc.name.class !== Class.PEXTERN) return false;
        this.storeAddr(l, offset, loc.name, loc.offset);
        return true;
      }
      case Op.OPTRLIT: {
        const a = this.staticName(r.x!.type!);
        this.temps.set(r, a);
        this.storeAddr(l, offset, a, 0);
        this.assign(this.basePos, a, 0, r.x!);
        return true;
      }
      case Op.OSTR2BYTES:
        if (l.class !== Class.PEXTERN || r.x!.op !== Op.OLITERAL) return false;
        this.store(StoreKind.Bytes, l, offset, r.x, null, 0);
        return true;
      case Op.OSLICELIT: {
        this.plan(r);
        const array = this.staticName(newArray(r.type!.elem!, r.len));
        this.temps.set(r, array);
        this.store(StoreKind.Slice, l, offset, null, array, r.len);
        this.assignParts(array, 0, r);
        return true;
      }
      case Op.OCLOSURE:
        if (isClosure(r.func!)) return false;
        this.storeFunc(l, offset, r);
        return true;
      case Op.OCONVIFACE:
        return this.staticIface(l, offset, r, typ);
      case Op.OINLCALL: {
        const value = this.inlinedCalls ? inlinedValue(r, this.target) : null;
        return value !== null && this.staticAssign(l, offset, value, typ);
      }
      default:
        return false;
    }
  }

  private staticIface(l: Name, offset: number, r: Node, typ: Type): boolean {
    let val = r;
    while (val.op === Op.OCONVIFACE) val = val.x!;
    const t = val.type!;
    if (t.kind === TKind.INTER) return val.op === Op.ONIL;
    if (t.hasShape) return false;
    itabLsym(this.runtimeTypes, t, typ);
    this.store(StoreKind.TypeWord, l, offset, null, null, 0, t, typ);
    if (isDirectIface(t, this.target)) {
      if (val.op === Op.ONIL) return true;
      this.setPos(val);
      this.assign(this.basePos, l, offset + this.target.ptrSize, val);
      return true;
    }
    const a = this.staticName(t);
    this.temps.set(val, a);
    this.assign(this.basePos, a, 0, val);
    this.storeAddr(l, offset + this.target.ptrSize, a, 0);
    return true;
  }

  private assignParts(l: Name, offset: number, lit: Node): void {
    for (const part of this.plan(lit)) {
      const op = part.expr.op;
      if ((op === Op.OLITERAL && !this.noAddresses) || op === Op.ONIL) {
        this.storeConst(l, offset + part.offset, part.expr, part.expr.type!);
        continue;
      }
      this.setPos(part.expr);
      this.assign(this.basePos, l, offset + part.offset, part.expr);
    }
  }

  /** Assigns `v` to the part of `a` at `offset`, by code if need be. */
  private assign(pos: Pos, a: Name, offset: number, v: Node): void {
    if (this.staticAssign(a, offset, v, v.type!)) return;
    const lhs = isBlank(a) ? this.blank : this.nameOffset(pos, a, offset, v.type!);
    this.out.push(newAssignStmt(pos, lhs, v));
  }

  /** As staticAssign of the value that variable `rn` was initialised with. */
  private staticCopy(l: Name, offset: number, rn: Name, typ: Type): boolean {
    if (rn.class === Class.PFUNC) {
      this.storeFunc(l, offset, rn);
      return true;
    }
    if (rn.class !== Class.PEXTERN || rn.sym.pkg !== this.local) return false;
    const defn = rn.defn;
    if (defn === null || defn.op !== Op.OAS) return false;
    // Strings may be overwritten at link time.
    if (rn.type!.kind === TKind.STRING || this.seenMutation) return false;
    let r = defn.y!;
    while (r.op === Op.OCONVNOP && !identical(r.type, typ)) r = r.x!;
    switch (r.op) {
      case Op.OMETHEXPR:
        this.storeFunc(l, offset, r);
        return true;
      case Op.ONIL:
        return true;
      case Op.OLITERAL:
        this.storeConst(l, offset, r, typ);
        return true;
      case Op.OSLICELIT:
        this.store(StoreKind.Slice, l, offset, null, this.temps.get(r)!, r.len);
        return true;
      case Op.ONAME: {
        if (this.staticCopy(l, offset, r as Name, typ)) return true;
        const whole = offset === 0 && identical(typ, l.type);
        const dst = whole ? l : this.nameOffset(this.basePos, l, offset, typ);
        const value = identical(r.type, typ) ? r : newConv(Op.OCONVNOP, this.basePos, typ, r);
        this.out.push(newAssignStmt(this.basePos, dst, value));
        return true;
      }
      case Op.OADDR:
        if (r.x!.op !== Op.ONAME || (r.x as Name).class !== Class.PEXTERN) return false;
        this.storeAddr(l, offset, r.x as Name, 0);
        return true;
      case Op.OPTRLIT:
        if (!isLiteral(r.x!.op)) return false;
        this.storeAddr(l, offset, this.temps.get(r)!, 0);
        return true;
      case Op.OARRAYLIT:
      case Op.OSTRUCTLIT:
        this.copyParts(l, offset, rn, r);
        return true;
      default:
        return false;
    }
  }

  private copyParts(l: Name, offset: number, orig: Name, lit: Node): void {
    for (const part of this.plan(lit)) {
      const x = part.expr;
      const at = offset + part.offset;
      if (x.op === Op.OLITERAL || x.op === Op.ONIL) {
        this.storeConst(l, at, x, x.type!);
        continue;
      }
      if (x.op === Op.OMETHEXPR) {
        this.storeFunc(l, at, x);
        continue;
      }
      if (x.op === Op.ONAME && this.staticCopy(l, at, x as Name, x.type!)) continue;
      // The other variable's own initialisation computes it.
      const to = this.nameOffset(this.basePos, l, at, x.type!);
      const from = this.nameOffset(this.basePos, orig, part.offset, x.type!);
      this.out.push(newAssignStmt(this.basePos, to, from));
    }
  }

  // ------------------------------------------------------------------------------------------------- data

  private store(
    kind: StoreKind,
    name: Name,
    offset: number,
    node: Node | null,
    target: Name | null,
    n: number,
    type: Type | null = null,
    iface: Type | null = null,
  ): void {
    if (!isBlank(name)) this.stores.push({ kind, name, offset, node, target, n, type, iface });
  }

  private storeConst(name: Name, offset: number, node: Node, type: Type): void {
    if (node.op !== Op.ONIL && !isZero(node)) this.store(StoreKind.Const, name, offset, node, null, 0, type);
  }

  private storeFunc(name: Name, offset: number, node: Node): void {
    this.store(StoreKind.Func, name, offset, node, null, 0);
  }

  private storeAddr(name: Name, offset: number, target: Name, add: number): void {
    this.store(StoreKind.Addr, name, offset, null, target, add);
  }

  /** The variable that `n` is a fixed place in, and where; null if it is no such place. */
  private staticLoc(n: Node): { name: Name; offset: number } | null {
    let offset = 0;
    for (;;) {
      switch (n.op) {
        case Op.ONAME:
          return { name: n as Name, offset };
        case Op.ODOT:
          sizeOf(n.x!.type!, this.target); // lays out the fields
          offset += n.sel!.offset;
          n = n.x!;
          continue;
        case Op.OINDEX:
          if (n.x!.type!.kind === TKind.SLICE || !isSmallIntConst(n.y!) || int64Val(n.y!) < 0) return null;
          offset += int64Val(n.y!) * sizeOf(n.type!, this.target);
          n = n.x!;
          continue;
        default:
          return null;
      }
    }
  }

  // ------------------------------------------------------------------------------------------------- plans

  /** The parts of a literal that are not zero; literals of structs and arrays within are taken apart too. */
  private plan(lit: Node): readonly Entry[] {
    const known = this.plans.get(lit);
    if (known !== undefined) return known;
    const entries: Entry[] = [];
    this.plans.set(lit, entries);
    if (lit.op === Op.OSTRUCTLIT) {
      sizeOf(lit.type!, this.target); // lays out the fields
      for (const key of lit.list) {
        if (!isBlankSym(key.sel!.sym)) this.addValue(entries, key.sel!.offset, key.x!);
      }
      return entries;
    }
    const size = sizeOf(lit.type!.elem!, this.target);
    let index = 0;
    for (const elem of lit.list) {
      let value = elem;
      if (elem.op === Op.OKEY) {
        index = int64Val(elem.x!);
        value = elem.y!;
      }
      this.addValue(entries, index * size, value);
      index++;
    }
    return entries;
  }

  private addValue(entries: Entry[], offset: number, n: Node): void {
    if (isZero(n)) return;
    if (n.op === Op.OARRAYLIT || n.op === Op.OSTRUCTLIT) {
      for (const part of this.plan(n)) entries.push({ offset: offset + part.offset, expr: part.expr });
      return;
    }
    entries.push({ offset, expr: n });
  }

  // ------------------------------------------------------------------------------------------------- names

  /** A new static variable. */
  private staticName(type: Type): Name {
    const n = new Name(this.basePos, this.local.lookup(`.stmp_${this.statics++}`), type);
    n.class = Class.PEXTERN;
    return n;
  }

  /** A place within a global, which is all that is to be known about it: `(type)(symbol@offset)`. */
  private nameOffset(pos: Pos, name: Name, offset: number, type: Type): Name {
    const text = `(${typeString(type, this.local)})(${linkSymString(name.sym)}@${offset})`;
    const n = new Name(pos, new Sym(null, text), type);
    n.class = Class.PEXTERN;
    n.partOf = name;
    n.partOffset = offset;
    return n;
  }

  /** Statements made from now on are at `n`, if that has a place of its own. */
  private setPos(n: Node): void {
    if (n.op !== Op.ONAME && n.pos !== 0) this.basePos = n.pos;
  }
}

function isLiteral(op: Op): boolean {
  return op === Op.OARRAYLIT || op === Op.OSLICELIT || op === Op.OSTRUCTLIT || op === Op.OMAPLIT;
}

/** The package is part of the FIPS module (cmd/internal/obj/fips140.go). */
function isFIPS(path: string): boolean {
  if (path.endsWith("_test")) return false;
  return path === "crypto/internal/fips140" || path.startsWith("crypto/internal/fips140/");
}
