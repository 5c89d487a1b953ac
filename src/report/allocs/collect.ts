/** What each function of a package allocates when it runs, and which functions it calls.
 *
 *  Reads    the tree after inlining and escape analysis, so that inlined code counts where it ended up, as in the
 *           binary.  Holds  allocations that the compiler has no remark about too: growing appends and maps, strings
 *           that are put together, channels, goroutines. The code of function literals counts as their function's.
 *           Arguments of panics do not count: they are made when nothing else matters.
 *  Mirrors  as far as it says what is allocated, cmd/compile/internal/walk (dataWord of convert.go, order.go). */

import type { Pos } from "../../base/pos.ts";
import { boxAllocates } from "../../ir/box.ts";
import { int64Val, isSmallIntConst } from "../../ir/const.ts";
import { definingValue, staticCalleeName } from "../../ir/expr.ts";
import { nodeString } from "../../ir/fmt.ts";
import { linkFuncName } from "../../ir/func.ts";
import { EscHeap, EscNever, EscNone } from "../../ir/name.ts";
import { CaseClause, Class, type Func, type Name, type Node, NodeFlag } from "../../ir/node.ts";
import type { Noder } from "../../ir/noder/noder.ts";
import { Op } from "../../ir/op.ts";
import { pathToPrefix } from "../../ir/typefmt.ts";
import { sizeOf } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { doChildren } from "../../ir/visit.ts";

/** How an allocation or a call stands to the promise not to allocate. */
export const enum AllocKind {
  /** The storage of a value that the escape analysis put on the heap. */
  Value,
  /** An operation that allocates by itself: append, a map that grows, a string. */
  Operation,
  /** A call of a method of an interface. */
  Interface,
  /** A call of a function value. */
  Dynamic,
}

export interface AllocSite {
  readonly pos: Pos;
  readonly kind: AllocKind;
  /** `&T{...} escapes to heap`, `append may grow the slice`. */
  readonly text: string;
  /** It may happen several times in one call of the function. */
  readonly inLoop: boolean;
}

export interface AllocCall {
  readonly pos: Pos;
  /** The callee's {@link FuncAllocs.key}. */
  readonly callee: string;
  readonly inLoop: boolean;
}

export interface FuncAllocs {
  /** Import path, dot, name: unique in a program, the same for everybody who calls it. */
  readonly key: string;
  readonly pos: Pos;
  /** There is Go code for it. */
  readonly hasBody: boolean;
  readonly sites: readonly AllocSite[];
  readonly calls: readonly AllocCall[];
}

/** `zeroCopy` are places of conversions that were found to share the memory of their string. */
export function collectAllocs(n: Noder, funcs: readonly Func[], zeroCopy: ReadonlySet<Pos>): FuncAllocs[] {
  const found: FuncAllocs[] = [];
  for (const fn of funcs) {
    if (fn.oclosure !== null && fn.closureParent !== null) continue; // counts with the function around it
    const walk = new AllocWalk(n, zeroCopy);
    walk.function(fn);
    found.push({
      key: linkFuncName(fn),
      pos: fn.pos,
      hasBody: fn.body.length > 0,
      sites: walk.sites,
      calls: walk.calls,
    });
  }
  return found;
}

class AllocWalk {
  readonly sites: AllocSite[] = [];
  readonly calls: AllocCall[] = [];
  private loops = 0;

  constructor(
    private readonly n: Noder,
    private readonly zeroCopy: ReadonlySet<Pos>,
  ) {}

  function(fn: Func): void {
    const loops = this.loops;
    for (const name of fn.dcl) {
      const isParam = name.class === Class.PPARAM || name.class === Class.PPARAMOUT;
      if (isParam && name.esc === EscHeap) this.add(name.pos, AllocKind.Value, `moved to heap: ${this.text(name)}`);
    }
    this.list(fn.body);
    this.loops = loops;
  }

  private add(pos: Pos, kind: AllocKind, text: string): void {
    this.sites.push({ pos, kind, text, inLoop: this.loops > 0 });
  }

  private text(n: Node): string {
    return nodeString(n, this.n.localPkg);
  }

  private size(t: Type): number {
    return sizeOf(t, this.n.input.machine);
  }

