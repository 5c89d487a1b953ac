/** The checks of `goesc run -check`: before each access to memory through a pointer and each store of a pointer, and
 *  where pointers are returned, a call of package runtime looks whether the pointer may be there (overlay/runtime/mcheck.go).
 *  What a function does with its own frame by name needs no looking after. */
import type { Pos } from "../../base/pos.ts";
import { type Block, BlockKind, Mem, type SFunc, type Sig, SOp, type Value, VT } from "../value.ts";
import { isConst } from "./props.ts";

const one: Sig = { params: [VT.I32], results: [] };
const two: Sig = { params: [VT.I32, VT.I32], results: [] };

/** Functions that hold the frames of two goroutines on purpose, or none: package runtime's own business. */
export function sanitize(fn: SFunc): void {
  for (const block of fn.blocks) new Sanitizer(fn, block).run();
}

class Sanitizer {
  private readonly out: Value[] = [];

  constructor(
    private readonly fn: SFunc,
    private readonly block: Block,
  ) {}

  run(): void {
    const { block, out } = this;
    for (const v of block.values) {
      this.before(v);
      out.push(v);
      if (v.op === SOp.Move && v.obj !== null) this.moved(v);
    }
    if (block.kind === BlockKind.Ret)
      for (const v of block.results) if (v.isPointer && !isConst(v)) this.call("checkResult", one, [v], block.pos);
    block.values = out;
  }

  private before(v: Value): void {
    const [a, b] = v.args;
    switch (v.op) {
      case SOp.Load:
      case SOp.Zero:
      case SOp.MemFill:
      case SOp.Atomic:
        this.access(a, v.pos);
        return;
      case SOp.Store:
      case SOp.StorePtr:
        this.access(a, v.pos);
        if ((v.op === SOp.StorePtr || v.mem === Mem.Ptr) && b.isPointer && !isConst(b))
          this.call("checkStore", two, [a, b], v.pos);
        return;
      case SOp.Move:
      case SOp.MemCopy:
        this.access(a, v.pos);
        this.access(b, v.pos);
        return;
    }
  }

  private access(addr: Value, pos: Pos): void {
    if (!isNamed(addr)) this.call("checkAccess", one, [addr], pos);
  }

  /** Heap memory was written that has a pointer map: the pointers are looked at where they have come to. */
  private moved(v: Value): void {
    const size = this.fn.newValue(this.block, SOp.Const32, VT.I32, [], v.pos);
    size.aux = v.aux;
    this.out.push(size);
    this.call("checkMoved", two, [v.args[0], size], v.pos);
  }

  private call(name: string, sig: Sig, args: Value[], pos: Pos): void {
    const v = this.fn.newValue(this.block, SOp.Call, VT.Void, args, pos);
    v.sym = `runtime.${name}`;
    v.sig = sig;
    this.out.push(v);
  }
}

/** An address in the function's own frame, or of data. */
function isNamed(addr: Value): boolean {
  let v = addr;
  while (v.op === SOp.Num && v.args.length === 2 && v.isPointer) [v] = v.args;
  switch (v.op) {
    case SOp.SlotAddr:
    case SOp.FrameAddr:
    case SOp.CallerFrame:
    case SOp.Addr:
    case SOp.Const32:
      return true;
    default:
      return false;
  }
}
