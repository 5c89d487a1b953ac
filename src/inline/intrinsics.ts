/** Which calls the back end replaces by instructions, by GOARCH (cmd/compile/internal/ssagen/intrinsics.go). They are
 *  never inlined, and cost a caller no more than any operation.
 *
 *  The table holds for the default GOAMD64, GOARM, GOPPC64 …. With -race calls of sync/atomic are none: the detector has
 *  to see them. */

import { methodExprName } from "../ir/expr.ts";
import type { Name, Node } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import type { Sym } from "../ir/types.ts";

/** Package, architectures, functions, and the releases 1.N that have it so, where not all do. */
type Row = readonly [pkg: string, archs: string, functions: string, since?: number, until?: number];

// biome-ignore format: one row for each set of architectures
const rows: readonly Row[] = [
  ["crypto/internal/constanttime", "*",
    "boolToUint8", 26],
  ["crypto/internal/constanttime", "amd64 arm64 loong64 ppc64 ppc64le wasm",
    "Select", 26],
  ["internal/runtime/atomic", "amd64 arm64 loong64",
    "And32 And64 Or32 Or64"],
  ["internal/runtime/atomic", "amd64 arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x",
    "And And8 Cas CasRel Casint32 Casp1 Casuintptr Load Load8 LoadAcq LoadAcquintptr Loadint32 Loadp Loaduint " +
    "Loaduintptr Or Or8 Store Store8 StoreRel StoreReluintptr Storeint32 Storeuintptr Xadd Xaddint32 " +
    "Xadduintptr Xchg Xchgint32 Xchguintptr"],
  ["internal/runtime/atomic", "amd64 arm64 loong64 mips mips64 mips64le mipsle riscv64 s390x",
    "StorepNoWB"],
  ["internal/runtime/atomic", "amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64 s390x",
    "Cas64 Casint64 Load64 LoadAcq64 Loadint64 Store64 StoreRel64 Storeint64 Xadd64 Xaddint64 Xchg64 Xchgint64"],
  ["internal/runtime/atomic", "amd64 arm64 loong64 ppc64 ppc64le",
    "Xchg8"],
  ["internal/runtime/atomic", "arm64 loong64",
    "Anduintptr Oruintptr"],
  ["internal/runtime/maps", "amd64",
    "bitsetFirst bitsetLowestSet bitsetRemoveBelow bitsetShiftOutLowest ctrlGroupMatchEmpty " +
    "ctrlGroupMatchEmptyOrDeleted ctrlGroupMatchFull ctrlGroupMatchH2"],
  ["internal/runtime/math", "386 amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64",
    "MulUintptr"],
  ["internal/runtime/math", "amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64 s390x",
    "Add64"],
  ["internal/runtime/math", "amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64 s390x",
    "Mul64", 24, 26],
  ["internal/runtime/math", "wasm",
    "Mul64", 26, 26],
  ["internal/runtime/sys", "*",
    "GetCallerPC GetCallerSP GetClosurePtr"],
  ["internal/runtime/sys", "386 amd64 arm arm64 loong64 mips mipsle ppc64 ppc64le s390x wasm",
    "TrailingZeros32 TrailingZeros64"],
  ["internal/runtime/sys", "386 amd64 arm arm64 loong64 mips mipsle s390x wasm",
    "TrailingZeros8"],
  ["internal/runtime/sys", "ppc64 ppc64le",
    "TrailingZeros8", 25],
  ["internal/runtime/sys", "386 amd64 arm arm64 loong64 s390x",
    "Bswap32 Bswap64"],
  ["internal/runtime/sys", "amd64 arm arm64 loong64 mips mipsle ppc64 ppc64le s390x wasm",
    "Len64 Len8"],
  ["internal/runtime/sys", "amd64 arm64 ppc64 ppc64le",
    "Prefetch PrefetchStreamed"],
  ["internal/runtime/sys", "loong64",
    "Prefetch PrefetchStreamed", 25],
  ["internal/runtime/sys", "amd64 arm64 loong64 ppc64 ppc64le s390x wasm",
    "OnesCount64"],
  ["internal/runtime/sys", "riscv64",
    "OnesCount64", 25],
  ["math", "*",
    "sqrt"],
  ["math", "amd64 arm arm64 loong64 ppc64 ppc64le riscv64 s390x",
    "FMA"],
  ["math", "amd64 arm64 ppc64 ppc64le s390x wasm",
    "Ceil Floor Trunc"],
  ["math", "amd64 arm64 s390x wasm",
    "RoundToEven"],
  ["math", "loong64",
    "Ceil Floor RoundToEven Trunc", 27],
  ["math", "arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 wasm",
    "Abs"],
  ["math", "arm64 ppc64 ppc64le s390x",
    "Round"],
  ["math", "loong64 ppc64 ppc64le riscv64 wasm",
    "Copysign"],
  ["math/big", "amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64 s390x",
    "mulWW"],
  ["math/big", "wasm",
    "mulWW", 26],
  ["math/bits", "amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64 s390x",
    "Mul64"],
  ["math/bits", "386 arm mips mipsle wasm",
    "Mul64", 26],
  ["math/bits", "386 amd64 arm arm64 loong64 mips mipsle ppc64 ppc64le s390x wasm",
    "TrailingZeros16 TrailingZeros32 TrailingZeros64"],
  ["math/bits", "386 amd64 arm arm64 loong64 mips mipsle s390x wasm",
    "TrailingZeros8"],
  ["math/bits", "ppc64 ppc64le",
    "TrailingZeros8", 25],
  ["math/bits", "386 amd64 arm arm64 loong64 s390x",
    "ReverseBytes32 ReverseBytes64"],
  ["math/bits", "amd64",
    "Div Div64"],
  ["math/bits", "amd64 arm arm64 loong64 mips mipsle ppc64 ppc64le s390x wasm",
    "Len Len16 Len32 Len64 Len8"],
  ["math/bits", "amd64 arm arm64 loong64 ppc64 ppc64le riscv64 s390x wasm",
    "RotateLeft32"],
  ["math/bits", "amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64 s390x",
    "Add Add64 Sub Sub64"],
  ["math/bits", "amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64 s390x",
    "Mul"],
  ["math/bits", "wasm",
    "Mul", 26],
  ["math/bits", "amd64 arm64 loong64 ppc64 ppc64le riscv64 s390x wasm",
    "RotateLeft RotateLeft64"],
  ["math/bits", "amd64 arm64 loong64 ppc64 ppc64le s390x wasm",
    "OnesCount16 OnesCount32 OnesCount64"],
  ["math/bits", "riscv64",
    "OnesCount16 OnesCount32 OnesCount64", 25],
  ["math/bits", "amd64",
    "OnesCount"],
  ["math/bits", "arm64 loong64 ppc64 ppc64le riscv64 s390x wasm",
    "OnesCount", 25],
  ["math/bits", "amd64 riscv64",
    "RotateLeft16 RotateLeft8"],
  ["math/bits", "arm64 loong64",
    "Reverse Reverse16 Reverse32 Reverse64 Reverse8"],
  ["math/bits", "loong64",
    "ReverseBytes16"],
  ["math/bits", "ppc64 ppc64le s390x wasm",
    "OnesCount8"],
  ["runtime", "*",
    "KeepAlive slicebytetostringtmp"],
  ["runtime", "arm64",
    "memequal", 26],
  ["runtime", "arm64 loong64 ppc64 ppc64le riscv64",
    "publicationBarrier"],
  ["runtime", "mips mips64 mips64le mipsle",
    "publicationBarrier", 25],
  ["sync", "amd64 arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x",
    "runtime_LoadAcquintptr runtime_StoreReluintptr", 24, 26],
  ["sync/atomic", "amd64 arm64 loong64",
    "AndInt32 AndInt64 AndUint32 AndUint64 AndUintptr OrInt32 OrInt64 OrUint32 OrUint64 OrUintptr"],
  ["sync/atomic", "amd64 arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x",
    "AddInt32 AddUint32 AddUintptr CompareAndSwapInt32 CompareAndSwapUint32 CompareAndSwapUintptr LoadInt32 " +
    "LoadPointer LoadUint32 LoadUintptr StoreInt32 StoreUint32 StoreUintptr SwapInt32 SwapUint32 SwapUintptr"],
  ["sync/atomic", "amd64 arm64 loong64 mips64 mips64le ppc64 ppc64le riscv64 s390x",
    "AddInt64 AddUint64 CompareAndSwapInt64 CompareAndSwapUint64 LoadInt64 LoadUint64 StoreInt64 StoreUint64 " +
    "SwapInt64 SwapUint64"],
];

/** The intrinsics of one GOARCH in one release. */
export class Intrinsics {
  private readonly byPackage = new Map<string, Set<string>>();

  constructor(goarch: string, release: number, race: boolean) {
    for (const [pkg, archs, functions, since = 0, until = release] of rows) {
      if (release < since || release > until || (race && pkg === "sync/atomic")) continue;
      if (archs !== "*" && !archs.split(" ").includes(goarch)) continue;
      let names = this.byPackage.get(pkg);
      if (names === undefined) {
        names = new Set();
        this.byPackage.set(pkg, names);
      }
      for (const name of functions.split(" ")) names.add(name);
    }
  }

  isIntrinsicCall(call: Node): boolean {
    const fun = call.x!;
    if (fun.op === Op.ONAME) return this.has((fun as Name).sym);
    if (fun.op !== Op.OMETHEXPR) return false;
    const method = methodExprName(fun);
    return method !== null && this.has(method.sym);
  }

  private has(sym: Sym): boolean {
    if (sym.pkg === null) return false;
    const path = sym.pkg.path === "go.runtime" ? "runtime" : sym.pkg.path;
    return this.byPackage.get(path)?.has(sym.name) ?? false;
  }
}
