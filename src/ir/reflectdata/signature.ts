/** Signatures of types: what has to be done to compare or hash a value, as a word. Types with the same signature share
 *  their functions from Go 1.27 on (eqSignature in cmd/compile/internal/reflectdata/alg.go of that release).
 *
 *      M8   8 bytes of plain memory          S  string
 *      K4   4 bytes that do not count        I  interface with methods
 *      F    float32                          E  empty interface
 *      G    float64                          [3M1S]  three times M1S
 *      A4   first: values are aligned to 4 bytes; only where loads must be aligned, and not for words */
import { InternalError } from "../../base/diag.ts";
import type { Target } from "../target.ts";
import { alignOf, isBlankSym, isEmptyInterface, sizeOf } from "../typeops.ts";
import { TKind, type Type } from "../types.ts";
import { isRegularMemory } from "./algtype.ts";

/** The signature of comparable type `t`. */
export function eqSignature(t: Type, target: Target): string {
  const align = alignOf(t, target);
  const prefix = !target.canMergeLoads && align !== target.ptrSize ? `A${align}` : "";
  const b = new SignatureBuilder(target, prefix);
  b.build(t);
  return b.finish();
}

/** One item of a signature. */
export interface SignatureItem {
  readonly kind: "A" | "M" | "K" | "F" | "G" | "S" | "I" | "E" | "[";
  /** The number after it: bytes, or times. */
  readonly n: number;
  /** Of arrays: the signature that is repeated. */
  readonly elem: string;
}

export function parseSignature(sig: string): SignatureItem[] {
  const items: SignatureItem[] = [];
  for (let i = 0; i < sig.length; ) {
    const kind = sig[i++] as SignatureItem["kind"];
    let n = 0;
    for (; i < sig.length && sig[i] >= "0" && sig[i] <= "9"; i++) n = 10 * n + Number(sig[i]);
    let elem = "";
    if (kind === "[") {
      const start = i;
      for (let depth = 1; depth > 0; i++) {
        if (i === sig.length) throw new InternalError(`brackets do not match in ${sig}`);
        if (sig[i] === "[") depth++;
        else if (sig[i] === "]") depth--;
      }
      elem = sig.slice(start, i - 1);
    }
    items.push({ kind, n, elem });
  }
  return items;
}

/** Bytes of a value with the signature. */
export function signatureSize(sig: string, target: Target): number {
  let size = 0;
  for (const { kind, n, elem } of parseSignature(sig)) {
    switch (kind) {
      case "M":
      case "K":
        size += n;
        break;
      case "F":
        size += 4;
        break;
      case "G":
        size += 8;
        break;
      case "S":
      case "I":
      case "E":
        size += 2 * target.ptrSize;
        break;
      case "[":
        size += n * signatureSize(elem, target);
        break;
    }
  }
  return size;
}

/** The signature without what does not count at its end. */
export function trimSkip(sig: string): string {
  return sig.replace(/K\d*$/, "");
}

/** Loops over arrays compare about so many bytes at a time. */
const unrolledBytes = 32;

class SignatureBuilder {
  /** Bytes that are about to be written as one M or K. */
  private memory = 0;
  private skipped = 0;
  constructor(
    private readonly target: Target,
    private text: string,
  ) {}

  finish(): string {
    this.skipped = 0;
    this.flush();
    return this.text;
  }

  private flush(): void {
    if (this.memory > 0) this.text += `M${this.memory}`;
    if (this.skipped > 0) this.text += `K${this.skipped}`;
    this.memory = 0;
    this.skipped = 0;
  }

  private regular(n: number): void {
    if (this.memory === 0) this.flush();
    this.memory += n;
  }

  private skip(n: number): void {
    // What comes after a gap is a region of its own, so memory goes first.
    if (this.skipped === 0) this.flush();
    this.skipped += n;
  }

  private item(text: string): void {
    this.flush();
    this.text += text;
  }

  build(t: Type): void {
    switch (t.kind) {
      case TKind.FLOAT32:
        this.item("F");
        return;
      case TKind.FLOAT64:
        this.item("G");
        return;
      case TKind.COMPLEX64:
        this.item("FF");
        return;
      case TKind.COMPLEX128:
        this.item("GG");
        return;
      case TKind.STRING:
        this.item("S");
        return;
      case TKind.INTER:
        this.item(isEmptyInterface(t) ? "E" : "I");
        return;
      case TKind.STRUCT:
        this.struct(t);
        return;
      case TKind.ARRAY:
        this.array(t);
        return;
      case TKind.FUNC:
      case TKind.SLICE:
      case TKind.MAP:
        throw new InternalError("signature of a type that cannot be compared");
      default:
        this.regular(sizeOf(t, this.target));
    }
  }

  private struct(t: Type): void {
    const size = sizeOf(t, this.target);
    let offset = 0;
    for (const f of t.fields) {
      if (isBlankSym(f.sym)) continue;
      if (offset < f.offset) this.skip(f.offset - offset);
      this.build(f.type);
      offset = f.offset + sizeOf(f.type, this.target);
    }
    if (offset < size) this.skip(size - offset);
  }

  private array(t: Type): void {
    if (isRegularMemory(t, this.target)) {
      this.regular(sizeOf(t, this.target));
      return;
    }
    const elem = t.elem!;
    if (t.len === 1) this.build(elem);
    const size = sizeOf(elem, this.target);
    if (t.len <= 1 || size === 0) return;
    const unroll = Math.max(1, Math.floor(unrolledBytes / size));
    // What does not fill a round, and a single round, need no loop.
    const rounds = Math.floor(t.len / unroll);
    const single = (t.len % unroll) + (rounds === 1 ? unroll : 0);
    for (let i = 0; i < single; i++) this.build(elem);
    if (rounds <= 1) return;
    this.item(`[${rounds}`);
    for (let i = 0; i < unroll; i++) this.build(elem);
    this.item("]");
  }
}
