/** Files that stand in for others (-overlay). */
import { describe, expect, it } from "vitest";
import { EntryKind } from "../../src/load/fs.ts";
import { loadPackages } from "../../src/load/load.ts";
import { Paths } from "../../src/load/paths.ts";
import { parseReplacements, ReplacedFileSystem } from "../../src/load/replaced-files.ts";
import { MemoryFileSystem, memoryHost } from "./memory-fs.ts";

const paths = new Paths(false);
const parse = (replace: Record<string, string>) => parseReplacements(JSON.stringify({ Replace: replace }), paths, "/m");

const files = {
  "/m/go.mod": "module ex.com/m\n\ngo 1.24\n",
  "/m/a.go": "package m\n",
  "/m/b.go": "package m\n",
  "/n/x.txt": "package x\n",
};

function replaced(replace: Record<string, string>): ReplacedFileSystem {
  return new ReplacedFileSystem(new MemoryFileSystem(files), paths, parse(replace));
}

describe("parseReplacements", () => {
  it("takes names relative to the current directory", () => {
    expect([...parse({ "a.go": "../n/x.txt", "/m/b.go": "" })]).toEqual([
      ["/m/b.go", ""],
      ["/m/a.go", "/n/x.txt"],
    ]);
  });

  it("says what is wrong as the go command does", () => {
    expect(() => parse({ "": "x" })).toThrow("empty string key in overlay map");
    expect(() => parse({ "a.go": "x", "./a.go": "y" })).toThrow("duplicate paths ./a.go and a.go in overlay map");
    expect(() => parse({ a: "x", "a/b": "y" })).toThrow("inconsistent files /m/a and /m/a/b in overlay map");
    expect(() => parseReplacements('{"Replace": ', paths, "/m")).toThrow(
      "parsing overlay JSON: unexpected end of JSON input",
    );
    expect(() => parseReplacements('{"Replace": {"a": 1}}', paths, "/m")).toThrow("parsing overlay JSON: want");
  });
});

describe("ReplacedFileSystem", () => {
  it("reads other files, leaves some out, and makes up directories", () => {
    const fs = replaced({ "/m/a.go": "/n/x.txt", "/m/b.go": "", "/m/new/deep/c.go": "/n/x.txt" });
    expect(new TextDecoder().decode(fs.readFile("/m/a.go"))).toBe("package x\n");
    expect(() => fs.readFile("/m/b.go")).toThrow("open /m/b.go: no such file or directory");
    expect(fs.stat("/m/b.go")).toBe(null);
    expect(fs.readDir("/m").map(({ name }) => name)).toEqual(["a.go", "go.mod", "new"]);
    expect(fs.readDir("/m/new")).toEqual([{ name: "deep", kind: EntryKind.Dir }]);
    expect(fs.stat("/m/new/deep")).toMatchObject({ isDir: true });
    expect(fs.readDir("/m/new/deep")).toEqual([{ name: "c.go", kind: EntryKind.File }]);
  });

  it("has nothing below what has become a file, and no directory of what is left out", () => {
    const fs = replaced({ "/m": "/n/x.txt", "/o/p/gone.go": "" });
    expect(fs.stat("/m/a.go")).toBe(null);
    expect(() => fs.readDir("/m")).toThrow("open /n/x.txt");
    expect(fs.stat("/o/p")).toBe(null);
    expect(fs.stat("/o")).toBe(null);
  });

  it("is what packages are found in", () => {
    const host = memoryHost(files, { cwd: "/m" });
    const map = parse({ "/m/sub/c.go": "/n/x.txt", "/m/b.go": "" });
    const { requested } = loadPackages(
      { ...host, fs: new ReplacedFileSystem(host.fs, paths, map) },
      { patterns: ["./..."] },
    );
    expect(requested.map((pkg) => [pkg.importPath, ...pkg.goFiles])).toEqual([
      ["ex.com/m", "/m/a.go"],
      ["ex.com/m/sub", "/m/sub/c.go"],
    ]);
  });
});
