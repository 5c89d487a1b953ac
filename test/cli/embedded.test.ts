/** Machines without Go: what comes with goesc is enough to analyse programs. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openStdArchive } from "../../src/host/assets.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { embeddedSrc, indexItem, packArchive, StdArchive, summaryItem } from "../../src/host/std-archive.ts";
import type { LoadHost } from "../../src/load/fs.ts";
import { type EmbeddedStd, readGoRoot } from "../../src/load/goroot.ts";
import { loadPackages } from "../../src/load/load.ts";
import { analyzePackage } from "../../src/report/analyze.ts";
import { remarkLine } from "../../src/report/remark.ts";
import { Session } from "../../src/report/session.ts";
import { scanImports } from "../../src/syntax/imports.ts";
import { findGoroot } from "../goroot.ts";
import { memoryHost } from "../load/memory-fs.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const platform = "linux/amd64";
const archive = openStdArchive();

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("the loader without Go", () => {
  const index = JSON.stringify([
    ["fmt", ["fmt", ["print.go"], [], ["errors", "golang.org/x/text"], [], 0]],
    ["errors", ["errors", ["errors.go"], [], [], [], 0]],
    ["internal/abi", ["abi", ["abi.go"], [[".s", ["abi.s"]]], [], [], 0]],
    ["vendor/golang.org/x/text", ["text", ["text.go"], [], [], ["*.bin"], 0]],
  ]);
  const std: EmbeddedStd = {
    goVersion: "1.26.8",
    id: "1",
    platforms: [platform],
    index: (wanted) => (wanted === platform ? index : null),
  };

  function load(
    source: string,
    options: { env?: Record<string, string>; std?: EmbeddedStd | null; patterns?: string[] } = {},
  ) {
    const files = { "/src/m/go.mod": "module ex.com/m\n\ngo 1.24\n", "/src/m/x.go": source };
    const host = memoryHost(files, { env: { GOROOT: "off", ...options.env } });
    const embeddedStd = () => (options.std === undefined ? std : options.std);
    return loadPackages({ ...host, embeddedStd } as LoadHost, { patterns: options.patterns ?? ["."] });
  }

  it("takes programs that import nothing", () => {
    for (const known of [std, null]) {
      const result = load('package main\n\nimport "unsafe"\n', { std: known });
      expect(result.errors).toEqual([]);
      expect(result.warnings).toEqual([]);
      expect(result.requested[0]).toMatchObject({ importPath: "ex.com/m", goVersion: "go1.24" });
    }
  });

  it("takes the packages that come with goesc, and says so", () => {
    const result = load('package main\n\nimport _ "fmt"\n');
    expect(result.errors).toEqual([]);
    expect(result.packages.map((pkg) => pkg.importPath)).toEqual([
      "errors",
      "vendor/golang.org/x/text",
      "fmt",
      "ex.com/m",
    ]);
    expect(result.packages[2]).toMatchObject({ isStd: true, goFiles: [], dir: "$GOROOT/src/fmt" });
    expect(result.packages[2].imports.get("golang.org/x/text")?.importPath).toBe("vendor/golang.org/x/text");
    expect(result.warnings).toEqual([
      "goesc: no Go installation found; taking the standard library of go1.26.8 linux/amd64 that comes with goesc: " +
        "with another release of Go the output may differ",
    ]);
  });

  it("says what is missing", () => {
    expect(load('package main\n\nimport _ "fmtt"\n').errors).toEqual([
      "x.go:3:8: package fmtt is not in std ($GOROOT/src/fmtt)",
    ]);
    expect(load('package main\n\nimport _ "internal/abi"\n').errors[0]).toContain(
      "use of internal package internal/abi",
    );
    expect(load('package main\n\nimport _ "fmt"\n', { env: { GOARCH: "riscv64" } }).errors).toEqual([
      "x.go:3:8: package fmt for linux/riscv64: no Go installation found, and goesc itself knows the standard library " +
        "only for linux/amd64; install Go, or set GOROOT",
    ]);
    expect(load('package main\n\nimport _ "fmt"\n', { std: null }).errors).toEqual([
      "x.go:3:8: package fmt for linux/amd64: no Go installation found; install Go, or set GOROOT",
    ]);
  });

  it("cannot analyse the standard library itself", () => {
    expect(load("package main\n", { patterns: ["fmt"] }).errors).toEqual([
      "package fmt: no Go installation found, whose sources are needed; install Go, or set GOROOT",
    ]);
    expect(load("package main\n", { patterns: ["std"] }).errors[0]).toContain("no Go installation found");
  });
});

describe("an archive", () => {
  const file = join(tmpdir(), `goesc-archive-${process.pid}.bin`);

  it("gives each platform its variant, and equal ones are stored once", () => {
    const items = new Map([
      [
        indexItem,
        new Map([
          ["a/x", bytes("[1]")],
          ["b/y", bytes("[2]")],
        ]),
      ],
      [
        summaryItem("p"),
        new Map([
          ["a/x", bytes("same".repeat(1000))],
          ["b/y", bytes("same".repeat(1000))],
        ]),
      ],
      [summaryItem("q"), new Map([["b/y", bytes("only b")]])],
      ["source p", new Map([["a/x", bytes(JSON.stringify({ "p.go": "package p" }))]])],
    ]);
    const packed = packArchive("1.26.8", ["a/x", "b/y"], items, "id");
    try {
      writeFileSync(file, packed);
      const a = new StdArchive(file);
      expect([a.goVersion, a.id, a.platforms]).toEqual(["1.26.8", "id", ["a/x", "b/y"]]);
      expect([a.index("a/x"), a.index("b/y"), a.index("c/z")]).toEqual(["[1]", "[2]", null]);
      expect(a.summary("p", "b/y")).toEqual(Buffer.from("same".repeat(1000)));
      expect(a.summary("q", "a/x")).toBeNull();
      expect(Buffer.from(a.summary("q", "b/y")!).toString()).toBe("only b");
      expect(Buffer.from(a.source(`${embeddedSrc}p/p.go`, "a/x")!).toString()).toBe("package p");
      expect(a.source(`${embeddedSrc}p/other.go`, "a/x")).toBeNull();
      expect(a.source(`${embeddedSrc}q/q.go`, "b/y")).toBeNull();
      writeFileSync(file, bytes("something else entirely"));
      expect(() => new StdArchive(file)).toThrow("another version");
    } finally {
      rmSync(file, { force: true });
    }
  });
});

/** Remarks on a file whose imports are known from the archive alone. */
function remarks(file: string, source: Uint8Array, l: number): string[] {
  const session = new Session(
    {
      readFile: (path) => (path === file ? source : archive!.source(path, platform)!),
      readSummary: (path) => archive!.summary(path, platform),
      goroot: "$GOROOT",
    },
    "amd64",
  );
  const imports = new Map(scanImports(source).imports.map(({ path }) => [path, path]));
  const result = analyzePackage(
    session,
    {
      importPath: "command-line-arguments",
      compilerPath: "main",
      goFiles: [file],
      imports,
      goVersion: "go1.26",
      complete: true,
      isStd: false,
    },
    {
      m: 1,
      compile: { l, N: false, smallFrames: false, mutations: false, zeroCopy: true },
      explain: false,
      graphs: false,
      debug: null,
    },
  );
  expect(result.errors.map((error) => error.msg)).toEqual([]);
  const lines: string[] = [];
  for (const entry of result.entries) if ("remark" in entry) lines.push(remarkLine(session.fset, entry.remark));
  return lines.map((line) => line.replace(`${file}:`, ""));
}

