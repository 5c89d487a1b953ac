/** What the target machine contributes to sizes and alignments (types.PtrSize, types.RegSize and cmd/internal/sys). */
import { defaultMinor, type GoRules, goRules } from "../base/goversion.ts";

export interface Target {
  readonly goarch: string;
  /** Bytes of a pointer. */
  readonly ptrSize: number;
  /** Bytes of a register: the alignment of 64-bit scalars. Differs from ptrSize on amd64p32-like machines only. */
  readonly regSize: number;
  /** Any type of the size of a pointer that is one is kept in the word of an interface; else structs and arrays with a
   *  single part only. */
  readonly directBySize: boolean;
  /** Alignment that loads need at most: smaller values must be aligned to their size, larger ones to this. */
  readonly loadAlign: number;
  /** Neighbouring small loads are made one. */
  readonly canMergeLoads: boolean;
}

/** The target of a GOARCH under the rules of a Go release; wasm has 64-bit pointers. */
export function targetOf(goarch: string, { directBySize }: GoRules = goRules(defaultMinor)): Target {
  const { loadAlign, canMergeLoads } = loads(goarch);
  const word = { ptrSize: is32Bit(goarch) ? 4 : 8, regSize: is32Bit(goarch) ? 4 : 8 };
  return { goarch, ...word, directBySize, loadAlign, canMergeLoads };
}

function is32Bit(goarch: string): boolean {
  return goarch === "386" || goarch === "arm" || goarch === "mips" || goarch === "mipsle";
}

function loads(goarch: string): Pick<Target, "loadAlign" | "canMergeLoads"> {
  switch (goarch) {
    case "arm":
    case "mips":
    case "mipsle":
      return { loadAlign: 4, canMergeLoads: false };
    case "mips64":
    case "mips64le":
    case "riscv64":
      return { loadAlign: 8, canMergeLoads: false };
    case "loong64":
      return { loadAlign: 8, canMergeLoads: true };
    case "wasm":
      return { loadAlign: 1, canMergeLoads: false };
    default:
      return { loadAlign: 1, canMergeLoads: true };
  }
}
