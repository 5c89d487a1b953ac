/** The GitHub action's script, as its step runs it, and the definitions that name it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dir = mkdtempSync(join(tmpdir(), "goesc-action-"));
const bundle = join(dir, "goesc.mjs");
const work = join(dir, "m");

beforeAll(() => {
  buildSync({
    entryPoints: [join(root, "src", "cli", "bin.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: {
      js: 'import { createRequire as goescRequire } from "node:module"; const require = goescRequire(import.meta.url);',
    },
    logLevel: "silent",
  });
  mkdirSync(work);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], { cwd: work, stdio: "pipe" });
  writeFileSync(join(work, "go.mod"), "module example.com/m\n\ngo 1.26\n");
  writeFileSync(join(work, "x.go"), "package m\n\nfunc old() *int { return new(int) }\n");
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "one");
  const promised = "\n//goesc:noalloc\nfunc added() *int { return new(int) }\n";
  writeFileSync(join(work, "x.go"), readFileSync(join(work, "x.go"), "utf8") + promised);
  git("commit", "-qam", "two");
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function action(inputs: Readonly<Record<string, string>>) {
  const summary = join(dir, "summary.md");
  const output = join(dir, "output");
  for (const file of [summary, output]) writeFileSync(file, "");
  const { stdout, status } = spawnSync(process.execPath, [join(root, "scripts", "action.mjs")], {
    cwd: work,
    encoding: "utf8",
    env: {
      ...process.env,
      GOESC_BIN: bundle,
      GOESC_CACHE: join(dir, "cache"),
      GOESC_PACKAGES: "./...",
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
      PWD: undefined,
      ...inputs,
    },
  });
  return { stdout, status, summary: readFileSync(summary, "utf8"), output: readFileSync(output, "utf8") };
}

describe("the action", { timeout: 60_000 }, () => {
  it("annotates, summarises, compares with the base and fails on findings", () => {
    const run = action({ GOESC_BASE: "HEAD~1", GOESC_SARIF: join(dir, "r.sarif") });
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(
      /^::error file=x\.go,line=6,.*new\(int\) escapes to heap: added promises goesc:noalloc/m,
    );
    expect(run.stdout).toMatch(/^::warning file=x\.go,line=6,.*new since/m);
    expect(run.summary).toContain("### goesc: 1 finding, 1 promise checked in 1 package");
    expect(run.summary).toContain("1 new on the heap, 0 gone, 0 moved");
    expect(run.output).toBe("findings=1\nnew=1\n");
    expect(JSON.parse(readFileSync(join(dir, "r.sarif"), "utf8")).runs[0].results).toHaveLength(1);
  });

  it("says what is the matter when the base is not there", () => {
    const run = action({ GOESC_BASE: "0123456789012345678901234567890123456789" });
    expect(run.stdout).toContain("::warning title=goesc::could not be compared with 0123456789");
  });
});

describe("definitions", () => {
  const text = (name: string) => readFileSync(join(root, name), "utf8");

  it("every input of action.yml reaches the script", () => {
    const inputs = [...text("action.yml").matchAll(/\$\{\{ inputs\.([\w-]+) \}\}/g)].map((match) => match[1]);
    const declared = /^inputs:\n([\s\S]*?)^outputs:/m.exec(text("action.yml"))![1];
    const names = [...declared.matchAll(/^ {2}([\w-]+):$/gm)].map((match) => match[1]);
    expect([...inputs].sort()).toEqual([...names].sort());
    const variables = [...text("action.yml").matchAll(/^ +(GOESC_\w+):/gm)].map((match) => match[1]);
    for (const variable of variables) expect(text("scripts/action.mjs")).toContain(`env.${variable}`);
  });

  it("hooks call verbs that exist", () => {
    const entries = [...text(".pre-commit-hooks.yaml").matchAll(/entry: goesc (\w+)/g)].map((match) => match[1]);
    expect(entries).toEqual(["check", "diff"]);
  });
});