  private list(list: readonly Node[]): void {
    for (let i = 0; i < list.length; i++) {
      const n = list[i];
      // Code after a label that is jumped back to may run again.
      if (n.op === Op.OLABEL && this.isJumpedBackTo(n, list, i)) this.loops++;
      this.visit(n);
    }
  }

  private isJumpedBackTo(label: Node, list: readonly Node[], at: number): boolean {
    const jumps = (n: Node): boolean => (n.op === Op.OGOTO && n.label === label.label) || doChildren(n, jumps);
    for (let i = at + 1; i < list.length; i++) if (jumps(list[i])) return true;
    return false;
  }

  private readonly visit = (n: Node): boolean => {
    switch (n.op) {
      case Op.ONAME:
      case Op.OPANIC:
        return false;
      case Op.OFOR:
      case Op.ORANGE:
        this.loop(n);
        return false;
      case Op.ODCL:
        if (n.x!.esc === EscHeap) this.add(n.x!.pos, AllocKind.Value, `moved to heap: ${this.text(n.x!)}`);
        return false;
      case Op.OCLOSURE:
        if (n.esc === EscHeap && n.func!.closureVars.length > 0) this.value(n);
        this.function(n.func!);
        return false;
      case Op.OINDEXMAP:
        if ((n.flags & NodeFlag.Assigned) !== 0)
          this.add(n.pos, AllocKind.Operation, `${this.text(n)} = … may grow the map`);
        this.visit(n.x!);
        this.key(n.y!, (n.flags & NodeFlag.Assigned) === 0);
        return false;
      case Op.OEQ:
      case Op.ONE:
      case Op.OLT:
      case Op.OLE:
      case Op.OGE:
      case Op.OGT:
        // Bytes are compared where they are.
        this.visit(n.x!.op === Op.OBYTES2STR ? n.x!.x! : n.x!);
        this.visit(n.y!.op === Op.OBYTES2STR ? n.y!.x! : n.y!);
        return false;
      case Op.OLEN:
        this.visit(n.x!.op === Op.OSTR2RUNES ? n.x!.x! : n.x!); // counts them
        return false;
      case Op.OSWITCH:
        if (n.x !== null && n.x.op === Op.OBYTES2STR) {
          this.list(n.init);
          this.visit(n.x.x!);
          this.clauses(n);
          return false;
        }
        break;
      default:
        this.expression(n);
    }
    if (n.cases.length > 0) {
      this.list(n.init);
      if (n.x !== null) this.visit(n.x);
      this.clauses(n);
    } else if (n.body.length > 0 || n.list.length > 0 || n.list2.length > 0) {
      this.list(n.init);
      for (const child of [n.x, n.y, n.z, n.w]) if (child !== null) this.visit(child);
      this.list(n.body);
      this.list(n.list);
      this.list(n.list2);
    } else {
      doChildren(n, this.visit);
    }
    return false;
  };

  private clauses(n: Node): void {
    for (const clause of n.cases) {
      if (clause instanceof CaseClause) {
        if (clause.var !== null && clause.var.esc === EscHeap)
          this.add(clause.var.pos, AllocKind.Value, `moved to heap: ${this.text(clause.var)}`);
        this.list(clause.list);
      } else if (clause.comm !== null) {
        this.visit(clause.comm);
      }
      this.list(clause.body);
    }
  }

  private loop(n: Node): void {
    this.list(n.init);
    if (n.op === Op.ORANGE) {
      // A loop over the bytes of a string reads the string.
      const over = n.x!.op === Op.OSTR2BYTES ? n.x!.x! : n.x!;
      this.visit(over);
    }
    this.loops++;
    if (n.op === Op.OFOR && n.x !== null) this.visit(n.x);
    if (n.y !== null) this.visit(n.y);
    if (n.z !== null) this.visit(n.z);
    this.list(n.body);
    this.loops--;
  }

  /** The index of a map; reading with `m[string(b)]` makes no string. */
  private key(key: Node, isRead: boolean): void {
    this.visit(isRead && key.op === Op.OBYTES2STR ? key.x! : key);
  }

  private value(n: Node): void {
    this.add(n.pos, AllocKind.Value, `${this.text(n)} escapes to heap`);
  }

  private operation(n: Node, text: string): void {
    this.add(n.pos, AllocKind.Operation, text);
  }

