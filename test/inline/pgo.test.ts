/** Profile-guided inlining, byte for byte as go1.26.8 does it (testdata/pgo, made by scripts/pgo-testdata.mjs). */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { defaultPgoOptions, type PgoOptions } from "../../src/inline/pgo/graph.ts";
import { fromPprof } from "../../src/inline/pgo/pprof.ts";
import { fromSerialized, isSerialized, Profile, ProfileError, serialize } from "../../src/inline/pgo/profile.ts";
import { analyzePackage } from "../../src/report/analyze.ts";
import { explanationLines, remarkLine } from "../../src/report/remark.ts";
import { Session } from "../../src/report/session.ts";
import { writePackage } from "../../src/types/summary-write.ts";
import { options } from "../report/analysis.ts";

const testdata = join(dirname(fileURLToPath(import.meta.url)), "testdata", "pgo");
const profile = gunzipSync(readFileSync(join(testdata, "cpu.pprof")));
const packages: readonly (readonly [string, readonly string[]])[] = [
  ["plain", []],
  ["shapes", ["plain"]],
  ["work", ["shapes"]],
];

/** What is said of each package under a profile. */
function analyse(text: string, m: number, pgo: Partial<PgoOptions>): Map<string, string> {
  const summaries = new Map<string, Uint8Array>();
  const out = new Map<string, string>();
  for (const [name, imports] of packages) {
    const session = new Session(
      { readFile: readFileSync, readSummary: (path) => summaries.get(path) ?? null, readProfile: () => text },
      "amd64",
    );
    const path = `example.com/pgo/${name}`;
    const result = analyzePackage(
      session,
      {
        importPath: path,
        compilerPath: path,
        goFiles: [join(testdata, name, `${name}.go`)],
        imports: new Map(imports.map((p) => [`example.com/pgo/${p}`, `example.com/pgo/${p}`])),
        goVersion: "go1.26",
        complete: true,
        isStd: false,
        profile: "cpu.pprof",
      },
      { ...options, m, compile: { ...options.compile, l: 0, pgo: { ...defaultPgoOptions, ...pgo } } },
    );
    expect(result.errors.map((error) => error.msg)).toEqual([]);
    const lines: string[] = [];
    for (const entry of result.entries) {
      if ("remark" in entry) lines.push(remarkLine(session.fset, entry.remark));
      else lines.push(...explanationLines(session.fset, entry.explanation));
    }
    out.set(
      name,
      lines
        .map((line) => `${line}\n`)
        .join("")
        .replaceAll(`${testdata}/`, "./"),
    );
    summaries.set(
      path,
      writePackage(result.checked!.pkg, {
        fset: session.fset,
        files: result.files,
        facts: (fn) => result.facts.get(fn) ?? null,
        resolveImport: (p) => session.importPackage(p),
      }),
    );
  }
  return out;
}

/** The go command leaves out `./` before paths into other directories. */
function want(name: string, kind: string): string {
  return readFileSync(join(testdata, `${name}.${kind}`), "utf8").replace(/(^|\s)(work|shapes|plain)\//gm, "$1./$2/");
}

describe("profile-guided inlining", () => {
  const text = serialize(fromPprof(profile));
  const cases: readonly (readonly [string, number, Partial<PgoOptions>])[] = [
    ["m1", 1, {}],
    ["m2", 2, {}],
    ["debug", 1, { debug: 1 }],
    ["threshold", 1, { cdfThreshold: 50, budget: 100, devirtualize: 1 }],
  ];
  for (const [kind, m, pgo] of cases) {
    it(`says what the compiler says: ${kind}`, () => {
      const said = analyse(text, m, pgo);
      for (const [name] of packages) expect(said.get(name)).toBe(want(name, kind));
    });
  }

  it("devirtualises calls of interface methods and of function values", () => {
    expect(want("work", "m1")).toContain("PGO devirtualizing interface call s.Area to shapes.Square.Area");
    expect(want("work", "m1")).toContain("PGO devirtualizing function call f to shapes.Step");
  });

  it("says other things without the profile", () => {
    expect(analyse(serialize([]), 1, {}).get("work")).not.toBe(want("work", "m1"));
  });
});

describe("profiles", () => {
  it("have the edges that go tool preprofile finds", () => {
    expect(serialize(fromPprof(profile))).toBe(readFileSync(join(testdata, "cpu.preprofile"), "utf8"));
  });

  it("can be empty", () => {
    expect(fromPprof(new Uint8Array())).toEqual([]);
    expect(new Profile([]).totalWeight).toBe(0);
  });

  it("are refused if they are none", () => {
    expect(() => fromPprof(new TextEncoder().encode("junk"))).toThrow(ProfileError);
    expect(() => fromPprof(profile.subarray(0, profile.length >> 1))).toThrow(ProfileError);
  });

  it("come back from their text", () => {
    const edges = [
      { caller: "p.f", callee: "p.g", offset: 3, weight: 9 },
      { caller: "p.f", callee: "p.(*T).M", offset: -2, weight: 1 },
    ];
    const text = serialize(edges);
    expect(isSerialized(new TextEncoder().encode(text))).toBe(true);
    expect(fromSerialized(text)).toEqual(edges);
    for (const [broken, message] of [
      ["p.f\n", "missing callee"],
      ["p.f\np.g\n", "missing weight"],
      ["p.f\np.g\n1 2 3\n", "want 2 fields"],
      ["p.f\np.g\nx 2\n", "processing call line"],
      ["p.f\np.g\n1 2\np.f\np.g\n1 3\n", "duplicate edge"],
    ]) {
      expect(() => fromSerialized(`GO PREPROFILE V1\n${broken}`)).toThrow(message);
    }
  });
});
