/** Which packages get which profile. What is expected is what `go list -deps -f '{{.ImportPath}}' -pgo=…` and the headers
 *  of `go build -gcflags=-m` say. */
import { describe, expect, it } from "vitest";
import { loadPackages } from "../../src/load/load.ts";
import type { LoadedPackage } from "../../src/load/package.ts";
import { setProfiles } from "../../src/load/pgo.ts";
import { memoryHost } from "./memory-fs.ts";

const files = {
  "/src/m/go.mod": "module ex.com/m\n\ngo 1.26\n",
  "/src/m/lib/lib.go": 'package lib\n\nimport _ "fmt"\n',
  "/src/m/a/main.go": 'package main\n\nimport _ "ex.com/m/lib"\n',
  "/src/m/a/default.pgo": "profile",
  "/src/m/b/main.go": 'package main\n\nimport _ "ex.com/m/lib"\n',
};

function profiles(patterns: string[], pgo: string): string[] {
  const host = memoryHost(files, { cwd: "/src/m" });
  const load = setProfiles(host, loadPackages(host, { patterns }), pgo);
  return load.packages.map(describePackage);
}

function describePackage({ importPath, profile, isRequested, imports }: LoadedPackage): string {
  const marks = `${profile === "" ? "" : ` ${profile}`}${isRequested ? " requested" : ""}`;
  return `${importPath}${marks} <- ${[...imports.values()].map((pkg) => pkg.importPath).join(", ")}`;
}

const plain = [
  "internal/fmtsort <- ",
  "fmt <- internal/fmtsort",
  "ex.com/m/lib <- fmt",
  "ex.com/m/a requested <- ex.com/m/lib",
];

describe("setProfiles", () => {
  it("leaves all without one when it is off, or beside no main package", () => {
    expect(profiles(["./a"], "off")).toEqual(plain);
    expect(profiles(["./b"], "auto").join()).not.toContain("default.pgo");
    expect(profiles(["./lib"], "auto").join()).not.toContain("default.pgo");
  });

  it("takes default.pgo for a main package and all that it imports", () => {
    const file = "/src/m/a/default.pgo";
    expect(profiles(["./a"], "auto")).toEqual([
      `internal/fmtsort ${file} <- `,
      `fmt ${file} <- internal/fmtsort`,
      `ex.com/m/lib ${file} <- fmt`,
      `ex.com/m/a ${file} requested <- ex.com/m/lib`,
    ]);
  });

  it("builds what it imports once more where others are named too", () => {
    const file = "/src/m/a/default.pgo";
    expect(profiles(["./a", "./b", "./lib"], "auto")).toEqual([
      `internal/fmtsort [ex.com/m/a] ${file} <- `,
      `fmt [ex.com/m/a] ${file} <- internal/fmtsort [ex.com/m/a]`,
      `ex.com/m/lib [ex.com/m/a] ${file} requested <- fmt [ex.com/m/a]`,
      `ex.com/m/a ${file} requested <- ex.com/m/lib [ex.com/m/a]`,
      "internal/fmtsort <- ",
      "fmt <- internal/fmtsort",
      "ex.com/m/lib requested <- fmt",
      "ex.com/m/b requested <- ex.com/m/lib",
    ]);
  });

  it("takes a named file for everything", () => {
    for (const line of profiles(["./b"], "x.pgo")) expect(line).toContain(" /src/m/x.pgo");
  });
});
