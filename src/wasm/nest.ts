/** Which values are computed where they are used, as part of an expression, instead of going through a local.
 *
 *  A value is nested if its only user stands in the same block (a phi's argument: at the end of the predecessor), it has
 *  no effects, and nothing between it and the place where the user is computed changes what it reads. Constants and
 *  addresses are nested at every use. What is left are the roots: values that stand as statements of their own. */
import type { Order } from "../ssa/passes/cfg.ts";
import { isPure, isRead, isRematerial, writes } from "../ssa/passes/props.ts";
import { type Block, BlockKind, SOp, type Value } from "../ssa/value.ts";

/** `Value.mark` during encoding. */
export const enum Place {
  /** Stands in the list of its block and goes to a local, if it has a result that is used. */
  Root,
  /** Is computed within its user. */
  Nested,
  /** Is computed within each of its users. */
  Everywhere,
}

/** Sets the marks of all values, and `uses`, which must be counted. */
export function nest(order: Order): void {
  const scratch: Scratch = { user: [], epoch: [] };
  for (const block of order.blocks) nestBlock(block, scratch);
}

/** By value id. */
interface Scratch {
  /** The only user; undefined: none in the block yet, null: not one. */
  readonly user: (Value | Block | null | undefined)[];
  /** Number of writes in the block before the place where the value is computed. */
  readonly epoch: number[];
}

function nestBlock(block: Block, { user, epoch }: Scratch): void {
  let writesSeen = 0;
  for (const v of block.values) {
    v.mark = isRematerial(v) ? Place.Everywhere : Place.Root;
    epoch[v.id] = writesSeen;
    if (writes(v)) writesSeen++;
    if (v.op === SOp.Phi) continue;
    for (const arg of v.args) if (arg.block === block) user[arg.id] = v;
  }
  const last = writesSeen;
  const atEnd = (v: Value): void => {
    if (v.block === block) user[v.id] = block;
  };
  if (block.control !== null) atEnd(block.control);
  for (const v of block.results) atEnd(v);
  if (block.kind === BlockKind.Plain) {
    const [to] = block.succs;
    const slot = to.preds.indexOf(block);
    for (const phi of to.values) {
      if (phi.op !== SOp.Phi) break;
      atEnd(phi.args[slot]);
    }
  }
  for (let i = block.values.length - 1; i >= 0; i--) {
    const v = block.values[i];
    if (v.uses !== 1 || v.mark !== Place.Root) continue;
    const by = user[v.id];
    if (by === undefined || by === null) continue;
    if (by === block) {
      if (canMove(v) || (stays(v) && epoch[v.id] === last)) {
        v.mark = Place.Nested;
        epoch[v.id] = last;
      }
      continue;
    }
    const u = by as Value;
    if (repeatsArgs(u)) continue;
    if (canMove(v) || (stays(v) && epoch[v.id] === epoch[u.id])) {
      v.mark = Place.Nested;
      epoch[v.id] = epoch[u.id];
    }
  }
}

/** An integer becomes a pointer: until then the collector does not see it. */
function makesPointer(v: Value): boolean {
  return v.op === SOp.Num && v.isPointer && v.args.length === 1;
}

function canMove(v: Value): boolean {
  return isPure(v) && !makesPointer(v);
}

/** May be computed later as long as nothing is written in between, calls included. */
function stays(v: Value): boolean {
  return isRead(v) || makesPointer(v);
}

/** Values whose code mentions an argument more than once, which then is better in a local. */
function repeatsArgs(v: Value): boolean {
  switch (v.op) {
    case SOp.BoundsCheck:
    case SOp.StorePtr:
    case SOp.Result:
      return true;
    case SOp.Move:
    case SOp.Zero:
      return v.aux > 8;
    default:
      return false;
  }
}
