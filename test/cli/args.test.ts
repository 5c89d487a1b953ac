import { describe, expect, it } from "vitest";
import { noCompilerFlags, normalizeArgs, parseGcflags, UsageError } from "../../src/cli/args.ts";
import { helpText } from "../../src/cli/help.ts";
import { optionTable } from "../../src/cli/options.ts";
import { flagsFor, readSettings } from "../../src/cli/settings.ts";
import type { LoadedPackage } from "../../src/load/package.ts";

describe("arguments", () => {
  it.each([
    [
      ["-m", "x.go"],
      ["--m=1", "--", "x.go"],
    ],
    [
      ["-m=2", "-l", "./..."],
      ["--m=2", "--l=1", "--", "./..."],
    ],
    [
      ["-tags=a,b", "-C", "dir", "std"],
      ["--tags=a,b", "--C=dir", "--", "std"],
    ],
    [
      ["--tags", "a", "-json=false", "-json"],
      ["--tags=a", "--json", "--"],
    ],
    [
      ["-j", "4"],
      ["--p=4", "--"],
    ],
    [
      ["--", "-m"],
      ["--", "-m"],
    ],
    [
      ["-gcflags", "-m -l", "-o", "/dev/null"],
      ["--gcflags=-m -l", "--o=/dev/null", "--"],
    ],
  ])("%j", (given, want) => expect(normalizeArgs(given)).toEqual(want));

  it.each([
    [["-nope"], "flag provided but not defined: -nope"],
    [["-tags"], "flag needs an argument: -tags"],
    [["-race"], "flag -race is not supported: it changes what the compiler sees"],
    [["-json=maybe"], 'invalid boolean value "maybe" for -json'],
  ])("%j is wrong", (given, message) => expect(() => normalizeArgs(given)).toThrow(new UsageError(message)));
});

describe("compiler flags", () => {
  const none = noCompilerFlags;
  it.each([
    ["-m -l", { pattern: "", flags: { ...none, m: 1, l: 1 } }],
    ["-m -m", { pattern: "", flags: { ...none, m: 2 } }],
    ["-m=2 -l=4 -lang=go1.20", { pattern: "", flags: { ...none, m: 2, l: 4, lang: "go1.20" } }],
    ["all=-m", { pattern: "all", flags: { ...none, m: 1 } }],
    ["./x/...='-m' -N", { pattern: "./x/...", flags: { ...none, m: 1, N: true } }],
    ["", { pattern: "", flags: none }],
  ])("%s", (text, want) => expect(parseGcflags(text)).toEqual(want));

  it("rejects what it does not know", () => {
    expect(() => parseGcflags("-S")).toThrow("-gcflags: the compiler's flag -S is not supported");
    expect(() => parseGcflags("-d=nonsense")).toThrow("-gcflags: unknown debug key -d nonsense");
    expect(() => parseGcflags("-d=ssa/prove/debug=1")).toThrow("-d=ssa/prove/debug=1 is not supported");
    expect(() => parseGcflags("-d=checkptr=x")).toThrow("invalid debug value for checkptr");
    expect(() => parseGcflags("foo")).toThrow(UsageError);
  });

  it("lets the last matching rule decide", () => {
    const settings = readSettings({ gcflags: ["all=-m=2", "fmt=-l"], m: "1" }, []);
    const pkg = (importPath: string, isRequested: boolean) =>
      ({ importPath, isRequested, dir: "/d", isStd: true }) as LoadedPackage;
    const rel = (dir: string) => dir;
    expect(flagsFor(settings.rules, pkg("os", false), rel)).toMatchObject({ m: 2, l: 0 });
    expect(flagsFor(settings.rules, pkg("fmt", false), rel)).toMatchObject({ m: 0, l: 1 });
    expect(flagsFor(settings.rules, pkg("main", true), rel)).toMatchObject({ m: 1, l: 0 });
  });
});

describe("help", () => {
  it("starts with an example and names every option", () => {
    const text = helpText("") ?? "";
    expect(text).toMatch(/^Example:/);
    for (const { name } of optionTable) expect(text, name).toMatch(new RegExp(`-${name}\\b`));
    expect(helpText("packages")).toMatch(/^Example:/);
    expect(helpText("nonsense")).toBeNull();
  });
});
