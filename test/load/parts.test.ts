import { describe, expect, it } from "vitest";
import { ConstraintError, evalGoBuild, parseFileHeader, shouldBuild } from "../../src/load/constraint.ts";
import { rewriteOutput } from "../../src/load/display.ts";
import { splitQuoted } from "../../src/load/env.ts";
import { compareGoVersions, langVersion } from "../../src/load/gover.ts";
import { headerError } from "../../src/load/header-error.ts";
import { cleanSlash, hasPathPrefix, Paths } from "../../src/load/paths.ts";
import { matchPattern } from "../../src/load/patterns.ts";
import { archTags, experiments } from "../../src/load/platforms.ts";
import { compareSemver, escapeModulePath, pathMajor } from "../../src/load/semver.ts";
import { memoryHost } from "./memory-fs.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("build constraints", () => {
  const on = (tag: string): boolean => ["linux", "a", "b"].includes(tag);
  it.each([
    ["linux", true],
    ["!linux", false],
    ["a && b", true],
    ["a && !b || linux", true],
    ["!(a || c)", false],
    ["c || (a && (b))", true],
  ])("%s", (text, want) => expect(evalGoBuild(text, on)).toBe(want));

  it.each([
    ["a b", "unexpected token b"],
    ["!!a", "double negation not allowed"],
    ["(a", "missing close paren"],
    ["", "unexpected end of expression"],
    ["a & b", "invalid syntax at &"],
    ["a-b", "invalid syntax at -"],
  ])("%s is wrong", (text, message) => expect(() => evalGoBuild(text, on)).toThrow(new ConstraintError(message)));

  it.each([
    ["// text\n\n//go:build linux\n\npackage p\n", true],
    ["/* c */\n//go:build windows\n\npackage p\n", false],
    ["package p\n//go:build windows\n", true],
    ["// +build windows\n\npackage p\n", false],
    ["// +build windows\npackage p\n", true],
    ["// +build linux,c a\n\npackage p\n", true],
    ["// +build linux\n// +build c\n\npackage p\n", false],
    ["//go:build linux\n// +build windows\n\npackage p\n", true],
    ["\ufeff//go:build windows\n\npackage p\n", false],
  ])("%j", (source, want) => expect(shouldBuild(parseFileHeader(bytes(source)), on)).toBe(want));

  it("allows one go:build line", () => {
    expect(() => parseFileHeader(bytes("//go:build a\n//go:build b\n\npackage p\n"))).toThrow(
      "multiple //go:build comments",
    );
  });
});

describe("versions", () => {
  it.each([
    ["1.21", "1.21rc1", -1],
    ["1.21rc1", "1.21.0", -1],
    ["1.20", "1.20.0", 0],
    ["1.9", "1.10", -1],
    ["1.26.8", "1.26", 1],
  ])("go %s against %s", (x, y, want) => expect(compareGoVersions(x, y)).toBe(want));

  it("language version of a release", () => {
    expect([langVersion("1.26.8"), langVersion("1.22rc1"), langVersion("1")]).toEqual(["1.26", "1.22", "1"]);
  });

  it.each([
    ["v1.2.3", "v1.10.0", -1],
    ["v1.0.0-rc.1", "v1.0.0", -1],
    ["v1.0.0-rc.2", "v1.0.0-rc.10", -1],
    ["v1.0.0-1", "v1.0.0-a", -1],
    ["v2.0.0+incompatible", "v2.0.0", 0],
    ["v0.0.0-20200101000000-abcdefabcdef", "v0.0.0-20210101000000-abcdefabcdef", -1],
  ])("%s against %s", (x, y, want) => expect(Math.sign(compareSemver(x, y))).toBe(want));

  it("splits major versions off paths", () => {
    expect(["a.b/c", "a.b/c/v2", "gopkg.in/yaml.v3", "a.b/c/v1", "gopkg.in/x"].map(pathMajor)).toEqual([
      "",
      "/v2",
      ".v3",
      null,
      null,
    ]);
    expect(escapeModulePath("github.com/BurntSushi/toml")).toBe("github.com/!burnt!sushi/toml");
  });
});

