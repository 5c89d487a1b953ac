/** Lowering makes the compiler's tree: the same nodes, positions, temporaries and functions in the same order.
 *
 *  `noder/*.go` are lowered and compared with `noder/*.ir`, dumps of go1.26.8. With GOESC_UPDATE=1 and a Go installation
 *  the dumps are made anew. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { dumpList } from "../../src/ir/dump.ts";
import { funcName } from "../../src/ir/func.ts";
import { findGoroot } from "../goroot.ts";
import { compilerDump, sections } from "./compiler-dump.ts";
import { lower } from "./lowered.ts";

const dir = join(dirname(fileURLToPath(import.meta.url)), "noder");
const goroot = process.env.GOESC_UPDATE === "1" ? findGoroot() : null;

function ourDump(source: string): string {
  const { n, fset } = lower(source);
  const before = "before devirtualize-and-inline";
  return n.target.funcs.map((fn) => dumpList(`${before} ${funcName(fn)}`, fn.body, fset, n.localPkg)).join("");
}

function read(golden: string): Map<string, string> {
  const parts = readFileSync(golden, "utf8").split(/^== /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n") + 1, -1)]));
}

function write(golden: string, want: ReadonlyMap<string, string>): void {
  writeFileSync(golden, [...want].map(([name, text]) => `== ${name}\n${text}\n`).join(""));
}

describe("the tree of", () => {
  for (const file of readdirSync(dir).filter((name) => name.endsWith(".go"))) {
    it(file, () => {
      const golden = join(dir, file.replace(/\.go$/, ".ir"));
      if (goroot !== null) write(golden, sections(compilerDump(goroot, join(dir, file))));
      const want = read(golden);
      const got = sections(ourDump(readFileSync(join(dir, file), "utf8")).replaceAll("p.go:", `${file}:`));
      expect([...got.keys()]).toEqual([...want.keys()]);
      for (const [name, text] of want) expect(got.get(name), name).toBe(text);
    });
  }
});

describe("remarks of lowering", () => {
  it("name interface calls through shapes", () => {
    const source = readFileSync(join(dir, "generics.go"), "utf8");
    expect(lower(source).remarks).toEqual(["54:10: imprecise interface call"]);
  });
});
