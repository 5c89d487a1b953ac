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
}

/** The target of a GOARCH under the rules of a Go release; wasm has 64-bit pointers. */
export function targetOf(goarch: string, { directBySize }: GoRules = goRules(defaultMinor)): Target {
  switch (goarch) {
    case "386":
    case "arm":
    case "mips":
    case "mipsle":
      return { goarch, ptrSize: 4, regSize: 4, directBySize };
    default:
      return { goarch, ptrSize: 8, regSize: 8, directBySize };
  }
}
