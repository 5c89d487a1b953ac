/** Calls of builtin functions, package unsafe included.
 *
 *  Mirrors the cases exprMake, exprNew, exprSizeof and exprCall of noder/reader.go (with writer.go), and typecheck's
 *  tcAppend, tcMake, tcNew and their like. */

import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import type * as ast from "../../syntax/ast.ts";
import { Kind, Mode } from "../../syntax/ast.ts";
import { unparen } from "../../syntax/walk.ts";
import { ObjKind, TypeKind } from "../../types/types.ts";
import { BuiltinId } from "../../types/universe.ts";
import { newInt, newUintptr } from "../const.ts";
import { newAddrExpr, newBinary, newMakeExpr, newUnary } from "../make.ts";
import { newPtr, newSlice } from "../newtype.ts";
import { Node, NodeFlag } from "../node.ts";
import { Op } from "../op.ts";
import { alignOf, calcSize, sizeOf } from "../typeops.ts";
import { TKind } from "../types.ts";
import { coreType } from "./checker-types.ts";
import { assignConv, defaultLit } from "./convert.ts";
import { expr, exprType, rtype, setRType } from "./expr.ts";
import { argList } from "./exprcall.ts";
import type { Reader } from "./noder.ts";
import { derefCore, firstType, lookupObj, sliceElem } from "./queries.ts";
import { tempCopy } from "./temp.ts";
import { typ } from "./types.ts";

export function builtinCall(r: Reader, e: ast.CallExpr, fun: ast.Expr): Node {
  const { obj } = lookupObj(fun);
  if (obj === null || obj.kind !== ObjKind.Builtin) throw new InternalError("unknown builtin");
  switch (obj.id) {
    case BuiltinId.Make:
      return makeExpr(r, e);
    case BuiltinId.New:
      return newExpr(r, e);
    case BuiltinId.Sizeof:
      return newUintptr(r.n.universe, e.pos, sizeOf(typ(r, e.args[0].type!), r.n.input.machine));
    case BuiltinId.Alignof:
      return newUintptr(r.n.universe, e.pos, alignOf(typ(r, e.args[0].type!), r.n.input.machine));
    case BuiltinId.Offsetof:
      return offsetofExpr(r, e);
  }
  const args: Node[] = [];
  argList(r, e, fun.type!, args);
  return builtin(r, e, obj.id, args);
}

