import { describe, expect, it } from "vitest";
import { Abi, readSymAbis } from "../../src/load/symabis.ts";

function read(source: string, others: Record<string, string> = {}) {
  const files: Record<string, string> = { "/p/a.s": source, ...others };
  return readSymAbis({
    files: ["/p/a.s"],
    pkgPath: "ex.com/p",
    defines: ["GOOS_linux", "GOARCH_amd64"],
    includeDirs: ["/inc"],
    readFile: (path) => files[path] ?? null,
  });
}

describe("symbols of assembly", () => {
  it("are defined by TEXT and referred to by operands", () => {
    const { defs, refs } = read(`
// TEXT ·no(SB), $0
TEXT ·add(SB), NOSPLIT, $0-24
	MOVQ x+0(FP), AX
loop: CALL runtime·foo<ABIInternal>(SB); JMP ·bar(SB)
	MOVQ $·baz+8(SB), CX
	CALL local<>(SB)
	RET
TEXT runtime∕internal·fast<ABIInternal>(SB), 4, $0
DATA ·table+0(SB)/8, $·entry(SB)
GLOBL ·table(SB), RODATA, $8
`);
    expect([...defs]).toEqual([
      ["ex.com/p.add", Abi.ABI0],
      ["runtime/internal.fast", Abi.ABIInternal],
    ]);
    expect([...refs]).toEqual([
      ["runtime.foo", 1 << Abi.ABIInternal],
      ["ex.com/p.bar", 1 << Abi.ABI0],
      ["ex.com/p.baz", 1 << Abi.ABI0],
      ["ex.com/p.entry", 1 << Abi.ABI0],
    ]);
  });

  it("come out of macros, included files and the parts that conditions leave", () => {
    const { defs } = read(
      `#include "m.h"
#define CALLFN(NAME, SIZE) \\
TEXT NAME(SB), WRAPPER, $SIZE-48; \\
	RET
CALLFN(·call16, 16)
#ifdef GOARCH_arm64
TEXT ·arm(SB), $0
#else
TEXT ·intel(SB), $0
#endif
FROM_HEADER
`,
      { "/inc/m.h": "#define FROM_HEADER TEXT ·header(SB), 0, $0\n" },
    );
    expect([...defs.keys()]).toEqual(["ex.com/p.call16", "ex.com/p.intel", "ex.com/p.header"]);
  });

  it("end with a macro that never ends", () => {
    expect(read("#define A A ·x(SB)\nTEXT A\n").defs.size).toBe(0);
  });
});
