/** The GitHub action's script, as its step runs it, and the definitions that name it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { optionTable } from "../../src/cli/options.ts";
import { formatByName } from "../../src/report/formats/index.ts";
import { bundleCommand } from "../bundle.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dir = mkdtempSync(join(tmpdir(), "goesc-action-"));
const bundle = join(dir, "goesc.mjs");
const work = join(dir, "m");

beforeAll(() => {
  bundleCommand(bundle);
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

describe("the action", () => {
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

  it("steps run as a composite action runs them", () => {
    const definition = text("action.yml");
    const steps = definition
      .slice(definition.indexOf("  steps:\n"))
      .split(/^ {4}- /m)
      .slice(1);
    const inputs = Object.fromEntries(
      [...definition.matchAll(/^ {2}([\w-]+):\n(?: {4}.*\n)*? {4}default: (.*)$/gm)].map(([, name, value]) => [
        name,
        value.replace(/^"(.*)"$/, "$1"),
      ]),
    );
    const given = { ...inputs, base: "HEAD~1", args: "-budget=1", "fail-on-new": "true", sarif: join(dir, "s.sarif") };
    const value = (expression: string): string =>
      expression.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: keyof typeof given) => given[name] ?? "");
    expect(steps.map((step) => /^name: (.*)$/m.exec(step)![1])).toEqual(["Install goesc", "goesc"]);
    for (const step of steps) expect(step).toContain("shell: bash");
    const variables = [...steps[1].matchAll(/^ {8}(GOESC_\w+): (.*)$/gm)].map(([, name, text]) => [name, value(text)]);
    const output = join(dir, "output");
    writeFileSync(output, "");
    const run = spawnSync("bash", ["-e", "-c", /^ {6}run: (.*)$/m.exec(steps[1])![1]], {
      cwd: join(work, value(/^ {6}working-directory: (.*)$/m.exec(steps[1])![1])),
      encoding: "utf8",
      env: {
        ...process.env,
        PWD: undefined,
        GITHUB_ACTION_PATH: root,
        GITHUB_ACTIONS: "true",
        GITHUB_BASE_REF: "main",
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: join(dir, "step-summary"),
        GOESC_BIN: bundle, // what the first step builds
        GOESC_CACHE: join(dir, "cache"),
        ...Object.fromEntries(variables),
      },
    });
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/^::error file=x\.go.*2 values on the heap, 1 over the budget of 1/m);
    expect(readFileSync(output, "utf8")).toBe("findings=1\nnew=1\n");
    expect(JSON.parse(readFileSync(join(dir, "s.sarif"), "utf8")).runs[0].results).toHaveLength(2);
  });

  it("hooks stop a commit that breaks a promise or puts something on the heap, and no other", () => {
    const hooks = text(".pre-commit-hooks.yaml").split(/^- /m).slice(1);
    const commands = hooks.map((hook) => {
      const entry = /^ {2}entry: goesc (.*)$/m.exec(hook)![1].split(" ");
      expect(hook).toMatch(/^ {2}pass_filenames: false$/m);
      expect(hook).toMatch(/^ {2}language: node$/m);
      return [...entry, ...(JSON.parse(/^ {2}args: (.*)$/m.exec(hook)![1]) as string[])];
    });
    const repo = join(dir, "hooked");
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], {
        cwd: repo,
        stdio: "pipe",
      });
    mkdirSync(repo);
    writeFileSync(join(repo, "go.mod"), "module example.com/m\n\ngo 1.26\n");
    writeFileSync(join(repo, "x.go"), "package m\n\nfunc old() *int { return new(int) }\n");
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-qm", "one");
    const codes = () =>
      commands.map((args) => {
        const env = { ...process.env, GOESC_CACHE: join(dir, "cache"), PWD: undefined };
        return spawnSync(process.execPath, [bundle, ...args], { cwd: repo, encoding: "utf8", env }).status;
      });
    expect(codes()).toEqual([0, 0]);
    writeFileSync(join(repo, "y.go"), "package m\n\nfunc fresh() *int { return new(int) }\n");
    git("add", "-A");
    expect(codes()).toEqual([0, 1]);
    writeFileSync(join(repo, "y.go"), "package m\n\n//goesc:noalloc\nfunc fresh() *int { return new(int) }\n");
    git("add", "-A");
    expect(codes()).toEqual([1, 1]);
    writeFileSync(join(repo, "y.go"), "package m\n\nfunc fresh() { undefined() }\n");
    expect(codes()).toEqual([2, 2]);
  });

  it("packing prints the name of the package and nothing else, as pre-commit has it", () => {
    const at = join(dir, "packed");
    mkdirSync(at);
    writeFileSync(join(at, ".npmrc"), text(".npmrc"));
    const scripts = { prepare: "node -e \"console.log('built')\"" };
    writeFileSync(join(at, "package.json"), JSON.stringify({ name: "x", version: "1.0.0", scripts }));
    const { stdout } = spawnSync("npm", ["pack"], { cwd: at, encoding: "utf8", shell: process.platform === "win32" });
    expect(stdout.trim()).toBe("x-1.0.0.tgz");
  });

  it("names the file that is Code Quality for GitLab in its own format", () => {
    const page = text("docs/ci.md");
    const file = /codequality: (\S+)/.exec(page)![1];
    expect(page).toContain(`code-climate=${file}`);
    const junit = /junit: (\S+)/.exec(page)![1];
    expect(page).toContain(`junit=${junit}`);
  });
});

describe("commands in the documentation", () => {
  const pages = ["README.md", ...["docs", "docs/editors"].flatMap((name) => pagesOf(name)), "editors/vscode/README.md"];

  function pagesOf(folder: string): string[] {
    return readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`);
  }

  /** Command lines that start with `goesc`, in code. */
  function commandsOf(page: string): string[] {
    const content = readFileSync(join(root, page), "utf8");
    const blocks = [...content.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, block]) => block.split("\n"));
    const spans = [...content.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);
    return [...blocks, ...spans].flatMap((line) => {
      const match = /^(?:\s*(?:- |\$ |npx |GOOS=\w+ )*)goesc (?!…)(.*)$/.exec(line);
      return match === null ? [] : [match[1].replace(/\s+#.*$/, "").replace(/ (?:&&|\||\\\|) .*$/, "")];
    });
  }

  it.each(pages)("%s uses flags and formats that there are", (page) => {
    for (const command of commandsOf(page)) {
      const words = [...command.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replace(/['"]/g, ""));
      // What run and test hand on to the program is not theirs.
      if (["run", "test", "lsp", "help", "cache", "version"].includes(words[0])) continue;
      for (const word of words) {
        const flag = /^--?([\w-]+)(?:=(.*))?$/.exec(word);
        if (flag === null) continue;
        const [, name, value = ""] = flag;
        expect([command, optionTable.map((option) => option.name)]).toEqual([command, expect.arrayContaining([name])]);
        if (name === "format" && value !== "FORMAT")
          expect([command, formatByName(value) === null]).toEqual([command, false]);
        if (name === "out") {
          for (const [, format] of value.matchAll(/(?:^|,)([a-z-]+)=/g))
            expect([command, formatByName(format) === null]).toEqual([command, false]);
        }
      }
    }
    if (page === "README.md" || page === "docs/ci.md") expect(commandsOf(page).length).toBeGreaterThan(5);
  });
});
