/** `go` and `defer`: what is started becomes a call without arguments and results, of a wrapper where need be, and
 *  its operands are evaluated at the statement.
 *
 *  Mirrors the case stmtCall of noder/reader.go, and tcGoDefer and normalizeGoDeferCall of typecheck/stmt.go. */

import { InternalError } from "../../base/diag.ts";
import { NoPos } from "../../base/pos.ts";
import type * as ast from "../../syntax/ast.ts";
import { TokenKind } from "../../syntax/tokens.ts";
import { staticCalleeName, takeInit } from "../expr.ts";
import { declareParams, newClosureFunc } from "../func.ts";
import { newAssignListStmt, newCallExpr, newDecl, newGoDeferStmt, newUnary } from "../make.ts";
import { newClosureVar } from "../name.ts";
import { newPtr, newSignature } from "../newtype.ts";
import { Class, FuncFlag, type Name, type Node, NodeFlag, noNodes } from "../node.ts";
import { Op } from "../op.ts";
import { TKind } from "../types.ts";
import { expr, exprOrNull } from "./expr.ts";
import { wrapperSym } from "./literalname.ts";
import type { Reader } from "./noder.ts";
import { temp } from "./temp.ts";

export function goDeferStmt(r: Reader, s: ast.CallStmt): Node {
  const isDefer = s.tok === TokenKind.Defer;
  const call = expr(r, s.call);
  const deferAt = isDefer ? exprOrNull(r, s.deferAt) : null;
  const n = newGoDeferStmt(s.pos, isDefer ? Op.ODEFER : Op.OGO, call, deferAt);
  normalizeGoDefer(r, n);
  return n;
}

/** An operand that the statement evaluates, and how to put another node in its place. */
interface Operand {
  readonly node: Node;
  readonly replace: (by: Node) => void;
}

function normalizeGoDefer(r: Reader, n: Node): void {
  const call = n.x!;
  const init: Node[] = [...takeInit(call)];
  if (isNormalForm(call)) {
    n.init = init.length === 0 ? noNodes : init;
    call.flags |= NodeFlag.GoDefer;
    return;
  }
  const why = n.op === Op.ODEFER ? Op.ODEFER : Op.OGO;
  const sig = newSignature(null, [], []);
  const wrapper = newClosureFunc(n.pos, n.pos, why, sig, r.curfn, r.n.target.funcs, wrapperSym(r, why));
  declareParams(wrapper, true);
  wrapper.flags |= FuncFlag.Wrapper | FuncFlag.WrapsGoDefer;
  if (call.op === Op.OCALLFUNC) wrapper.wrapped = staticCalleeName(call.x!)?.func ?? null;

  const operands = operandsOf(call);
  if (operands.length > 0) {
    const lhs: Name[] = [];
    const as = newAssignListStmt(
      n.pos,
      Op.OAS2,
      lhs,
      operands.map((operand) => operand.node),
    );
    for (const { node, replace } of operands) {
      const pos = node.op === Op.ONAME || node.pos === NoPos ? n.pos : node.pos;
      const tmp = temp(r, pos, node.type!);
      init.push(newDecl(pos, tmp));
      tmp.defn = as;
      lhs.push(tmp);
      replace(newClosureVar(pos, wrapper, tmp));
    }
    init.push(as);
    // A method of a nil interface panics here, not when the wrapper runs.
    if (call.op === Op.OCALLINTER) {
      const word = newUnary(Op.OITAB, lhs[0].pos, newPtr(r.n.universe.types[TKind.UINTPTR]), lhs[0]);
      init.push(newUnary(Op.OCHECKNIL, n.pos, null, word));
    }
  }
  wrapper.body = [call];
  n.init = init.length === 0 ? noNodes : init;
  n.x = newCallExpr(call.pos, Op.OCALLFUNC, wrapper.oclosure, noNodes);
  n.x.flags |= NodeFlag.GoDefer;
}

function isNormalForm(call: Node): boolean {
  if (call.op !== Op.OCALLFUNC) return false;
  const sig = call.x!.type!;
  return sig.params.length + sig.results.length === 0;
}

/** The operands of `call` that must not wait for the wrapper to run. */
function operandsOf(call: Node): Operand[] {
  const found: Operand[] = [];
  const list = [...call.list];
  call.list = list.length === 0 ? noNodes : list;
  switch (call.op) {
    case Op.OCALLFUNC:
      visit(found, call.x, (by) => {
        call.x = by;
      });
      break;
    case Op.OCALLINTER: {
      const selector = call.x!;
      found.push({
        node: selector.x!,
        replace: (by) => {
          selector.x = by;
        },
      });
      break;
    }
    case Op.OAPPEND:
    case Op.ODELETE:
    case Op.OPRINT:
    case Op.OPRINTLN:
    case Op.ORECOVER:
      break;
    case Op.OCOPY:
    case Op.OCLEAR:
    case Op.OCLOSE:
    case Op.OPANIC:
      visit(found, call.x, (by) => {
        call.x = by;
      });
      visit(found, call.y, (by) => {
        call.y = by;
      });
      break;
    default:
      throw new InternalError(`unexpected call ${call.op}`);
  }
  visitList(found, list);
  // A type descriptor out of the dictionary is saved like any operand; nothing else mentions it.
  const rtype = call.rtti?.type ?? null;
  if (rtype !== null) {
    found.push({
      node: rtype,
      replace: (by) => {
        call.rtti = { ...call.rtti!, type: by };
      },
    });
  }
  return found;
}

function visitList(found: Operand[], list: Node[]): void {
  for (let i = 0; i < list.length; i++) {
    visit(found, list[i], (by) => {
      list[i] = by;
    });
  }
}

function visit(found: Operand[], node: Node | null, replace: (by: Node) => void): void {
  if (node === null) return;
  switch (node.op) {
    case Op.OLITERAL:
    case Op.ONIL:
    case Op.OMETHEXPR:
    case Op.ONEW:
      return;
    case Op.ONAME:
      if ((node as Name).class === Class.PFUNC) return;
      break;
    case Op.OCONVNOP:
      // The pointer behind a uintptr has to stay alive.
      if (node.type!.kind === TKind.UINTPTR && node.x!.type!.kind === TKind.UNSAFEPTR) {
        visit(found, node.x, (by) => {
          node.x = by;
        });
        return;
      }
      break;
    case Op.OARRAYLIT:
    case Op.OSLICELIT:
    case Op.OSTRUCTLIT:
      visitElements(found, node);
      return;
  }
  found.push({ node, replace });
}

function visitElements(found: Operand[], lit: Node): void {
  const list = [...lit.list];
  lit.list = list;
  for (let i = 0; i < list.length; i++) {
    const elem = list[i];
    if (elem.op === Op.OKEY) {
      visit(found, elem.y, (by) => {
        elem.y = by;
      });
    } else if (elem.op === Op.OSTRUCTKEY) {
      visit(found, elem.x, (by) => {
        elem.x = by;
      });
    } else {
      visit(found, elem, (by) => {
        list[i] = by;
      });
    }
  }
}
