/** What branches and checks have told of integers, on the way down the dominator tree: found by either side, since a function
 *  may have thousands of checks. */
import { SOp, type Value } from "../value.ts";

/** `a < b` or `a <= b`, signed. */
export interface Fact {
  readonly a: Value;
  readonly b: Value;
  readonly strict: boolean;
}

/** A value, or what number it is. */
type Side = Value | bigint;

export class Facts {
  private readonly all: Fact[] = [];
  private readonly byLeft = new Map<Side, Fact[]>();
  private readonly byRight = new Map<Side, Fact[]>();

  get size(): number {
    return this.all.length;
  }

  add(a: Value, b: Value, strict: boolean): void {
    // Of two numbers nothing has to be told.
    if (a.op === SOp.Const64 && b.op === SOp.Const64) return;
    const fact = { a, b, strict };
    this.all.push(fact);
    listAt(this.byLeft, a).push(fact);
    listAt(this.byRight, b).push(fact);
  }

  /** Forgets all but the oldest `size`. */
  shrink(size: number): void {
    while (this.all.length > size) {
      const { a, b } = this.all.pop()!;
      listAt(this.byLeft, a).pop();
      listAt(this.byRight, b).pop();
    }
  }

  /** What `a` is below, or at most. */
  above(a: Value): readonly Fact[] {
    return this.byLeft.get(side(a)) ?? none;
  }

  /** What is below `b`, or at most that. */
  below(b: Value): readonly Fact[] {
    return this.byRight.get(side(b)) ?? none;
  }
}

const none: readonly Fact[] = [];

function side(v: Value): Side {
  return v.op === SOp.Const64 ? v.big : v;
}

function listAt(map: Map<Side, Fact[]>, v: Value): Fact[] {
  const key = side(v);
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}
