/** Packages with assembly are taken in the variant that needs none, if there is one. */
import { describe, expect, it } from "vitest";
import { loadPackages } from "../../src/load/load.ts";
import { memoryHost } from "./memory-fs.ts";

const goMod = "module m\n\ngo 1.26\n";
const stub = "package m\n\nfunc f(x int) int\n";
const asm = "TEXT ·f(SB), $0-16\n";

/** Names of the files that the package consists of. */
function filesOf(files: Readonly<Record<string, string>>, noAssembly = true): string[] {
  const inModule = Object.entries({ "go.mod": goMod, ...files }).map(([name, text]) => [`/src/m/${name}`, text]);
  const result = loadPackages(memoryHost(Object.fromEntries(inModule), { env: { GOARCH: "amd64" } }), {
    patterns: ["."],
    noAssembly,
  });
  expect(result.errors).toEqual([]);
  return result.requested[0].goFiles.map((name) => name.slice("/src/m/".length));
}

describe("without assembly", () => {
  const m = "package m\n\nvar Wide, deep = f(1), 2\n";

  it("takes what is for other machines", () => {
    const other = "//go:build !amd64\n\npackage m\n\nfunc f(x int) int { return x }\n";
    const files = { "m.go": m, "f_amd64.go": stub, "f_amd64.s": asm, "f_other.go": other };
    expect(filesOf(files)).toEqual(["f_other.go", "m.go"]);
    expect(filesOf(files, false)).toEqual(["f_amd64.go", "m.go"]);
  });

  it("takes what a tag leaves assembly out of", () => {
    const files = {
      "m.go": m,
      "f.go": `//go:build !noasm\n\n${stub}`,
      "f.s": `//go:build !noasm\n\n${asm}`,
      "g.go": "//go:build noasm || arm\n\npackage m\n\nfunc f(x int) int { return x }\n",
    };
    expect(filesOf(files)).toEqual(["g.go", "m.go"]);
  });

  it("goes on to a machine of which nothing is missing", () => {
    const files = {
      "m.go": m,
      "f_amd64.go": `${stub}const Size = 8\n`,
      "f_amd64.s": asm,
      "f_other.go": "//go:build !amd64\n\npackage m\n\nfunc f(x int) int { return x }\n",
      "size_riscv64.go": "package m\n\nconst Size = 8\n",
    };
    expect(filesOf(files)).toEqual(["f_other.go", "m.go", "size_riscv64.go"]);
  });

  it("stays with the files of the machine where a name, or a body, would be missing", () => {
    const empty = "//go:build !amd64\n\npackage m\n\nfunc f(x int) int { return x }\n";
    const needed = {
      "m.go": `${m}var _ = width\n`,
      "f_amd64.go": `${stub}var width = 1\n`,
      "f_amd64.s": asm,
      "g.go": empty,
    };
    expect(filesOf(needed)).toEqual(["f_amd64.go", "m.go"]);
    expect(filesOf({ "m.go": stub, "f_amd64.s": asm })).toEqual(["m.go"]);
  });

  it("leaves packages alone whose assembly declares nothing", () => {
    const linked = 'package m\n\nimport _ "unsafe"\n\n//go:linkname f other.f\nfunc f(x int) int\n';
    expect(filesOf({ "m_amd64.go": linked, "empty.s": "" })).toEqual(["m_amd64.go"]);
  });
});