describe("patterns", () => {
  it.each([
    ["net/...", "net", true],
    ["net/...", "net/http", true],
    ["net/...", "netx", false],
    ["...", "a/vendor/b", false],
    ["./...", "./vendor/x", false],
    ["a/vendor/...", "a/vendor/b", true],
    ["n...t", "net", true],
    ["a.b/c", "axb/c", false],
  ])("%s and %s", (pattern, name, want) => expect(matchPattern(pattern)(name)).toBe(want));
});

describe("platforms", () => {
  it("knows what is on by default", () => {
    expect(experiments("linux", "amd64", 26, "")).toEqual([
      "dwarf5",
      "greenteagc",
      "randomizedheapbase64",
      "regabiargs",
      "regabiwrappers",
    ]);
    expect(experiments("linux", "386", 24, "noswissmap,arenas")).toEqual([
      "aliastypeparams",
      "arenas",
      "coverageredesign",
      "spinbitmutex",
      "synchashtriemap",
    ]);
    expect(archTags("amd64", (name) => (name === "GOAMD64" ? "v3" : ""))).toEqual(["amd64.v1", "amd64.v2", "amd64.v3"]);
  });
});

describe("heads of Go files", () => {
  it.each([
    ["", 0, "expected 'package', found 'EOF'"],
    ["package", 7, "expected 'IDENT', found 'EOF'"],
    ["package 1", 8, "expected 'IDENT', found 1"],
    ["pakage x", 0, "expected 'package', found pakage"],
    ["package x\nimport fmt\n", 20, "missing import path"],
    ['package x\nimport "fmt\n', 17, "string literal not terminated"],
    ['package x\nimport ("a" "b")\n', 22, "expected ';', found \"b\""],
    ["package x\nimport 5\n", 17, "import path must be a string"],
    ["package x\n/* foo", 10, "comment not terminated"],
    ["#include\n", 0, "illegal character U+0023 '#'"],
  ])("%j", (source, offset, msg) => expect(headerError(bytes(source))).toEqual({ offset, msg }));

  it("leaves the rest to the compiler", () => expect(headerError(bytes("package x y\n"))).toBeNull());
});

describe("output", () => {
  const host = memoryHost({}, { cwd: "/src/m" });
  it("shortens paths as the go command does", () => {
    expect(rewriteOutput(host, "/src/m", "/src/m/x.go:1:2: a")).toBe("./x.go:1:2: a\n");
    expect(rewriteOutput(host, "/src/m/gen", "/src/m/gen/x.go:1: a\n/src/m/gen2/y.go:1: b\n")).toBe(
      "gen/x.go:1: a\ngen2/y.go:1: b\n",
    );
    expect(rewriteOutput(host, "/src/n", "/src/n/x.go:1: see\n\t/src/n/y.go:2: that /src/n/z\n")).toBe(
      "../n/x.go:1: see\n\t../n/y.go:2: that ../n/z\n",
    );
    expect(rewriteOutput(host, "/go/src/fmt", "/go/src/fmt/print.go:1:1: a\n")).toBe("/go/src/fmt/print.go:1:1: a\n");
  });
});

describe("names", () => {
  it("cleans and relates", () => {
    const unix = new Paths(false);
    expect([cleanSlash("a//b/../c/."), cleanSlash("/.."), cleanSlash("")]).toEqual(["a/c", "/", "."]);
    expect([unix.rel("/a/b", "/a/c"), unix.rel("/a", "/a/b"), unix.rel("/a", "/a")]).toEqual(["../c", "b", "."]);
    const windows = new Paths(true);
    expect(windows.join("C:\\a", "b/..", "c")).toBe("C:\\a\\c");
    expect([windows.isAbs("C:\\a"), windows.isAbs("\\a"), windows.isAbs("C:a")]).toEqual([true, false, false]);
    expect(windows.dir("C:\\a\\b.go")).toBe("C:\\a");
  });

  it("every path lies below the empty one, as internal/ of the standard library's own module is for all of it", () => {
    expect(["", "cmd/asm", "fmt"].map((path) => hasPathPrefix(path, ""))).toEqual([true, true, true]);
    expect(["a", "a/b", "ab"].map((path) => hasPathPrefix(path, "a"))).toEqual([true, true, false]);
  });

  it("splits quoted words", () => {
    expect(splitQuoted(`-m -l '-d=x y' "z"`)).toEqual(["-m", "-l", "-d=x y", "z"]);
    expect(splitQuoted("'open")).toBeNull();
  });
});