  /** What the operation itself allocates; operands are visited elsewhere. */
  private expression(n: Node): void {
    const onHeap = n.esc === EscHeap;
    switch (n.op) {
      case Op.ONEW:
      case Op.OPTRLIT:
        if (onHeap && this.size(n.type!.elem!) > 0) this.value(n);
        return;
      case Op.OMETHVALUE:
        if (onHeap) this.value(n);
        return;
      case Op.OSLICELIT:
        if (onHeap && n.len > 0) this.value(n);
        return;
      case Op.OMAKESLICE:
        this.makeSlice(n, onHeap);
        return;
      case Op.OMAKEMAP:
        if (onHeap) this.value(n);
        else if (n.x !== null && !isSmall(n.x, smallMap))
          this.operation(n, `${this.text(n)} may need more than the frame has`);
        return;
      case Op.OMAPLIT:
        if (onHeap) this.value(n);
        else if (n.list.length > smallMap) this.operation(n, `${this.text(n)} needs more than the frame has`);
        return;
      case Op.OMAKECHAN:
        this.operation(n, `${this.text(n)}: channels are on the heap`);
        return;
      case Op.OCONVIFACE:
        if (onHeap && boxAllocates(n.x!, this.n.input.machine)) this.value(n);
        return;
      case Op.OAPPEND:
        this.operation(n, `${this.text(n)} may grow the slice`);
        return;
      case Op.OADDSTR:
        this.operation(n, `${this.text(n)} makes a string`);
        return;
      case Op.OASOP:
        if (n.asOp === Op.OADD && n.x!.type!.kind === TKind.STRING)
          this.operation(n, `${this.text(n.x!)} += ${this.text(n.y!)} makes a string`);
        return;
      case Op.OBYTES2STR:
      case Op.ORUNES2STR:
      case Op.OSTR2RUNES:
        this.operation(n, `${this.text(n)} copies`);
        return;
      case Op.OSTR2BYTES:
        if (!this.zeroCopy.has(n.pos)) this.operation(n, `${this.text(n)} copies`);
        return;
      case Op.ORUNESTR:
        if (onHeap) this.value(n);
        return;
      case Op.OGO:
        this.operation(n, "a goroutine is started");
        return;
      case Op.ODEFER:
        if (n.esc !== EscNever && this.loops > 0) this.operation(n, "a call is deferred in a loop");
        return;
      case Op.OCALLFUNC:
        this.call(n);
        return;
      case Op.OCALLINTER:
        this.add(
          n.pos,
          AllocKind.Interface,
          `${this.text(n.x!)} is a method of an interface: which code runs is not known`,
        );
    }
  }

  private makeSlice(n: Node, onHeap: boolean): void {
    const size = n.y ?? n.x!;
    if (onHeap) {
      const isEmpty = isSmallIntConst(size) && int64Val(size) === 0;
      if (!isEmpty && this.size(n.type!.elem!) > 0) this.value(n);
    } else if (n.esc === EscNone && !isSmallIntConst(size)) {
      this.operation(n, `${this.text(n)} allocates when it is large: its size is only known at run time`);
    }
  }

  private call(n: Node): void {
    let fun = n.x!;
    while (fun.op === Op.OCONVNOP) fun = fun.x!;
    if (fun.op === Op.OCLOSURE) return; // its code is visited with the operand
    const callee = staticCalleeName(fun)?.sym ?? null;
    if (callee !== null) {
      const key = `${pathToPrefix(callee.pkg?.path ?? "")}.${callee.name}`;
      this.calls.push({ pos: n.pos, callee: key, inLoop: this.loops > 0 });
      return;
    }
    // A variable that holds one literal: the code of that is this function's.
    if (fun.op === Op.ONAME && !(fun as Name).reassigned) {
      const value = definingValue(fun);
      if (value !== null && value.op === Op.OCLOSURE) return;
    }
    this.add(n.pos, AllocKind.Dynamic, `${this.text(fun)} is a function value: which code runs is not known`);
  }
}

/** Maps of so many entries fit into one group, which can be in the frame. */
const smallMap = 8;

function isSmall(n: Node, limit: number): boolean {
  return isSmallIntConst(n) && int64Val(n) <= limit;
}
