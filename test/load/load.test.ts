import { describe, expect, it } from "vitest";
import { LoadError } from "../../src/load/env.ts";
import { type LoadResult, loadPackages } from "../../src/load/load.ts";
import { memoryHost } from "./memory-fs.ts";

const goMod = "module ex.com/m\n\ngo 1.24\n";

function load(
  files: Record<string, string>,
  patterns: string[],
  options: { cwd?: string; env?: Record<string, string>; tags?: string[] } = {},
): LoadResult {
  return loadPackages(memoryHost(files, options), { patterns, tags: options.tags });
}

function paths(result: LoadResult): string[] {
  return result.packages.map((pkg) => pkg.importPath);
}

function sums(...modules: string[]): string {
  return modules.map((module) => `${module} h1:x=\n`).join("");
}

describe("loadPackages", () => {
  it("gives imported packages before their importers", () => {
    const result = load({ "/src/m/go.mod": goMod, "/src/m/x.go": 'package m\n\nimport "fmt"\n' }, ["."]);
    expect(result.errors).toEqual([]);
    expect(paths(result)).toEqual(["internal/fmtsort", "fmt", "ex.com/m"]);
    const m = result.packages[2];
    expect(m).toMatchObject({
      isRequested: true,
      isStd: false,
      goVersion: "go1.24",
      complete: true,
      goFiles: ["/src/m/x.go"],
    });
    expect(m.imports.get("fmt")).toBe(result.packages[1]);
    expect(result.packages[1]).toMatchObject({ isRequested: false, isStd: true, goVersion: "go1.26" });
  });

  it("takes files in the order of the command line, constraints aside", () => {
    const result = load({ "/src/m/b.go": "//go:build windows\n\npackage m\n", "/src/m/a.go": "package m\n" }, [
      "b.go",
      "a.go",
    ]);
    expect(result.requested[0]).toMatchObject({
      importPath: "command-line-arguments",
      goFiles: ["/src/m/b.go", "/src/m/a.go"],
      goVersion: "go1.26",
    });
  });

  it("finds the vendored packages of the standard library", () => {
    const result = load({}, ["net"]);
    expect(paths(result)).toEqual(["vendor/golang.org/x/net/dns", "net"]);
    expect(result.packages[1].imports.get("golang.org/x/net/dns")?.importPath).toBe("vendor/golang.org/x/net/dns");
  });

  it("knows std, cmd and wildcards", () => {
    expect(load({}, ["std"]).requested.map((pkg) => pkg.importPath)).toEqual([
      "fmt",
      "internal/fmtsort",
      "net",
      "runtime",
      "vendor/golang.org/x/net/dns",
    ]);
    expect(load({}, ["cmd"]).requested.map((pkg) => pkg.importPath)).toEqual(["cmd/tool"]);
    const tree = {
      "/src/m/go.mod": goMod,
      "/src/m/a/x.go": "package a\n",
      "/src/m/a/testdata/x.go": "package no\n",
      "/src/m/_b/x.go": "package no\n",
      "/src/m/c/go.mod": "module ex.com/c\n",
      "/src/m/c/x.go": "package no\n",
      "/src/m/d/only_test.go": "package d\n",
    };
    expect(load(tree, ["./..."]).requested.map((pkg) => pkg.importPath)).toEqual(["ex.com/m/a"]);
    const fromBelow = load({ ...tree, "/src/m/b/x.go": "package b\n" }, ["../..."], { cwd: "/src/m/b" });
    expect(fromBelow.requested.map((pkg) => pkg.importPath)).toEqual(["ex.com/m/a", "ex.com/m/b"]);
    expect(load(tree, ["./d"]).errors).toEqual(["ex.com/m/d: no non-test Go files in /src/m/d"]);
  });

  it("says of a pattern where it has nothing to look in", () => {
    const tree = { "/src/m/go.mod": goMod, "/src/m/x.go": "package m\n", "/src/m/_x/x.go": "package x\n" };
    const errors = (pattern: string): readonly string[] => load(tree, [pattern]).errors;
    expect(errors("./nope/...")).toEqual(["pattern ./nope/...: lstat ./nope/: no such file or directory"]);
    expect(errors("./x.go/...")).toEqual(["pattern ./x.go/...: lstat ./x.go/: not a directory"]);
    expect(load(tree, ["./_x/..."]).warnings).toEqual(['go: warning: "./_x/..." matched no packages']);
    expect(load({ ...tree, "/src/m/_x/go.mod": goMod }, ["./..."], { cwd: "/src/m/_x" }).requested).toHaveLength(1);
  });

  it("takes what there is nothing to compile of for done", () => {
    const test = load({ "/src/m/go.mod": goMod, "/src/m/x_test.go": "package m\n" }, ["x_test.go"]);
    expect([test.errors, test.requested]).toEqual([[], []]);
    const builtin = load({ "/go/src/builtin/builtin.go": "package builtin\n" }, ["builtin"]);
    expect([builtin.errors, builtin.requested]).toEqual([[], []]);
  });

  it("marks packages with assembly as incomplete", () => {
    const [runtime] = load({}, ["runtime"]).packages;
    expect(runtime.complete).toBe(false);
    expect(runtime.asmFiles).toEqual(["/go/src/runtime/asm_amd64.s"]);
  });

  it("follows replace directives and go.work", () => {
    const dep = { "/src/dep/go.mod": "module ex.com/dep\n\ngo 1.20\n", "/src/dep/x.go": "package dep\n" };
    const user = 'package m\n\nimport "ex.com/dep"\n';
    const replaced = load(
      {
        ...dep,
        "/src/m/go.mod": `${goMod}require ex.com/dep v1.0.0\nreplace ex.com/dep => ../dep\n`,
        "/src/m/x.go": user,
      },
      ["."],
    );
    expect(replaced.errors).toEqual([]);
    expect(replaced.packages[0]).toMatchObject({ importPath: "ex.com/dep", goVersion: "go1.20" });
    const work = load(
      { ...dep, "/src/go.work": "go 1.24\n\nuse (\n\t./m\n\t./dep\n)\n", "/src/m/go.mod": goMod, "/src/m/x.go": user },
      ["."],
    );
    expect(work.errors).toEqual([]);
    expect(paths(work)).toEqual(["ex.com/dep", "ex.com/m"]);
  });

  const cache = "/u/go/pkg/mod";

  it("selects the minimal version over the module cache", () => {
    const files = {
      "/src/m/go.sum": sums(
        "ex.com/A v1.0.0",
        "ex.com/A v1.0.0/go.mod",
        "ex.com/b v1.0.0/go.mod",
        "ex.com/b v1.2.0",
        "ex.com/b v1.2.0/go.mod",
      ),
      "/src/m/go.mod": "module ex.com/m\n\ngo 1.16\n\nrequire (\n\tex.com/A v1.0.0\n\tex.com/b v1.0.0\n)\n",
      "/src/m/x.go": 'package m\n\nimport (\n\t"ex.com/A"\n\t"ex.com/b"\n)\n',
      [`${cache}/ex.com/!a@v1.0.0/a.go`]: 'package a\n\nimport "ex.com/b"\n',
      [`${cache}/cache/download/ex.com/!a/@v/v1.0.0.mod`]: "module ex.com/A\n\nrequire ex.com/b v1.2.0\n",
      [`${cache}/ex.com/b@v1.0.0/b.go`]: "package b\n",
      [`${cache}/cache/download/ex.com/b/@v/v1.0.0.mod`]: "module ex.com/b\n",
      [`${cache}/ex.com/b@v1.2.0/b.go`]: "package b\n",
      [`${cache}/cache/download/ex.com/b/@v/v1.2.0.mod`]: "module ex.com/b\n\ngo 1.18\n",
    };
    const result = load(files, ["."]);
    expect(result.errors).toEqual([]);
    expect(result.packages[0]).toMatchObject({
      importPath: "ex.com/b",
      goVersion: "go1.18",
      module: { path: "ex.com/b", version: "v1.2.0" },
    });
    expect(result.packages[1]).toMatchObject({ importPath: "ex.com/A", goVersion: "go1.16" });
  });

  it("looks into no module without a checksum", () => {
    const files = {
      "/src/m/go.mod": `${goMod}\nrequire (\n\tex.com/a v1.0.0\n\tex.com/a/b v1.0.0\n)\n`,
      "/src/m/x.go": 'package m\n\nimport "ex.com/a/b"\n',
      [`${cache}/ex.com/a@v1.0.0/a.go`]: "package a\n",
      [`${cache}/ex.com/a@v1.0.0/go.mod`]: "module ex.com/a\n",
      [`${cache}/ex.com/a/b@v1.0.0/b.go`]: "package b\n",
      [`${cache}/ex.com/a/b@v1.0.0/go.mod`]: "module ex.com/a/b\n",
    };
    const errors = (...known: string[]) => load({ ...files, "/src/m/go.sum": sums(...known) }, ["."]).errors;
    const all = ["ex.com/a v1.0.0", "ex.com/a/b v1.0.0", "ex.com/a/b v1.0.0/go.mod"];
    expect(errors(...all)).toEqual([]);
    expect(errors()).toEqual([
      "x.go:3:8: missing go.sum entry for module providing package ex.com/a/b (imported by ex.com/m); to add:\n\tgo get ex.com/m",
    ]);
    expect(errors(...all.slice(1))).toEqual([
      "x.go:3:8: missing go.sum entry needed to verify package ex.com/a/b (imported by ex.com/m) is provided by exactly one module; to add:\n\tgo get ex.com/m",
    ]);
    expect(errors(...all.slice(0, 2))).toEqual([
      "x.go:3:8: ex.com/a/b@v1.0.0: missing go.sum entry for go.mod file; to add it:\n\tgo mod download ex.com/a/b",
    ]);
  });

  it("needs checksums of the whole graph for modules before go 1.17", () => {
    const files = {
      "/src/m/go.mod": "module ex.com/m\n\ngo 1.16\n\nrequire ex.com/a v1.0.0\n",
      "/src/m/go.sum": sums("ex.com/a v1.0.0/go.mod"),
      "/src/m/x.go": "package m\n",
      [`${cache}/ex.com/a@v1.0.0/go.mod`]: "module ex.com/a\n\nrequire ex.com/b v1.0.0\n",
    };
    expect(() => load(files, ["."])).toThrow(
      "go: ex.com/a@v1.0.0 requires\n\tex.com/b@v1.0.0: missing go.sum entry for go.mod file; to add it:\n\tgo mod download ex.com/b",
    );
  });

  it("uses a consistent vendor directory", () => {
    const result = load(
      {
        "/src/m/go.mod": `${goMod}\nrequire ex.com/v v1.0.0\n`,
        "/src/m/x.go": 'package m\n\nimport "ex.com/v/sub"\n',
        "/src/m/vendor/modules.txt": "# ex.com/v v1.0.0\n## explicit; go 1.19\nex.com/v/sub\n",
        "/src/m/vendor/ex.com/v/sub/x.go": "package sub\n",
      },
      ["."],
    );
    expect(result.errors).toEqual([]);
    expect(result.packages[0]).toMatchObject({
      importPath: "ex.com/v/sub",
      dir: "/src/m/vendor/ex.com/v/sub",
      goVersion: "go1.19",
    });
  });

  it("chooses files by system, tags and release", () => {
    const files = {
      "/src/m/go.mod": goMod,
      "/src/m/a_windows.go": "package m\n",
      "/src/m/a_linux.go": "package m\n",
      "/src/m/b.go": "//go:build special\n\npackage m\n",
      "/src/m/c.go": "//go:build go1.27\n\npackage m\n",
      "/src/m/d.go": "// +build !linux\n\npackage m\n",
      "/src/m/unix.go": "package m\n",
    };
    const names = (result: LoadResult) => result.requested[0].goFiles.map((file) => file.slice("/src/m/".length));
    expect(names(load(files, ["."]))).toEqual(["a_linux.go", "unix.go"]);
    expect(names(load(files, ["."], { tags: ["special"] }))).toEqual(["a_linux.go", "b.go", "unix.go"]);
    expect(names(load(files, ["."], { env: { GOFLAGS: "-tags=special" } }))).toEqual(["a_linux.go", "b.go", "unix.go"]);
    expect(names(load(files, ["."], { env: { GOOS: "windows" } }))).toEqual(["a_windows.go", "d.go", "unix.go"]);
  });

  it("leaves cgo files out only when told so", () => {
    const files = { "/src/m/go.mod": goMod, "/src/m/x.go": "package m\n", "/src/m/y.go": 'package m\n\nimport "C"\n' };
    expect(load(files, ["."], { env: { CGO_ENABLED: "0" } }).errors).toEqual([]);
    expect(load(files, ["."]).errors).toEqual([
      expect.stringMatching(/^\.\/y\.go:3:8: import "C" needs a C compiler|^y\.go:3:8: import "C"/),
    ]);
    const only = { "/src/m/go.mod": goMod, "/src/m/y.go": files["/src/m/y.go"] };
    expect(load(only, ["."]).errors).toEqual([expect.stringMatching(/y\.go:3:8: import "C" needs a C compiler/)]);
    expect(load(only, ["."], { env: { CGO_ENABLED: "0" } }).errors).toEqual([
      expect.stringContaining("build constraints exclude all Go files"),
    ]);
  });
});

