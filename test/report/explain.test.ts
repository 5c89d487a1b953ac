/** Explanations: each example's verdict is told step by step, to its end. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Decision, decisionsAt, decisionsIn } from "../../src/report/explain/decisions.ts";
import { Scene, type World } from "../../src/report/explain/scene.ts";
import type { Step } from "../../src/report/explain/story.ts";
import { ExplainText } from "../../src/report/explain/text.ts";
import { summaryText, viewEntries } from "../../src/report/view.ts";
import { Kind } from "../../src/syntax/ast.ts";
import { scanImports } from "../../src/syntax/imports.ts";
import { analyzeFile } from "./analysis.ts";

const examples = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "examples");

function worldOf(file: string, source?: string, l = 1): { scene: Scene; world: World } {
  const { session, result } = analyzeFile(file, source, l);
  expect(result.errors).toEqual([]);
  const scene = new Scene(session, "command-line-arguments", result);
  return { scene, world: { scene: (path) => (path === "main" ? scene : null) } };
}

function at(name: string, line: number, l = 1): Decision[] {
  const file = join(examples, name);
  const { scene, world } = worldOf(file, undefined, l);
  return decisionsAt(world, scene, { file, line, col: null });
}

const texts = (steps: readonly Step[]): string[] => steps.flatMap((step) => [step.text, ...texts(step.why)]);

describe("explanations", () => {
  it("follow the flow to its end", () => {
    const [x] = at("address-of.go", 6);
    expect(x.headline).toBe("`x` is a variable on the heap.");
    expect(texts(x.steps)).toEqual([
      "The address of `x` is taken.",
      "It is returned. How long the caller keeps it is not known here.",
    ]);
    expect(x.rules[0].id).toBe("address-of");
  });

  it("follow arguments into the callee", () => {
    const [x] = at("leaking-param.go", 13);
    expect(texts(x.steps)).toEqual([
      "The address of `x` is taken.",
      "It is passed to `leaks` as `p`, and does not stay there:",
      "`kept = p` stores it in the package variable `kept`, which lives as long as the program.",
    ]);
  });

  it("follow receivers into the method", () => {
    const source =
      "package p\n\ntype T struct{ next *T }\n\nvar kept *T\n\nfunc (t *T) Keep() { kept = t }\n\nfunc f() {\n\tvar a T\n\ta.Keep()\n}\n";
    const { scene, world } = worldOf(join(examples, "receiver.go"), source);
    const [a] = decisionsAt(world, scene, { file: join(examples, "receiver.go"), line: 10, col: null });
    expect(texts(a.steps)).toContain("`(*T).Keep` is called with it as its receiver `t`, and it does not stay there:");
  });

  it("show inlined calls at both places", () => {
    const [x] = at("leaking-param.go", 13, 0);
    expect(texts(x.steps)).toContain("The call is inlined here: `p := &x`.");
    expect(x.steps.some((step) => step.inlinedAt > 0)).toBe(true);
  });

  it("follow captured variables into their closure", () => {
    const [n] = at("closure-by-reference.go", 6);
    expect(n.steps[0].text).toContain("because it is assigned again after its declaration");
    expect(n.steps[1].text).toBe("`func literal` is on the heap itself:");
    expect(n.steps[1].why.length).toBeGreaterThan(0);
  });

  it("say why a variable of a loop is not enough", () => {
    const [x] = at("loop-depth.go", 8);
    expect(texts(x.steps).at(-1)).toContain("`last` is declared outside of the loop");
  });

  it("say why values may stay", () => {
    const [p] = at("address-of.go", 12);
    expect(p.headline).toBe("`p` is a variable on the stack.");
    const [buf] = at("make-slice.go", 10).filter((decision) => decision.remark !== null);
    expect(buf.headline).toBe("`make([]byte, 16)` stays on the stack.");
    expect(texts(buf.steps)[0]).toBe("Its size is a constant and within the limit of 64 KiB.");
    const [dst] = at("make-slice.go", 9).filter((decision) => decision.remark !== null);
    expect(dst.headline).toContain("does not leak");
  });

  it("know that channels are on the heap, though the compiler is silent", () => {
    expect(at("make-chan.go", 6).map((decision) => decision.rules[0]?.id)).toContain("make-chan");
  });

  it("take the column into account", () => {
    const file = join(examples, "field-merge.go");
    const { scene, world } = worldOf(file);
    const found = decisionsAt(world, scene, { file, line: 10, col: 5 });
    expect(found.map((decision) => decision.headline)).toEqual(["`y` is a variable on the heap."]);
  });

  it("mark the expression, tabs and wide characters included", () => {
    const file = "/p/x.go";
    const source =
      'package main\n\nvar kept *int\n\nfunc main() {\n\tx := 1\n\tif "é𐐀" != "" {\n\t\tkept = &x\n\t}\n}\n';
    const { session, result } = analyzeFile(file, source);
    const scene = new Scene(session, "command-line-arguments", result);
    const world = { scene: () => null };
    const text = decisionsAt(world, scene, { file, line: 6, col: null })
      .map((decision) => new ExplainText().decision(scene, decision))
      .join("");
    expect(text).toContain("         8 | \t\tkept = &x\n           | \t\t       ^~\n");
  });

  const silent = new Set(["make-chan", "self-assignment", "package-variable"]);
  for (const name of readdirSync(examples).filter((each) => each.endsWith(".go"))) {
    const file = join(examples, name);
    if (scanImports(readFileSync(file)).imports.some((spec) => spec.path !== "unsafe")) continue;
    if (silent.has(basename(name, ".go"))) continue;
    it(`explain what is on the heap in ${name}`, () => {
      const { scene, world } = worldOf(file);
      let heap = 0;
      for (const decl of scene.result.files[0].decls) {
        if (decl.kind !== Kind.FuncDecl) continue;
        for (const decision of decisionsIn(world, scene, decl)) {
          if (decision.verdict !== "heap") continue;
          heap++;
          expect(decision.rules.length, decision.headline).toBeGreaterThan(0);
          if (decision.remark !== null) expect(decision.steps.length, decision.headline).toBeGreaterThan(0);
          // A reason that has no sentence of its own is told in the compiler's words.
          for (const text of texts(decision.steps)) expect(text).not.toContain("It flows on");
        }
      }
      expect(heap).toBeGreaterThan(0);
    });
  }
});

describe("views", () => {
  const { session, result } = analyzeFile(join(examples, "leaking-param.go"));
  const show = (view: Partial<Parameters<typeof viewEntries>[2]>) =>
    viewEntries(session.fset, result, { only: null, sort: null, summary: false, ...view }).map((entry) =>
      "remark" in entry ? entry.remark.msg : "",
    );

  it("filter by kind", () => {
    expect(show({ only: ["escape"] })).toEqual(["moved to heap: x"]);
    expect(show({ only: ["leak", "stay"] })).toEqual(["leaking param: p", "p does not escape"]);
    expect(show({ only: ["inline"] })).toEqual([]);
  });

  it("sort by line, function and cost", () => {
    expect(show({ sort: "line" })).toEqual(["leaking param: p", "p does not escape", "moved to heap: x"]);
    expect(show({ sort: "func" })).toEqual(["p does not escape", "moved to heap: x", "leaking param: p"]);
    expect(show({ sort: "cost" })).toEqual(["moved to heap: x", "leaking param: p", "p does not escape"]);
  });

  it("count by rule", () => {
    const text = summaryText(session.fset, "p", result, false);
    expect(text).toMatch(
      /^# p: 1 on the heap, 1 on the stack, 1 leaking, 0 inlining\n {5}1 {2}leaking-param {2}A parameter/,
    );
    expect(JSON.parse(summaryText(session.fset, "p", result, true))).toMatchObject({
      escape: 1,
      rules: { "leaking-param": 1 },
    });
  });
});
