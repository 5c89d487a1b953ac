/** Parameter tags: where a parameter's value may flow, in minimal dereferences.
 *
 *  Mirrors  cmd/compile/internal/escape/leaks.go. A Leaks holds derefs + 1 per slot, 0 where there is no flow; its
 *           encoded form is the tag that callers read, kept in package summaries. The empty tag is the commonest and
 *           worst: the parameter itself leaks to the heap. */

const Heap = 0;
const Mutator = 1;
const Callee = 2;
const Result0 = 3;
const slots = 8;

/** Flows to later results count as flows to the heap. */
export const numEscResults = slots - Result0;

const prefix = "esc:";

export class Leaks {
  private readonly slot = new Uint8Array(slots);

  /** Minimal derefs of a flow to the heap; -1 if there is none. */
  heap(): number {
    return this.slot[Heap] - 1;
  }

  /** Minimal derefs of a flow to the pointer operand of an indirect assignment; -1 if none. */
  mutator(): number {
    return this.slot[Mutator] - 1;
  }

  /** Minimal derefs of a flow to the callee operand of a call; -1 if none. */
  callee(): number {
    return this.slot[Callee] - 1;
  }

  /** Minimal derefs of a flow to result `i`; -1 if none. */
  result(i: number): number {
    return this.slot[Result0 + i] - 1;
  }

  /** The value flows anywhere. */
  any(): boolean {
    return this.slot.some((derefs) => derefs !== 0);
  }

  addHeap(derefs: number): void {
    this.add(Heap, derefs);
  }

  addMutator(derefs: number): void {
    this.add(Mutator, derefs);
  }

  addCallee(derefs: number): void {
    this.add(Callee, derefs);
  }

  addResult(i: number, derefs: number): void {
    this.add(Result0 + i, derefs);
  }

  private add(slot: number, derefs: number): void {
    const old = this.slot[slot];
    if (old === 0 || derefs + 1 < old) this.slot[slot] = Math.min(derefs + 1, 255);
  }

  /** Drops the flows that are no shorter than the one to the heap: they say nothing more. */
  optimize(): void {
    const heap = this.slot[Heap];
    if (heap === 0) return;
    for (let i = 1; i < slots; i++) if (this.slot[i] >= heap) this.slot[i] = 0;
  }

  encode(): string {
    if (this.slot[Heap] === 1) return "";
    let n = slots;
    while (n > 0 && this.slot[n - 1] === 0) n--;
    return prefix + String.fromCharCode(...this.slot.subarray(0, n));
  }

  static parse(tag: string): Leaks {
    const leaks = new Leaks();
    if (!tag.startsWith(prefix)) {
      leaks.addHeap(0);
      return leaks;
    }
    for (let i = prefix.length; i < tag.length; i++) leaks.slot[i - prefix.length] = tag.charCodeAt(i);
    return leaks;
  }
}
