/** What the target machine contributes to sizes and alignments (types.PtrSize, types.RegSize and cmd/internal/sys). */
export interface Target {
  readonly goarch: string;
  /** Bytes of a pointer. */
  readonly ptrSize: number;
  /** Bytes of a register: the alignment of 64-bit scalars. Differs from ptrSize on amd64p32-like machines only. */
  readonly regSize: number;
}

const target64 = (goarch: string): Target => ({ goarch, ptrSize: 8, regSize: 8 });
const target32 = (goarch: string): Target => ({ goarch, ptrSize: 4, regSize: 4 });

/** The target of a GOARCH; wasm has 64-bit pointers. */
export function targetOf(goarch: string): Target {
  switch (goarch) {
    case "386":
    case "arm":
    case "mips":
    case "mipsle":
      return target32(goarch);
    default:
      return target64(goarch);
  }
}