function builtin(r: Reader, e: ast.CallExpr, id: BuiltinId, args: Node[]): Node {
  const pos = e.pos;
  const u = r.n.universe;
  switch (id) {
    case BuiltinId.Append: {
      const elemRType = rtype(r, e.pos, sliceElem(e.type!));
      const n = listCall(Op.OAPPEND, pos, args);
      n.type = args[0].type;
      if (e.hasDots) {
        n.flags |= NodeFlag.DDD;
        // Any slice of the elements, or a string, will do.
        if (args[1].op === Op.OCONVNOP && (args[1].flags & NodeFlag.Implicit) !== 0) args[1] = args[1].x!;
      } else {
        for (let i = 1; i < args.length; i++) args[i] = assignConv(r, pos, args[i], n.type!.elem!);
      }
      setRType(n, elemRType);
      return n;
    }
    case BuiltinId.Copy: {
      const elemRType = rtype(r, e.pos, sliceElem(firstType(e.args[0].type!)));
      const n = newBinary(Op.OCOPY, pos, u.types[TKind.INT], args[0], args[1]);
      setRType(n, elemRType);
      return n;
    }
    case BuiltinId.Delete: {
      const map = firstType(e.args[0].type!);
      const mapRType = rtype(r, e.pos, map);
      args[1] = assignConv(r, pos, args[1], args[0].type!.key!);
      const n = listCall(Op.ODELETE, pos, args);
      setRType(n, mapRType);
      return n;
    }
    case BuiltinId.Cap:
      return newUnary(Op.OCAP, pos, u.types[TKind.INT], args[0]);
    case BuiltinId.Len:
      return newUnary(Op.OLEN, pos, u.types[TKind.INT], args[0]);
    case BuiltinId.Clear:
      return newUnary(Op.OCLEAR, pos, null, args[0]);
    case BuiltinId.Close:
      return newUnary(Op.OCLOSE, pos, null, args[0]);
    case BuiltinId.Panic:
      return newUnary(Op.OPANIC, pos, null, assignConv(r, pos, args[0], u.emptyInterface));
    case BuiltinId.Print:
      return listCall(Op.OPRINT, pos, args);
    case BuiltinId.Println:
      return listCall(Op.OPRINTLN, pos, args);
    case BuiltinId.Recover: {
      const n = listCall(Op.ORECOVER, pos, args);
      n.type = u.emptyInterface;
      return n;
    }
    case BuiltinId.Min:
    case BuiltinId.Max: {
      const n = listCall(id === BuiltinId.Min ? Op.OMIN : Op.OMAX, pos, args);
      n.type = args[0].type;
      return n;
    }
    case BuiltinId.Complex: {
      const kind = args[0].type!.kind === TKind.FLOAT32 ? TKind.COMPLEX64 : TKind.COMPLEX128;
      return newBinary(Op.OCOMPLEX, pos, u.types[kind], args[0], args[1]);
    }
    case BuiltinId.Real:
    case BuiltinId.Imag: {
      const kind = args[0].type!.kind === TKind.COMPLEX64 ? TKind.FLOAT32 : TKind.FLOAT64;
      return newUnary(id === BuiltinId.Real ? Op.OREAL : Op.OIMAG, pos, u.types[kind], args[0]);
    }
    case BuiltinId.Add: {
      const ptr = assignConv(r, pos, args[0], u.types[TKind.UNSAFEPTR]);
      return newBinary(Op.OUNSAFEADD, pos, ptr.type, ptr, args[1]);
    }
    case BuiltinId.Slice: {
      const elemRType = rtype(r, e.pos, sliceElem(e.type!));
      const n = newBinary(Op.OUNSAFESLICE, pos, newSlice(args[0].type!.elem!), args[0], args[1]);
      setRType(n, elemRType);
      return n;
    }
    case BuiltinId.SliceData:
      return newUnary(Op.OUNSAFESLICEDATA, pos, newPtr(args[0].type!.elem!), args[0]);
    case BuiltinId.String:
      return newBinary(Op.OUNSAFESTRING, pos, u.types[TKind.STRING], args[0], args[1]);
    case BuiltinId.StringData:
      return newUnary(Op.OUNSAFESTRINGDATA, pos, newPtr(u.byteType), args[0]);
    default:
      throw new InternalError(`unexpected builtin ${id}`);
  }
}

function listCall(op: Op, pos: Pos, args: Node[]): Node {
  const n = new Node(op, pos, null);
  if (args.length > 0) n.list = args;
  return n;
}

function makeExpr(r: Reader, e: ast.CallExpr): Node {
  const type = exprType(r, null, e.args[0]).type!;
  const x = e.args.length > 1 ? expr(r, e.args[1]) : null;
  const y = e.args.length > 2 ? expr(r, e.args[2]) : null;
  const core = coreType(e.type!);
  const descriptor = rtype(r, e.pos, core !== null && core.kind === TypeKind.Slice ? core.elem : e.type!);
  const op = type.kind === TKind.SLICE ? Op.OMAKESLICE : type.kind === TKind.MAP ? Op.OMAKEMAP : Op.OMAKECHAN;
  const n = newMakeExpr(e.pos, op, type, x ?? newInt(r.n.universe, e.pos, 0), y);
  setRType(n, descriptor);
  return n;
}

function newExpr(r: Reader, e: ast.CallExpr): Node {
  const arg = e.args[0];
  if (arg.mode === Mode.TypExpr) {
    const type = exprType(r, null, arg);
    const n = new Node(Op.ONEW, e.pos, r.n.universe.pointers.to(type.type!));
    if (type.op === Op.ODYNAMICTYPE) n.y = type;
    return n;
  }
  const init: Node[] = [];
  const x = defaultLit(r, expr(r, arg), null);
  const n = newAddrExpr(e.pos, tempCopy(r, e.pos, x, init), r.n.universe.pointers.to(x.type!));
  n.init = init;
  return n;
}

function offsetofExpr(r: Reader, e: ast.CallExpr): Node {
  const selector = unparen(e.args[0]);
  if (selector.kind !== Kind.SelectorExpr || selector.selection === null) throw new InternalError("bad Offsetof");
  const path = selector.selection.index;
  let t = typ(r, derefCore(selector.x.type!));
  let offset = 0;
  for (const index of path) {
    calcSize(t, r.n.input.machine);
    const field = t.fields[index];
    offset += field.offset;
    t = field.type;
  }
  return newUintptr(r.n.universe, e.pos, offset);
}
