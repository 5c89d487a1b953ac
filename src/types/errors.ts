/** Errors of the checker: collected part by part, then reported as one Diagnostic.
 *
 *  Mirrors cmd/compile/internal/types2/errors.go. The first part gives the position; the others become further lines,
 *  each with its own position if that is known. */
import type { Diagnostic } from "../base/diag.ts";
import { InternalError } from "../base/diag.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import { type Node, NodeBase } from "../syntax/ast.ts";
import { startPos } from "../syntax/positions.ts";
import type { Checker } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { placeString, sprintf, stripAnnotations } from "./format.ts";
import { Operand } from "./operand.ts";
import { withVersionHint } from "./postcheck.ts";
import type { Obj } from "./types.ts";
import type { GoVersion } from "./version.ts";

export const invalidArg = "invalid argument: ";
export const invalidOp = "invalid operation: ";

/** What an error can be reported at: a position, or something that has one. */
export type Poser = Pos | Operand | NodeBase | Obj;

export class ErrorDesc {
  constructor(
    readonly pos: Pos,
    readonly msg: string,
  ) {}
}

/** An error being put together; made by newError. */
export class CheckError {
  desc: ErrorDesc[] = [];
  soft = false;
  constructor(
    readonly check: Checker,
    readonly code: Code,
  ) {}
}

export function newError(c: Checker, code: Code): CheckError {
  return new CheckError(c, code);
}

export function addf(err: CheckError, at: Poser, format: string, ...args: unknown[]): void {
  err.desc.push(new ErrorDesc(atPos(at), sprintf(err.check, format, ...args)));
}

/** Says where else `obj` is declared. */
export function addAltDecl(err: CheckError, obj: Obj): void {
  if (obj.pos !== NoPos) addf(err, obj, "other declaration of %s", obj.name);
}

export function isEmptyError(err: CheckError): boolean {
  return err.desc.length === 0;
}

/** Where the error will be reported; NoPos as long as it is empty. */
export function errorPos(err: CheckError): Pos {
  return err.desc.length === 0 ? NoPos : err.desc[0].pos;
}

/** The text of the error, without its main position. */
export function errorMsg(err: CheckError): string {
  if (err.desc.length === 0) return "no error";
  let text = "";
  for (let i = 0; i < err.desc.length; i++) {
    const { pos, msg } = err.desc[i];
    if (i > 0) {
      text += "\n\t";
      if (pos !== NoPos) text += `${placeString(err.check, pos)}: `;
    }
    text += msg;
  }
  return text;
}

/** The text speaks of an operand or type that is invalid because of an earlier error. At the very beginning of a
 *  message such words are its subject and no sign of that. */
export function isFollowOn(msg: string): boolean {
  return msg.indexOf("invalid operand") > 0 || msg.indexOf("invalid type") > 0;
}

export function report(err: CheckError): void {
  const c = err.check;
  if (err.desc.length === 0) throw new InternalError("error without text");
  if (c.firstErr !== null && isFollowOn(err.desc[0].msg)) return;

  let msg = errorMsg(err);
  if (err.code === Code.InvalidSyntaxTree) msg = `invalid syntax tree: ${msg}`;
  // In an inherited constant initialisation the constant declared is to blame, not the expression repeated.
  const pos = c.errpos !== NoPos ? c.errpos : err.desc[0].pos;
  const diagnostic: Diagnostic = {
    pos,
    msg: withVersionHint(c, pos, stripAnnotations(msg)),
    code: err.code,
    soft: err.soft,
  };
  err.desc = []; // not twice
  c.firstErr ??= diagnostic;
  c.errors.push(diagnostic);
  c.conf.error?.(diagnostic);
}

export function error(c: Checker, at: Poser, code: Code, msg: string): void {
  errorf(c, at, code, "%s", msg);
}

export function errorf(c: Checker, at: Poser, code: Code, format: string, ...args: unknown[]): void {
  const err = newError(c, code);
  addf(err, at, format, ...args);
  report(err);
}

/** A soft error leaves the types valid. */
export function softErrorf(c: Checker, at: Poser, code: Code, format: string, ...args: unknown[]): void {
  const err = newError(c, code);
  addf(err, at, format, ...args);
  err.soft = true;
  report(err);
}

export function versionErrorf(c: Checker, at: Poser, v: GoVersion, format: string, ...args: unknown[]): void {
  const msg = sprintf(c, format, ...args);
  errorf(c, at, Code.UnsupportedFeature, "%s requires %s or later", msg, v);
}

/** Where an error at `at` is shown: at the first character of nodes and operands. */
export function atPos(at: Poser): Pos {
  if (typeof at === "number") return at;
  if (at instanceof Operand) return at.expr === null ? NoPos : startPos(at.expr as Node);
  if (at instanceof NodeBase) return startPos(at as Node);
  return at.pos;
}
