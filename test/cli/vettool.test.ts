/** The tool of `go vet`: the protocol by hand, and by the go command where there is one. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleVettool } from "../bundle.ts";
import { findGoroot } from "../goroot.ts";

const dir = mkdtempSync(join(tmpdir(), "goesc-vet-"));
const tool = join(dir, "goesc-vettool.js");
const goroot = findGoroot();

const files = {
  "go.mod": "module example.com/m\n\ngo 1.26\n",
  "x.go": `package m

import "example.com/m/mid"

//goesc:noalloc transitive
func F() *int { return mid.Make() }

//goesc:noalloc transitive
func G() int { return mid.Get() }
`,
  "broken/b.go": "package broken\n\n//goesc:noalloc\n//go:noinline\nfunc New() *int { return new(int) }\n",
  "user/u.go": `package user

import "example.com/m/broken"

//goesc:noalloc transitive
func F() *int { return broken.New() }
`,
  // The test asks for an instance, in which new(T) is on the heap.
  "tested/t.go": `package tested

var hook func(*int)

func Keep(n int) int { x := n; if hook != nil { hook(&x) }; return x }

func Zero[T any]() *T { return new(T) }
`,
  "tested/t_test.go": `package tested

func init() { hook = func(*int) {} }

func helper() *int { return Zero[int]() }
`,
  "mid/m.go": `package mid

import "example.com/m/low"

type T = low.T

//go:noinline
func Make() *int { return low.New() }

//go:noinline
func Get() int { var t T; return t.X }
`,
  "low/l.go": `package low

type T struct{ X int }

//go:noinline
func New() *int { return new(int) }
`,
};

beforeAll(() => {
  bundleVettool(tool);
  chmodSync(tool, 0o755);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, "m", name)), { recursive: true });
    writeFileSync(join(dir, "m", name), text);
  }
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const env: NodeJS.ProcessEnv = {
  ...process.env,
  GOROOT: goroot ?? "off",
  GOCACHE: join(dir, "gocache"),
  GOESC_CACHE: join(dir, "cache"),
  GOFLAGS: "",
  GOWORK: "off",
  CGO_ENABLED: "0",
  PWD: undefined,
};

/** What the record in a file of facts says of itself. */
function headOf(file: string): { key: string; seenAs: string } {
  const bytes = readFileSync(file);
  return JSON.parse(bytes.toString("utf8", 10, 10 + bytes.readUInt32LE(6)));
}