describe("errors are the go command's", () => {
  const cases: [string, Record<string, string>, string[], string[]][] = [
    [
      "a package that is not in std",
      { "/src/m/go.mod": goMod, "/src/m/x.go": 'package m\n\nimport "nope/foo"\n' },
      ["."],
      ["x.go:3:8: package nope/foo is not in std (/go/src/nope/foo)"],
    ],
    [
      "a module that nobody requires",
      { "/src/m/go.mod": goMod, "/src/m/x.go": 'package m\n\nimport "github.com/x/y"\n' },
      ["."],
      ["x.go:3:8: no required module provides package github.com/x/y; to add it:\n\tgo get github.com/x/y"],
    ],
    [
      "no module at all",
      { "/src/m/x.go": 'package m\n\nimport "github.com/x/y"\n' },
      ["x.go"],
      [
        "x.go:3:8: no required module provides package github.com/x/y: go.mod file not found in current directory or any parent directory; see 'go help modules'",
      ],
    ],
    [
      "an import cycle",
      {
        "/src/m/go.mod": goMod,
        "/src/m/a/x.go": 'package a\n\nimport _ "ex.com/m/b"\n',
        "/src/m/b/y.go": 'package b\n\nimport _ "ex.com/m/a"\n',
      },
      ["./a"],
      ["package ex.com/m/a\n\timports ex.com/m/b from x.go\n\timports ex.com/m/a from y.go: import cycle not allowed"],
    ],
    ["an empty directory", { "/src/m/go.mod": goMod, "/src/m/a/x.txt": "" }, ["./a"], ["no Go files in /src/m/a"]],
    [
      "files for other systems only",
      { "/src/m/go.mod": goMod, "/src/m/a/x_windows.go": "package a\n" },
      ["./a"],
      ["package ex.com/m/a: build constraints exclude all Go files in /src/m/a"],
    ],
    [
      "two packages in one directory",
      { "/src/m/go.mod": goMod, "/src/m/a/x.go": "package a\n", "/src/m/a/y.go": "package b\n" },
      ["./a"],
      ["found packages a (x.go) and b (y.go) in /src/m/a"],
    ],
    [
      "an internal package",
      { "/src/m/go.mod": goMod, "/src/m/x.go": 'package m\n\nimport _ "internal/fmtsort"\n' },
      ["."],
      ["package ex.com/m\n\tx.go:3:8: use of internal package internal/fmtsort not allowed"],
    ],
    [
      "a command as an import",
      {
        "/src/m/go.mod": goMod,
        "/src/m/x.go": 'package m\n\nimport _ "ex.com/m/b"\n',
        "/src/m/b/x.go": "package main\n",
      },
      ["."],
      ['x.go:3:8: import "ex.com/m/b" is a program, not an importable package'],
    ],
    [
      "an import that does not parse",
      { "/src/m/go.mod": goMod, "/src/m/x.go": "package m\n\nimport fmt\n" },
      ["."],
      ["x.go:3:11: missing import path"],
    ],
    [
      "an embedded file that is missing",
      {
        "/src/m/go.mod": goMod,
        "/src/m/x.go": 'package m\n\nimport _ "embed"\n\n//go:embed a.txt\nvar s string\n',
        "/go/src/embed/embed.go": "package embed\n",
      },
      ["."],
      ["x.go:5:12: pattern a.txt: no matching files found"],
    ],
    [
      "several wrong patterns: the first by name",
      {
        "/src/m/go.mod": goMod,
        "/src/m/x.go": 'package m\n\nimport _ "embed"\n\n//go:embed x.txt // a comment\nvar s string\n',
        "/go/src/embed/embed.go": "package embed\n",
      },
      ["."],
      ["x.go:5:18: pattern //: invalid pattern syntax"],
    ],
    ["a missing directory", { "/src/m/go.mod": goMod }, ["./a"], ["stat /src/m/a: directory not found"]],
  ];
  it.each(cases)("%s", (_, files, patterns, errors) => {
    expect(load(files, patterns).errors).toEqual(errors);
  });

  const fatal: [string, Record<string, string>, string][] = [
    [
      "an unknown directive",
      { "/src/m/go.mod": "module ex.com/m\nfoo bar\n" },
      "go: errors parsing go.mod:\ngo.mod:2: unknown directive: foo",
    ],
    [
      "no module line",
      { "/src/m/go.mod": "go 1.20\n" },
      "go: error reading go.mod: missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod",
    ],
    [
      "a newer Go",
      { "/src/m/go.mod": "module ex.com/m\n\ngo 1.99\n" },
      "go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)",
    ],
    [
      "an open block",
      { "/src/m/go.mod": "module ex.com/m\nrequire (\n a.b/c v1.0.0\n" },
      "go: errors parsing go.mod:\ngo.mod:4: syntax error (unterminated block started at /src/m/go.mod:2:1)",
    ],
    [
      "several faults in a workspace",
      {
        "/src/m/go.work": "go 1.24\n\nuse (\n\t./a\n\t./b\n\t./c\n\t./d\n)\n",
        "/src/m/b/go.mod": "module ex.com/b\n\ngo 1.25\n",
        "/src/m/c/go.mod": "modul ex.com/c\n",
        "/src/m/d/go.mod": "go 1.20\n",
      },
      [
        "go: cannot load module a listed in go.work file: open a/go.mod: no such file or directory",
        "go: module b listed in go.work file requires go >= 1.25, but go.work lists go 1.24; to update it:\n\tgo work use",
        "go: cannot load module c listed in go.work file: errors parsing c/go.mod:\nc/go.mod:1: unknown directive: modul",
        "go: cannot load module d listed in go.work file: error reading d/go.mod: missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod",
      ].join("\n"),
    ],
  ];
  it.each(fatal)("a go.mod with %s", (_, files, message) => {
    expect(() => load({ ...files, "/src/m/x.go": "package m\n" }, ["."])).toThrow(new LoadError(message));
  });

  it("a machine without Go", () => {
    const host = memoryHost({}, { env: { GOROOT: "/nowhere" } });
    expect(() => loadPackages(host, { patterns: ["fmt"] })).toThrow(/no Go installation in \/nowhere/);
  });
});
