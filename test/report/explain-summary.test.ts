/** Explanations where a callee's source is not at hand, and as records. */
import { describe, expect, it } from "vitest";
import { analyzePackage } from "../../src/report/analyze.ts";
import { type Decision, decisionsAt } from "../../src/report/explain/decisions.ts";
import { decisionRecord } from "../../src/report/explain/json.ts";
import { Scene } from "../../src/report/explain/scene.ts";
import { Session } from "../../src/report/session.ts";
import { writePackage } from "../../src/types/summary-write.ts";
import { options } from "./analysis.ts";

const callee = `package q

var kept any

//go:noinline
func Keep(p *int) { kept = p }

//go:noinline
func KeepBehind(p **int) { kept = *p }
`;

const caller = `package p

import "q"

func f() {
	x := 1
	q.Keep(&x)
}

func h() { panic("constant") }

func i(s string) { panic("variable " + s) }

func g() {
	y := 2
	z := &y
	q.KeepBehind(&z)
}
`;

const encoder = new TextEncoder();

function analyse(path: string, text: string, imports: readonly string[], summaries: Map<string, Uint8Array>): Scene {
  const host = { readFile: () => encoder.encode(text), readSummary: (p: string) => summaries.get(p) ?? null };
  const session = new Session(host, "amd64");
  const result = analyzePackage(
    session,
    {
      importPath: path,
      compilerPath: path,
      goFiles: [`/src/${path}.go`],
      imports: new Map(imports.map((p) => [p, p])),
      goVersion: "go1.26",
      complete: true,
      isStd: false,
    },
    { ...options, m: 1, explain: true },
  );
  expect(result.errors).toEqual([]);
  return new Scene(session, path, result);
}

describe("a callee without source", () => {
  const summaries = new Map<string, Uint8Array>();
  const { session, result } = analyse("q", callee, [], summaries);
  summaries.set(
    "q",
    writePackage(result.checked!.pkg, {
      fset: session.fset,
      files: result.files,
      facts: (fn) => result.facts.get(fn) ?? null,
    }),
  );
  const scene = analyse("p", caller, ["q"], summaries);
  const world = { scene: () => null };
  const heapAt = (line: number): Decision => {
    const decisions = decisionsAt(world, scene, { file: "/src/p.go", line, col: null });
    return decisions.find(({ verdict }) => verdict === "heap")!;
  };

  it("is told by what its summary says of the parameter", () => {
    const step = heapAt(6).steps.find(({ why }) => why.length > 0)!;
    expect(step.text).toBe("It is passed to `q.Keep` as `p`, and does not stay there:");
    expect(step.why.map(({ text }) => text)).toEqual([
      "The body of `q.Keep` is not here, as no Go installation was found; its summary says `leaking param: p`.",
    ]);
    const behind = heapAt(15).steps.find(({ why }) => why.length > 0)!;
    expect(behind.why[0].text).toContain("`leaking param content: p`");
  });

  it("stands in the record, too", () => {
    const record = JSON.parse(decisionRecord(scene, heapAt(6), []));
    expect(record).toMatchObject({
      package: "p",
      file: "/src/p.go",
      line: 6,
      col: 2,
      func: "f",
      verdict: "heap",
      message: "moved to heap: x",
    });
    expect(record.steps[0]).toEqual({ text: "The address of `x` is taken.", file: "/src/p.go", line: 7, col: 9 });
    expect(record.steps[1].why[0].text).toContain("leaking param: p");
  });

  it("is no matter for constants, which need no storage in an interface", () => {
    const told = (line: number): Decision =>
      decisionsAt(world, scene, { file: "/src/p.go", line, col: null }).find(
        ({ remark }) => remark?.msg.endsWith("escapes to heap") ?? false,
      )!;
    expect(told(10)).toMatchObject({ verdict: "note", remark: { msg: '"constant" escapes to heap' } });
    expect(told(10).headline).toContain("nothing is allocated");
    expect(told(12).verdict).toBe("heap");
  });
});