/** All that goesc's cache holds. */
function cacheFiles(): string[] {
  const entries = readdirSync(join(dir, "cache"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function run(...args: string[]): { out: string; err: string; code: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [tool, ...args], { encoding: "utf8", env });
  return { out: stdout, err: stderr, code: status };
}

/** Writes vet.cfg for a package of the module, with its test files, and runs the tool on it; the file with its facts. */
function unit(path: string, imports: Readonly<Record<string, string>>, vetxOnly: boolean, ...flags: string[]) {
  const name = path.replace(/^example\.com\/m\/?/, "");
  const own = readdirSync(join(dir, "m", name)).filter((f) => f.endsWith(".go"));
  const work = join(dir, "work", name || "root");
  mkdirSync(work, { recursive: true });
  const config = {
    ID: path,
    Compiler: "gc",
    Dir: join(dir, "m", name),
    ImportPath: path,
    GoFiles: own.map((file) => join(dir, "m", name, file)),
    NonGoFiles: null,
    ModulePath: "example.com/m",
    ImportMap: Object.fromEntries(Object.keys(imports).map((p) => [p, p])),
    PackageFile: {},
    Standard: {},
    PackageVetx: imports,
    VetxOnly: vetxOnly,
    VetxOutput: join(work, "vet.out"),
    Stdout: join(work, "vet.stdout"),
    GoVersion: "go1.26",
  };
  writeFileSync(join(work, "vet.cfg"), JSON.stringify(config));
  const result = run(...flags, join(work, "vet.cfg"));
  const found = existsSync(config.Stdout) ? readFileSync(config.Stdout, "utf8") : "";
  return { ...result, facts: config.VetxOutput, found };
}

describe("the protocol", () => {
  it("says who it is and which flags it has", () => {
    const { out, code } = run("-V=full");
    expect(code).toBe(0);
    expect(out).toMatch(/^goesc-vettool version devel goesc buildID=[0-9a-f]{32}\n$/);
    const flags = JSON.parse(run("-flags").out) as { Name: string; Bool: boolean; Usage: string }[];
    expect(flags.map((flag) => flag.Name)).toEqual(["heap", "fixes", "l", "whole", "json"]);
    expect(run("-nothing").code).toBe(2);
  });

  it("hands facts on, also to those that do not import their package", () => {
    const low = unit("example.com/m/low", {}, true, "-json");
    expect(low).toMatchObject({ code: 0, found: "" });
    const mid = unit("example.com/m/mid", { "example.com/m/low": low.facts }, true, "-json");
    expect(mid.code).toBe(0);
    const top = unit("example.com/m", { "example.com/m/mid": mid.facts }, false, "-json");
    expect(top).toMatchObject({ code: 0, out: "", err: "" });
    const tree = JSON.parse(top.found) as Record<
      string,
      { goesc: { posn: string; message: string; related: unknown[] }[] }
    >;
    const list = tree["example.com/m"].goesc;
    expect(list.map((d) => d.message)).toEqual([
      "example.com/m/mid.Make is called, where new(int) escapes to heap: F promises goesc:noalloc transitive",
    ]);
    expect(list[0].posn).toBe(`${join(dir, "m", "x.go")}:6:32`);
    expect(list[0].related).toHaveLength(4);
    // As before Go 1.26: findings on standard error, and the exit code says that there are some.
    const plain = unit("example.com/m", { "example.com/m/mid": mid.facts }, false);
    expect(plain.code).toBe(1);
    expect(plain.err).toMatch(/x\.go:6:32: example\.com\/m\/mid\.Make is called/);
  });

  it("answers for packages outside the request without a look at their code", () => {
    rmSync(join(dir, "cache"), { recursive: true, force: true });
    const low = unit("example.com/m/low", {}, true, "-json");
    const mid = unit("example.com/m/mid", { "example.com/m/low": low.facts }, true, "-json");
    expect([low.code, mid.code]).toEqual([0, 0]);
    // Nothing was made that a cache could keep, and another run says the same.
    expect(existsSync(join(dir, "cache"))).toBe(false);
    const said = readFileSync(mid.facts);
    expect(readFileSync(unit("example.com/m/mid", { "example.com/m/low": low.facts }, true, "-json").facts)).toEqual(
      said,
    );
    const findings = () => JSON.parse(unit("example.com/m", { "example.com/m/mid": mid.facts }, false, "-json").found);
    const first = findings();
    expect(first["example.com/m"].goesc).toHaveLength(1);
    // What is damaged or gone is made again.
    for (const file of cacheFiles()) writeFileSync(file, "damaged");
    expect(findings()).toEqual(first);
    for (const file of cacheFiles()) rmSync(file);
    expect(findings()).toEqual(first);
    // Importers are told when the code of what they import changes.
    writeFileSync(join(dir, "m", "low", "l.go"), `${files["low/l.go"]}\nvar More int\n`);
    const changed = unit("example.com/m/low", {}, true, "-json");
    const user = unit("example.com/m/mid", { "example.com/m/low": changed.facts }, true, "-json");
    expect(readFileSync(user.facts)).not.toEqual(said);
    writeFileSync(join(dir, "m", "low", "l.go"), files["low/l.go"]);
  });

  it("with -whole needs neither the sources of imports nor a cache", () => {
    const low = unit("example.com/m/low", {}, true, "-json", "-whole");
    const mid = unit("example.com/m/mid", { "example.com/m/low": low.facts }, true, "-json", "-whole");
    rmSync(join(dir, "cache"), { recursive: true, force: true });
    const moved = ["low", "mid"].map((name) => [join(dir, "m", name), join(dir, `away-${name}`)]);
    for (const [from, to] of moved) renameSync(from, to);
    try {
      const imports = { "example.com/m/mid": mid.facts };
      const top = unit("example.com/m", imports, false, "-json", "-whole");
      expect(top).toMatchObject({ code: 0, err: "" });
      expect(JSON.parse(top.found)["example.com/m"].goesc[0].message).toContain("new(int) escapes to heap");
    } finally {
      for (const [from, to] of moved) renameSync(to, from);
    }
    const later = unit("example.com/m/low", {}, true, "-json");
    renameSync(...(moved[0] as [string, string]));
    const lost = unit("example.com/m/mid", { "example.com/m/low": later.facts }, false, "-json");
    renameSync(moved[0][1], moved[0][0]);
    expect(lost.code).toBe(1);
    expect(lost.err).toMatch(/l\.go.*\n.*the facts of example\.com\/m\/low are made from its source; .* use -whole/);
  });

  it("takes a package with tests for the one without where importers are told the same", () => {
    const low = unit("example.com/m/low", {}, true, "-json");
    const plain = headOf(low.facts);
    const importer = unit("example.com/m/mid", { "example.com/m/low": low.facts }, true, "-json");
    const expected = headOf(importer.facts).key;
    writeFileSync(join(dir, "m", "low", "l_test.go"), "package low\n\nfunc helper() *T { return new(T) }\n");
    const tested = headOf(unit("example.com/m/low", {}, false, "-json").facts);
    expect(tested.key).not.toBe(plain.key);
    expect(tested.seenAs).toBe(plain.key);
    const facts = join(dir, "work", "low", "vet.out");
    const above = unit("example.com/m/mid", { "example.com/m/low": facts }, true, "-json");
    expect(headOf(above.facts).key).toBe(expected);
    rmSync(join(dir, "m", "low", "l_test.go"));
  });

  it("reports every value on the heap when asked", () => {
    const { found } = unit("example.com/m/low", {}, false, "-heap", "-json");
    expect(JSON.parse(found)["example.com/m/low"].goesc[0].message).toBe("new(int) escapes to heap");
  });

  it("judges the code as it is built, and tests as they are", () => {
    const { found } = unit("example.com/m/tested", {}, false, "-heap", "-json");
    const list = JSON.parse(found)["example.com/m/tested"].goesc as { posn: string; message: string }[];
    const shown = list.map(({ posn, message }) => `${posn.slice(posn.lastIndexOf("/") + 1)}: ${message}`);
    expect(shown.filter((line) => line.startsWith("t.go"))).toEqual(["t.go:5:24: moved to heap: x"]);
    expect(shown.find((line) => line.startsWith("t_test.go"))).toBe("t_test.go:3:22: func literal escapes to heap");
  });

  it("says what is wrong with the source", () => {
    const low = unit("example.com/m/mid", {}, false, "-json");
    expect(low.code).toBe(1);
    expect(low.err).toMatch(/m\.go:3:8: could not import example\.com\/m\/low/);
  });
});

describe("go vet", () => {
  it.skipIf(goroot === null)("prints what check prints, and the second time from its cache", () => {
    const go = join(goroot!, "bin", "go");
    const vet = () =>
      spawnSync(go, ["vet", `-vettool=${tool}`, ".", "./mid", "./low"], { cwd: join(dir, "m"), encoding: "utf8", env });
    const first = vet();
    expect(first.stderr.split("\n")[0]).toBe(
      "x.go:6:32: example.com/m/mid.Make is called, where new(int) escapes to heap: F promises goesc:noalloc transitive",
    );
    expect(first.status).toBe(1);
    // go keeps what it knows of dependencies under the same name; `broken` is seen as one first.
    const user = spawnSync(go, ["vet", `-vettool=${tool}`, "./user"], { cwd: join(dir, "m"), encoding: "utf8", env });
    expect(user.stderr).toMatch(/^user\/u\.go:6:34: example\.com\/m\/broken\.New is called, where new\(int\) escapes/);
    const named = spawnSync(go, ["vet", `-vettool=${tool}`, "./broken"], {
      cwd: join(dir, "m"),
      encoding: "utf8",
      env,
    });
    expect(named.stderr).toContain("broken/b.go:5:29: new(int) escapes to heap: New promises goesc:noalloc");
    const again = spawnSync(go, ["vet", `-vettool=${tool}`, "./broken"], {
      cwd: join(dir, "m"),
      encoding: "utf8",
      env,
    });
    expect(again.stderr).toBe(named.stderr);
    const second = vet();
    expect({ status: second.status, stderr: second.stderr }).toEqual({ status: 1, stderr: first.stderr });
  });
});