describe.skipIf(archive === null)("assets/std.bin", () => {
  it("is small and of this version (npm run embed-std makes it anew)", () => {
    expect(statSync(join(root, "assets", "std.bin")).size).toBeLessThan(4 << 20);
    expect(archive!.platforms).toContain(platform);
    expect(remarks("x.go", bytes('package main\n\nimport "fmt"\n\nfunc main() { fmt.Println() }\n'), 1)).toEqual([]);
  });

  it("makes examples say what the real compiler says", () => {
    const examples = join(root, "examples");
    let n = 0;
    for (const name of readdirSync(examples)) {
      if (!name.endsWith(".go")) continue;
      const source = readFileSync(join(examples, name));
      if (scanImports(source).imports.every(({ path }) => path === "unsafe")) continue;
      const golden = readFileSync(join(examples, name.replace(/\.go$/, ".want")), "utf8");
      const wanted = golden.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
      expect(remarks(join(examples, name), source, 1), name).toEqual(
        wanted.map((line) => line.replace(/^[^$]\S*?\.go:/, "")),
      );
      n++;
    }
    expect(n).toBeGreaterThan(2);
  });

  it("has the bodies of functions that are instantiated or inlined", () => {
    const source = bytes(`package main

import (
	"slices"
	"strings"
)

func main() {
	s := strings.Split("b a", " ")
	slices.SortFunc(s, strings.Compare)
	println(slices.Contains(s, "a"), strings.HasPrefix(s[0], "b"))
}
`);
    const lines = remarks("x.go", source, 0);
    expect(lines).toContain("10:17: inlining call to slices.SortFunc[go.shape.[]string,go.shape.string]");
    expect(
      lines.some((line) => /^\$GOROOT\/src\/slices\/sort\.go:\d+:6: can inline slices\.SortFunc\[/.test(line)),
    ).toBe(true);
    expect(lines.some((line) => line.includes("inlining call to strings.HasPrefix"))).toBe(true);
  });

  const goroot = findGoroot();
  const sameRelease = goroot !== null && readGoRoot(nodeHost(), goroot)?.version === archive?.goVersion;
  it.skipIf(!sameRelease)("keeps every line of its sources where it was", () => {
    let lines = 0;
    for (const [dir, [, files]] of JSON.parse(archive!.index(platform)!) as [string, [string, string[]]][]) {
      for (const name of files) {
        const kept = archive!.source(`${embeddedSrc}${dir}/${name}`, platform);
        if (kept === null) continue;
        const whole = readFileSync(join(goroot!, "src", dir, name), "utf8").split("\n");
        const text = Buffer.from(kept).toString("utf8").split("\n");
        expect(text.length, `${dir}/${name}`).toBe(whole.length);
        for (let i = 0; i < text.length; i++) {
          const line = text[i].trimEnd();
          if (line === "") continue;
          lines++;
          // Comments in the middle of a line are blank.
          if (!whole[i].startsWith(line) && !/\/\*/.test(whole[i]))
            expect(whole[i], `${dir}/${basename(name)}:${i + 1}`).toBe(line);
        }
      }
    }
    expect(lines).toBeGreaterThan(10_000);
  });
});
