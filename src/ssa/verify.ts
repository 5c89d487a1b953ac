/** Checks that a function in data-flow form is well made: edges go both ways, every phi has an argument for each way
 *  in, every value that is used is computed before, on all paths, and types fit. For tests and debugging. */
import { resultOf } from "./builder.ts";
import { type Block, BlockKind, type SFunc, SOp, type Value, VT } from "./value.ts";

/** What is wrong, one text for each fault; empty for a well-made function. */
export function verify(fn: SFunc): string[] {
  return new Verifier(fn).run();
}

class Verifier {
  private readonly faults: string[] = [];
  private readonly reachable = new Set<Block>();
  /** Position of each value in its block. */
  private readonly order = new Map<Value, number>();
  private readonly idom = new Map<Block, Block | null>();

  constructor(private readonly fn: SFunc) {}

  run(): string[] {
    const order = this.postorder();
    for (const block of order) {
      block.values.forEach((v, i) => {
        if (this.order.has(v)) this.fault(block, `v${v.id} is in two places`);
        this.order.set(v, i);
        if (v.block !== block) this.fault(block, `v${v.id} says that it is in b${v.block.id}`);
      });
    }
    this.dominators(order);
    for (const block of order) this.checkBlock(block);
    return this.faults;
  }

  private fault(block: Block, text: string): void {
    this.faults.push(`${this.fn.name} b${block.id}: ${text}`);
  }

  private get roots(): Block[] {
    return this.fn.deferExit === null ? [this.fn.entry] : [this.fn.entry, this.fn.deferExit];
  }

  private postorder(): Block[] {
    const order: Block[] = [];
    for (const root of this.roots) {
      const stack: { block: Block; next: number }[] = [];
      if (!this.reachable.has(root)) {
        this.reachable.add(root);
        stack.push({ block: root, next: 0 });
      }
      while (stack.length > 0) {
        const top = stack[stack.length - 1];
        if (top.next < top.block.succs.length) {
          const succ = top.block.succs[top.next++];
          if (!this.reachable.has(succ)) {
            this.reachable.add(succ);
            stack.push({ block: succ, next: 0 });
          }
        } else {
          order.push(top.block);
          stack.pop();
        }
      }
    }
    return order;
  }

  /** Cooper, Harvey and Kennedy; both roots hang from a common one, null. */
  private dominators(postorder: readonly Block[]): void {
    const number = new Map<Block, number>();
    postorder.forEach((block, i) => {
      number.set(block, i);
    });
    const { idom } = this;
    for (const root of this.roots) idom.set(root, null);
    const meet = (a: Block | null, b: Block | null): Block | null => {
      let x = a;
      let y = b;
      while (x !== y) {
        if (x === null || y === null) return null;
        if (number.get(x)! < number.get(y)!) x = idom.get(x) ?? null;
        else y = idom.get(y) ?? null;
      }
      return x;
    };
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = postorder.length - 1; i >= 0; i--) {
        const block = postorder[i];
        if (this.roots.includes(block)) continue;
        let found: Block | null | undefined;
        for (const pred of block.preds) {
          if (!this.reachable.has(pred) || !idom.has(pred)) continue;
          found = found === undefined ? pred : meet(found, pred);
        }
        if (found !== undefined && (!idom.has(block) || idom.get(block) !== found)) {
          idom.set(block, found);
          changed = true;
        }
      }
    }
  }

  private dominates(a: Block, b: Block): boolean {
    for (let block: Block | null = b; block !== null; block = this.idom.get(block) ?? null) {
      if (block === a) return true;
    }
    return false;
  }

  private checkBlock(block: Block): void {
    for (const succ of block.succs) {
      if (!succ.preds.includes(block)) this.fault(block, `b${succ.id} does not know of the edge to it`);
    }
    for (const pred of block.preds) {
      if (!pred.succs.includes(block)) this.fault(block, `b${pred.id} does not lead here`);
    }
    const ways = { [BlockKind.Plain]: 1, [BlockKind.If]: 2, [BlockKind.Ret]: 0, [BlockKind.Exit]: 0 } as const;
    if (block.kind !== BlockKind.Switch && block.succs.length !== ways[block.kind]) {
      this.fault(block, `${block.succs.length} ways out of a block of kind ${block.kind}`);
    }
    let phis = true;
    for (const v of block.values) {
      if (v.op === SOp.Phi) {
        if (!phis) this.fault(block, `phi v${v.id} after other values`);
        this.checkPhi(block, v);
      } else {
        phis = false;
        for (const arg of v.args) this.checkUse(block, v, arg, this.order.get(v)!);
        this.checkTypes(block, v);
      }
    }
    const end = block.values.length;
    if (block.control !== null) this.checkUse(block, null, block.control, end);
    for (const v of block.results) this.checkUse(block, null, v, end);
    if (block.kind === BlockKind.Ret) {
      const want = this.fn.sig.results;
      if (want.length !== block.results.length || want.some((vt, i) => vt !== block.results[i].type)) {
        this.fault(block, "results do not fit the signature");
      }
    }
    if ((block.kind === BlockKind.If || block.kind === BlockKind.Switch) && block.control?.type !== VT.I32) {
      this.fault(block, "the control value is no i32");
    }
  }

  private checkPhi(block: Block, phi: Value): void {
    if (phi.args.length !== block.preds.length) {
      this.fault(block, `phi v${phi.id} has ${phi.args.length} arguments for ${block.preds.length} ways in`);
      return;
    }
    phi.args.forEach((arg, i) => {
      const pred = block.preds[i];
      if (!this.reachable.has(pred)) return;
      if (arg.type !== phi.type) this.fault(block, `phi v${phi.id} mixes types`);
      this.checkUse(pred, phi, arg, pred.values.length);
    });
  }

  /** `arg` is used at place `at` of `block`. */
  private checkUse(block: Block, user: Value | null, arg: Value, at: number): void {
    const name = user === null ? "the end" : `v${user.id}`;
    const place = this.order.get(arg);
    if (place === undefined) this.fault(block, `${name} uses v${arg.id}, which is not computed`);
    else if (arg.type === VT.Void && user?.op !== SOp.Result)
      this.fault(block, `${name} uses v${arg.id}, which has no value`);
    else if (arg.block === block ? place >= at : !this.dominates(arg.block, block)) {
      this.fault(block, `${name} uses v${arg.id} of b${arg.block.id}, which may not be computed yet`);
    }
  }

  private checkTypes(block: Block, v: Value): void {
    switch (v.op) {
      case SOp.Num:
        if (v.type !== resultOf(v.aux)) this.fault(block, `v${v.id} has the wrong type`);
        break;
      case SOp.Load:
      case SOp.Store:
      case SOp.StorePtr:
      case SOp.Move:
      case SOp.Zero:
      case SOp.NilCheck:
        if (v.args[0].type !== VT.I32) this.fault(block, `v${v.id} has no address`);
        break;
      case SOp.Call:
      case SOp.CallIndirect:
      case SOp.PanicCall: {
        const args = v.op === SOp.CallIndirect ? v.args.slice(1) : v.args;
        const params = v.sig!.params;
        if (params.length !== args.length || params.some((vt, i) => vt !== args[i].type)) {
          this.fault(block, `arguments of v${v.id} do not fit its signature`);
        }
        break;
      }
      case SOp.Select:
        if (v.args[1].type !== v.type || v.args[2].type !== v.type) this.fault(block, `v${v.id} mixes types`);
        break;
      case SOp.BoundsCheck:
        if (v.args[0].type !== VT.I64 || v.args[1].type !== VT.I64) this.fault(block, `v${v.id} checks no i64`);
        break;
    }
  }
}
