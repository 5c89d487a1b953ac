/** Types whose values no machine can hold, and channels of too large elements. The compiler finds them when it lays
 *  out the types of a package without other errors, and reports each at the first declaration that leads to it.
 *  Mirrors the errors of cmd/compile/internal/types/size.go. */
import type { Pos } from "../base/pos.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { inspect } from "../syntax/walk.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { type ArrayT, type Chan, ObjKind, type Struct, type Type, TypeKind } from "./types.ts";
import { typeString } from "./typestring.ts";
import { under } from "./under.ts";
import { hasVarSize } from "./unsafe.ts";

/** Arrays of fewer elements are not suspected of being the too large part of a type. */
export const SuspectLength = 1 << 10;

const maxChanElem = 1 << 16;

type Report = (pos: Pos, msg: string) => void;

export function checkTypeSizes(c: Checker, report: Report): void {
  const layout = new Layout(c, report);
  if (!c.largeTypes.some((t) => layout.isTooLarge(t))) return;
  for (const file of c.files) {
    inspect(file, (n: Node | null) => {
      if (n === null || n.kind !== Kind.Name) return true;
      const obj = n.obj;
      if (obj === null || obj.pos !== n.pos || obj.type === null) return true;
      if (obj.kind === ObjKind.Var || obj.kind === ObjKind.TypeName) layout.visit(obj.type, n.pos);
      return true;
    });
  }
}

class Layout {
  private readonly seen = new Set<Type>();
  private readonly maxWidth: number;
  private readonly maxOffset: number;
  private readonly c: Checker;
  private readonly report: Report;

  constructor(c: Checker, report: Report) {
    this.c = c;
    this.report = report;
    this.maxWidth = c.conf.sizes.wordSize === 8 ? 2 ** 50 : 2 ** 32 - 1;
    // On 32-bit machines reflection keeps field offsets in 31 bits.
    this.maxOffset = c.conf.sizes.wordSize === 8 ? this.maxWidth : 2 ** 31 - 1;
  }

  isTooLarge(t: ArrayT | Chan): boolean {
    return t.kind === TypeKind.Array ? this.arrayError(t) !== "" : this.chanError(t) !== "";
  }

  /** Reports at `pos` what is wrong with types reachable from `t` that were not seen before. */
  visit(t: Type, pos: Pos): void {
    t = unalias(t);
    if (this.seen.has(t)) return;
    this.seen.add(t);
    switch (t.kind) {
      case TypeKind.Named:
        if (t.obj.pkg === this.c.pkg && (t.orig !== t || t.tparams.length === 0)) this.visit(under(t), pos);
        break;
      case TypeKind.Pointer:
        this.visit(t.base, pos);
        break;
      case TypeKind.Slice:
        this.visit(t.elem, pos);
        break;
      case TypeKind.Map:
        this.visit(t.key, pos);
        this.visit(t.elem, pos);
        break;
      case TypeKind.Signature:
        for (const v of t.params.vars) this.visit(v.type!, pos);
        for (const v of t.results.vars) this.visit(v.type!, pos);
        break;
      case TypeKind.Array:
        this.visit(t.elem, pos);
        this.say(pos, this.arrayError(t));
        break;
      case TypeKind.Chan:
        this.visit(t.elem, pos);
        this.say(pos, this.chanError(t));
        break;
      case TypeKind.Struct:
        for (const f of t.fields) this.visit(f.type!, pos);
        this.say(pos, this.structError(t));
    }
  }

  private say(pos: Pos, msg: string): void {
    if (msg !== "") this.report(pos, msg);
  }

  private text(t: Type): string {
    return typeString(t, (pkg) => (pkg === this.c.pkg ? "" : pkg.name));
  }

  private sizeof(t: Type): number {
    const size = this.c.conf.sizes.sizeof(t);
    return size < 0 ? Number.POSITIVE_INFINITY : size;
  }

  private arrayError(t: ArrayT): string {
    if (hasVarSize(t, null)) return "";
    const elem = this.sizeof(t.elem);
    if (elem === Number.POSITIVE_INFINITY || elem === 0) return "";
    if (t.len > Math.floor((this.maxWidth - 1) / elem)) return `type ${this.text(t)} larger than address space`;
    return this.exceedsWord(elem * t.len) ? `type ${this.text(t)} too large` : "";
  }

  private structError(t: Struct): string {
    if (hasVarSize(t, null)) return "";
    const size = this.sizeof(t);
    return size >= this.maxOffset ? `type ${this.text(t)} too large` : "";
  }

  private chanError(t: Chan): string {
    if (hasVarSize(t.elem, null)) return "";
    return this.sizeof(t.elem) >= maxChanElem ? "channel element type too large (>64kB)" : "";
  }

  private exceedsWord(size: number): boolean {
    return this.c.conf.sizes.wordSize === 4 && size >= 2 ** 31;
  }
}
