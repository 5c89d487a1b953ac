/** Standard input on its way to the program: where a read would block, another thread reads, and the program goes on
 *  meanwhile. Shared memory: a state, a length, and what has been read. */
import { callLater } from "./errno.ts";

const enum State {
  /** Nothing is there, and nobody reads. */
  Idle,
  /** The other thread reads. */
  Wanted,
  Full,
  Ended,
}

const state = 0;
const length = 1;
const headBytes = 8;
export const inputBytes = 1 << 16;

export class InputBox {
  private readonly words: Int32Array;
  private readonly data: Uint8Array;
  /** How much of it the program has. */
  private taken = 0;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(headBytes + inputBytes)) {
    this.words = new Int32Array(buffer, 0, headBytes / 4);
    this.data = new Uint8Array(buffer, headBytes);
  }

  /** The program's side: how much was read, 0 at the end, or -{@link callLater}; `ask` has the other thread read. */
  read(bytes: Uint8Array, ask: () => void): number {
    switch (Atomics.load(this.words, state)) {
      case State.Ended:
        return 0;
      case State.Full: {
        const end = Math.min(this.words[length], this.taken + bytes.length);
        const n = end - this.taken;
        bytes.set(this.data.subarray(this.taken, end));
        this.taken = end === this.words[length] ? 0 : end;
        if (this.taken === 0) Atomics.store(this.words, state, State.Idle);
        return n;
      }
      case State.Idle:
        Atomics.store(this.words, state, State.Wanted);
        ask();
        return -callLater;
      default:
        return -callLater;
    }
  }

  /** Takes all that has been read. */
  takeRest(): Uint8Array {
    if (Atomics.load(this.words, state) !== State.Full) return new Uint8Array();
    const rest = this.data.slice(this.taken, this.words[length]);
    this.taken = 0;
    Atomics.store(this.words, state, State.Idle);
    return rest;
  }

  /** The other side: what was read, at most {@link inputBytes}; nothing at the end. */
  give(bytes: Uint8Array): void {
    this.data.set(bytes);
    this.words[length] = bytes.length;
    Atomics.store(this.words, state, bytes.length === 0 ? State.Ended : State.Full);
  }
}
