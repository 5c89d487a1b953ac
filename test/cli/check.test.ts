/** `check`, `-format`, `diff` of revisions, `almost` and `-watch`, as users and CI servers run them. The faults that were
 *  found in heapcheck each have a test here or in test/report/formats. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleCommand } from "../bundle.ts";
import { findGoroot } from "../goroot.ts";

const dir = mkdtempSync(join(tmpdir(), "goesc-check-"));
const bundle = join(dir, "goesc.mjs");
const goroot = findGoroot();

beforeAll(() => {
  bundleCommand(bundle);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const env: NodeJS.ProcessEnv = {
  ...process.env,
  GOESC_CACHE: join(dir, "cache"),
  GOFLAGS: "",
  GOWORK: "off",
  CGO_ENABLED: "0",
  PWD: undefined,
};

interface Run {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

function goesc(cwd: string, ...args: string[]): Run {
  const { stdout, stderr, status } = spawnSync(process.execPath, [bundle, ...args], { cwd, encoding: "utf8", env });
  if (stderr.includes("    at ")) throw new Error(stderr); // goesc itself has failed
  return { out: stdout, err: stderr, code: status };
}

let modules = 0;

/** A module of its own with these files. */
function moduleOf(files: Readonly<Record<string, string>>): string {
  const path = join(dir, `m${modules++}`);
  for (const [name, text] of Object.entries({ "go.mod": "module example.com/m\n\ngo 1.26\n", ...files })) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** Four escapes: one by return, one in a map, one boxed, one on a channel. A leaking parameter is none. */
const four = `package m

type P struct{ x int }

var table map[string]*P
var any1 any
var ch = make(chan *P, 1)
var kept *P

func leak(p *P) { kept = p }

func returns() *P { return &P{1} }

func stores() { table["x"] = &P{2} }

func boxes(n int) { any1 = n }

func sends() { ch <- &P{3} }
`;

describe("what heapcheck gets wrong", () => {
  const at = moduleOf({ "channel_reflect.go": four });
  let report: { findings: { message: string; rule: string }[] };
  beforeAll(() => {
    report = JSON.parse(goesc(at, "-format=json", ".").out);
  }, 60_000);

  it("each value counts once, and leaking parameters not at all", () => {
    expect(report.findings.map((f) => f.message).sort()).toEqual([
      "&P{...} escapes to heap",
      "&P{...} escapes to heap",
      "&P{...} escapes to heap",
      "n escapes to heap",
    ]);
  });

  it("the name of a file is no cause, and a pointer literal no interface", () => {
    const rules = report.findings.map((f) => f.rule);
    expect(rules.filter((rule) => rule === "pointer-literal")).toHaveLength(3);
    expect(rules.filter((rule) => rule === "interface-conversion")).toHaveLength(1);
  });

  it("the order does not change from run to run", () => {
    const [a, b] = [1, 2].map(() => goesc(at, "-format=text", ".").out);
    expect(a).toBe(b);
    expect(a).toContain("goesc: 4 values on the heap in 1 package");
  });

  it("filters change the totals", () => {
    expect(goesc(at, "-format=text", "-only=leak", ".").out).toMatch(/^goesc: 1 remark in 1 package\n/);
    expect(goesc(at, "-format=csv", "-only=escape,leak", ".").out.trimEnd().split("\r\n")).toHaveLength(6);
  });

  it("source that does not compile is never called clean", () => {
    const broken = moduleOf({ "x.go": "package m\n\nfunc f() int { return undefined }\n" });
    const check = goesc(broken, "check", "./...");
    expect(check.code).toBe(2);
    expect(check.out).toContain("nothing could be analysed");
    expect(check.err).toContain("x.go:3:23: undefined: undefined");
    const plain = goesc(broken, "-format=github", ".");
    expect(plain.code).toBe(1);
    expect(plain.out).toMatch(/^::error file=x\.go,line=3,.*undefined: undefined/);
    expect(goesc(broken, "-format=junit", ".").out).toContain('errors="1"');
  });

  it("leaves nothing behind in the directory", () => {
    expect(readdirSync(at).sort()).toEqual(["channel_reflect.go", "go.mod"]);
  });
});

describe("check", () => {
  const at = moduleOf({ "x.go": four });

  it("is clean where nothing is promised, and says what it looked at", () => {
    const { code, out } = goesc(at, "check", "./...");
    expect({ code, out }).toEqual({ code: 0, out: "goesc: nothing found in 1 package\n" });
  });

  it("finds broken promises", () => {
    const promised = moduleOf({ "x.go": four.replace("func returns", "//goesc:noalloc\nfunc returns") });
    const { code, out } = goesc(promised, "check", "-format=unix", "./...");
    expect(code).toBe(1);
    expect(out).toBe("x.go:13:28: &P{...} escapes to heap: returns promises goesc:noalloc\n");
  });

  it("finds what is new since a baseline, wherever it has moved", () => {
    expect(goesc(at, "-write-baseline=base.json", "./...").code).toBe(0);
    expect(goesc(at, "check", "-baseline=base.json", "./...").code).toBe(0);
    writeFileSync(
      join(at, "x.go"),
      `${four.replace("type P", "// moved\n\n\ntype P")}\nfunc more() *P { return &P{4} }\n`,
    );
    const { code, out } = goesc(at, "check", "-baseline=base.json", "-format=unix", "./...");
    expect(code).toBe(1);
    expect(out).toBe("x.go:23:25: &P{...} escapes to heap (new since the baseline)\n");
    writeFileSync(join(at, "x.go"), four);
  });

  it("keeps budgets, of all packages and of some", () => {
    expect(goesc(at, "check", "-budget=4", "./...").code).toBe(0);
    const { code, out } = goesc(at, "check", "-budget=example.com/...=3", "-format=unix", "./...");
    expect(code).toBe(1);
    expect(out).toContain("4 values on the heap in example.com/..., 1 over the budget of 3");
  });

  it("writes several formats at once", () => {
    const { code, out } = goesc(at, "check", "-heap", "--out=sarif=r.sarif,junit=r.xml", "--out=unix=-", "./...");
    expect(code).toBe(1);
    expect(out.trimEnd().split("\n")).toHaveLength(4);
    expect(JSON.parse(readFileSync(join(at, "r.sarif"), "utf8")).runs[0].results).toHaveLength(4);
    expect(readFileSync(join(at, "r.xml"), "utf8")).toContain('failures="4"');
    for (const name of ["r.sarif", "r.xml", "base.json"]) rmSync(join(at, name), { force: true });
  });

  it("never calls clean what it has not seen", () => {
    const empty = join(dir, "empty");
    mkdirSync(empty, { recursive: true });
    expect(goesc(empty, "check", "./...").code).toBe(2);
    expect(goesc(at, "check", "./nowhere").code).toBe(2);
    mkdirSync(join(at, "bare"), { recursive: true });
    expect(goesc(at, "check", "./bare/...").code).toBe(2);
    rmSync(join(at, "bare"), { recursive: true });
  });

  it("refuses what it does not know", () => {
    expect(goesc(at, "check", "-format=xml", ".")).toMatchObject({ code: 2, out: "" });
    expect(goesc(at, "check", "-budget=many", ".").err).toContain("invalid value");
    expect(goesc(at, "check", "-baseline=none.json", ".")).toMatchObject({ code: 2 });
    const nowhere = goesc(at, "check", "-out=sarif=nowhere/r.sarif", ".");
    expect(nowhere.code).toBe(2);
    expect(nowhere.err).toMatch(/^goesc: nowhere\/r\.sarif cannot be written: there is no such directory\n/m);
    expect(goesc(at, "-write-baseline=nowhere/b.json", ".").err).toContain("goesc: nowhere/b.json cannot be written");
  });

  it("follows promises into other packages", () => {
    const two = moduleOf({
      "x.go":
        'package m\n\nimport "example.com/m/sub"\n\n//goesc:noalloc transitive\nfunc F() int { return sub.Clean(1) }\n\n//goesc:noalloc transitive\nfunc G() *int { return sub.New() }\n',
      "sub/s.go":
        "package sub\n\n//go:noinline\nfunc Clean(n int) int { return n }\n\n//go:noinline\nfunc New() *int { return deep() }\n\n//go:noinline\nfunc deep() *int { return new(int) }\n",
    });
    const { code, out } = goesc(two, "check", ".");
    expect(code).toBe(1);
    expect(out).toContain("goesc: 1 finding, 2 promises checked in 1 package");
    expect(out).toContain("example.com/m/sub.New is called, where new(int) escapes to heap: G promises");
    expect(out).toMatch(
      /sub\/s\.go:7:\d+: example\.com\/m\/sub\.deep is called\n\s+sub\/s\.go:10:\d+: new\(int\) escapes to heap/,
    );
    // The facts come from the cache now.
    expect(goesc(two, "check", ".").out).toBe(out);
  });
});

describe("diff of revisions", () => {
  const at = moduleOf({ "pkg/x.go": four.replace("package m", "package pkg") });
  const git = (...args: string[]): void => {
    const who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...who, ...args], { cwd: at, stdio: "pipe" });
  };
  beforeAll(() => {
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-qm", "one");
    git("checkout", "-qb", "topic");
    const text = readFileSync(join(at, "pkg", "x.go"), "utf8");
    writeFileSync(
      join(at, "pkg", "x.go"),
      `${text.replace("func stores", "// moved\nfunc stores")}\nfunc more() *P { return &P{4} }\n`,
    );
    git("commit", "-qam", "two");
  });

  it("names what is new", () => {
    const { code, out } = goesc(at, "diff", "main..topic");
    expect(code).toBe(1);
    expect(out).toBe("new    pkg/x.go:21:25: &P{...} escapes to heap (in more)\n1 new, 0 gone, 0 moved\n");
  });

  it("works from a directory below, the other way round, and against the working tree", () => {
    expect(goesc(join(at, "pkg"), "diff", "topic...main", ".")).toMatchObject({ code: 0 });
    expect(goesc(join(at, "pkg"), "diff", "topic..main", ".").out).toContain("0 new, 1 gone, 0 moved");
    expect(goesc(at, "diff", "main").out).toContain("1 new, 0 gone, 0 moved");
    expect(goesc(at, "diff", "nowhere..main")).toMatchObject({ code: 2 });
  });

  it("writes a comment for the pull request", () => {
    const { out } = goesc(at, "diff", "-format=markdown", "main..topic");
    expect(out).toContain("### ⚠️ goesc: 1 new on the heap, 0 gone, 0 moved");
    expect(out).toContain("| new | `pkg/x.go:21` | more | `&P{...} escapes to heap` |");
  });

  it("follows files that get another name, and files that nobody has added yet", () => {
    git("checkout", "-qb", "renamed", "main");
    git("mv", "pkg/x.go", "pkg/other.go");
    git("commit", "-qam", "renamed");
    expect(goesc(at, "diff", "main..renamed")).toMatchObject({ code: 0, out: "0 new, 0 gone, 0 moved\n" });
    writeFileSync(join(at, "pkg", "new.go"), "package pkg\n\nfunc fresh() *P { return &P{5} }\n");
    writeFileSync(join(at, "pkg", "other.go"), `${readFileSync(join(at, "pkg", "other.go"), "utf8")}// touched\n`);
    const dirty = goesc(at, "diff", "HEAD");
    expect(dirty.code).toBe(1);
    expect(dirty.out).toBe("new    pkg/new.go:3:26: &P{...} escapes to heap (in fresh)\n1 new, 0 gone, 0 moved\n");
    git("clean", "-qfd");
    git("checkout", "-q", ".");
    git("checkout", "-q", "topic");
  });

  it("says what a shallow clone does not have, and what is no revision", () => {
    const clone = join(dir, "shallow");
    execFileSync("git", ["clone", "-q", "--depth=1", "--no-single-branch", `file://${at}`, clone], { stdio: "pipe" });
    const none = goesc(clone, "diff", "main~1..HEAD");
    expect(none).toMatchObject({ code: 2, out: "" });
    expect(none.err).toMatch(/^goesc: diff: main~1 is no revision, file or directory\n/);
    const apart = goesc(clone, "diff", "origin/main...HEAD");
    expect(apart).toMatchObject({ code: 2, out: "" });
    expect(apart.err).toMatch(/^goesc: diff: origin\/main and HEAD have no common ancestor here \(a shallow clone\?/);
    expect(goesc(clone, "diff", "origin/main..HEAD").out).toContain("1 new, 0 gone, 0 moved");
    for (const bad of ["nowhere", "..", "main..nowhere", "main....topic"]) {
      const { code, out, err } = goesc(at, "diff", bad);
      expect({ bad, code, out }).toEqual({ bad, code: 2, out: "" });
      expect(err).toMatch(/^goesc: diff: (?:name two revisions|.* is no revision, file or directory)/);
    }
  });

  it("says when a revision does not compile", () => {
    git("checkout", "-qb", "broken", "main");
    writeFileSync(join(at, "pkg", "x.go"), "package pkg\n\nfunc f() { undefined() }\n");
    git("commit", "-qam", "broken");
    const run = goesc(at, "diff", "main..broken");
    expect(run).toMatchObject({ code: 2, out: "" });
    expect(run.err).toContain("x.go:3:12: undefined: undefined");
    git("checkout", "-q", "topic");
  });

  it("leaves the repository as it was", () => {
    expect(execFileSync("git", ["status", "--porcelain"], { cwd: at, encoding: "utf8" })).toBe("");
  });
});

describe("lines of a change", () => {
  const many = Array.from({ length: 12 }, (_, i) => `func f${i}() *[64]int { return new([64]int) }\n`).join("\n");
  const at = moduleOf({ "x.go": `package m\n\n${many}` });
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], { cwd: at, stdio: "pipe" });
  };
  const last = () => `x.go,line=${readFileSync(join(at, "x.go"), "utf8").trimEnd().split("\n").length},`;
  beforeAll(() => {
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-qm", "one");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    git("checkout", "-qb", "topic");
    writeFileSync(
      join(at, "x.go"),
      `${readFileSync(join(at, "x.go"), "utf8")}\nfunc small() *int8 { return new(int8) }\n`,
    );
    git("commit", "-qam", "two");
  });

  it("are annotated first, though others cost more", () => {
    const plain = goesc(at, "-format=github", ".");
    expect(plain.out).not.toContain(last());
    const { out, err } = goesc(at, "-format=github", "-changed=main", ".");
    expect(out.split("\n")[0]).toContain(last());
    expect(out.match(/^::notice/gm)).toHaveLength(10);
    expect(err).toContain("3 findings of 13 left out, those on lines that were not changed");
  });

  it("are those of the pull request in a workflow on GitHub", () => {
    const workflow = { GITHUB_ACTIONS: "true", GITHUB_BASE_REF: "main" };
    const run = (more: NodeJS.ProcessEnv) =>
      spawnSync(process.execPath, [bundle, "-format=github", "."], {
        cwd: at,
        encoding: "utf8",
        env: { ...env, ...more },
      });
    expect(run(workflow).stdout.split("\n")[0]).toContain(last());
    const gone = run({ ...workflow, GITHUB_BASE_REF: "release" });
    expect(gone.status).toBe(0);
    expect(gone.stderr).toContain("goesc: origin/release is not in this checkout (fetch-depth: 0)");
  });

  it("have to be known", () => {
    expect(goesc(at, "check", "-changed=nowhere", ".")).toMatchObject({ code: 2 });
    const bare = moduleOf({ "x.go": "package m\n" });
    expect(goesc(bare, "check", "-changed=main", ".").err).toContain("is in no git repository");
  });
});

describe("almost", () => {
  const statements = Array.from({ length: 14 }, (_, i) => `\tp.x += ${i} * n * n\n`).join("");
  const source = `package m

type P struct{ x int }

var kept *P

func make1(n int) *P {
	p := &P{n}
${statements}	return p
}

func use() int { return make1(3).x }

func two() int { return make1(4).x }

func keep() { kept = make1(5) }
`;

  it("finds functions over the budget, and what each call of them would save", () => {
    const at = moduleOf({ "x.go": source });
    const { code, out } = goesc(at, "almost", "-json", "-within=100", ".");
    expect(code).toBe(0);
    const record = JSON.parse(out.split("\n")[0]);
    expect(record).toMatchObject({ func: "make1", budget: 80, calls: 3, added: [] });
    expect(record.cost).toBeGreaterThan(80);
    expect(record.gone.sort()).toEqual(["two: &P{...} escapes to heap", "use: &P{...} escapes to heap"]);
    expect(goesc(at, "almost", "-within=100", ".").out).toMatch(
      /^# example\.com\/m\n\.\/x\.go:7:6: make1 costs \d+, \d+ over the budget of 80; 3 calls of it here; inlined, 2 values would leave the heap\n {4}- /,
    );
    expect(goesc(at, "almost", "-within=1", ".").out).toBe("");
  });

  it.skipIf(goroot === null)("the compiler says so too, once the function is small enough", () => {
    const at = moduleOf({ "x.go": source.replace(statements, "") });
    const go = join(goroot!, "bin", "go");
    const built = spawnSync(go, ["build", "-gcflags=-m", "."], {
      cwd: at,
      encoding: "utf8",
      env: { ...env, GOROOT: goroot! },
    });
    const lines = built.stderr.split("\n").map((line) => line.replace(/^\.\/x\.go:(\d+):\d+/, "$1"));
    expect(lines).toContain("7: can inline make1");
    expect(lines.filter((line) => line.includes("&P{...}"))).toEqual([
      "8: &P{...} escapes to heap",
      "12: &P{...} does not escape",
      "14: &P{...} does not escape",
      "16: &P{...} escapes to heap",
    ]);
  });
});

/** `-watch` as an editor runs it. */
class Watching {
  private readonly child: ChildProcessWithoutNullStreams;
  text = "";
  private errors = "";
  private hasEnded = false;
  private wake = (): void => {};

  constructor(at: string, ...args: string[]) {
    this.child = spawn(process.execPath, [bundle, "-watch", ...args], { cwd: at, env });
    this.child.stdout.on("data", (chunk: Buffer) => {
      this.text += chunk;
      this.wake();
    });
    this.child.stderr.on("data", (chunk: Buffer) => {
      this.errors += chunk;
    });
    this.child.on("close", () => {
      this.hasEnded = true;
      this.wake();
    });
  }

  /** What each round has printed, with the line that ends it, as soon as the last one is as wanted. */
  async until(wanted: (last: string) => boolean): Promise<string[]> {
    for (;;) {
      const rounds = this.rounds();
      if (rounds.length > 0 && wanted(rounds.at(-1)!)) return rounds;
      if (this.hasEnded) throw new Error(`it has ended: ${this.errors}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** The rounds that have ended. */
  rounds(): string[] {
    const rounds = this.text.split("goesc: analysis begins\n").slice(1);
    return rounds.filter((round) => /^goesc: analysis ends \(exit code \d, \d+\.\d\d s\)\n$/m.test(round));
  }

  stop(): void {
    this.child.kill();
  }
}

describe("watch", () => {
  it("says when each round begins and ends", async () => {
    const at = moduleOf({ "x.go": four });
    const watching = new Watching(at, "-format=unix", "./...");
    try {
      const [first] = await watching.until(() => true);
      expect(first).toMatch(/^(?:x\.go:\d+:\d+: .*\n){4}goesc: analysis ends \(exit code 0, \d+\.\d\d s\)\n$/);
      mkdirSync(join(at, "sub"));
      writeFileSync(join(at, "sub", "s.go"), "package sub\n\nfunc F() *int { return new(int) }\n");
      await watching.until((last) => last.includes("sub/s.go:3:27: new(int) escapes to heap"));
      writeFileSync(join(at, "x.go"), "package m\n\nfunc broken( {\n");
      await watching.until((last) => /exit code 1,/.test(last));
      writeFileSync(join(at, "x.go"), four);
      await watching.until((last) => last.split("\n").filter((line) => line.startsWith("x.go:")).length === 4);
    } finally {
      watching.stop();
    }
  });

  it("follows renames, deletions and many quick changes, and no begin is without its end", async () => {
    const at = moduleOf({ "x.go": four, "sub/s.go": "package sub\n\nfunc F() *int { return new(int) }\n" });
    const watching = new Watching(at, "-format=unix", "./...");
    try {
      await watching.until((last) => last.includes("sub/s.go:3:27"));
      renameSync(join(at, "sub", "s.go"), join(at, "sub", "other.go"));
      await watching.until((last) => last.includes("sub/other.go:3:27") && !last.includes("sub/s.go"));
      rmSync(join(at, "sub"), { recursive: true });
      await watching.until((last) => !last.includes("sub/") && last.includes("x.go:"));
      // An editor that writes beside the file and renames.
      for (let i = 1; i <= 60; i++) {
        writeFileSync(join(at, "x.go~"), `package m\n${"\n".repeat(i)}func f() *int { return new(int) }\n`);
        renameSync(join(at, "x.go~"), join(at, "x.go"));
        if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const before = watching.rounds().length;
      const rounds = await watching.until((last) => last.startsWith("x.go:62:27: new(int) escapes to heap\n"));
      // Most of them together, even if the machine does not get to it at once.
      expect(rounds.length - before).toBeLessThan(60);
      const marks = watching.text.match(/^goesc: analysis (?:begins|ends)/gm)!.map((mark) => mark.split(" ")[2]);
      expect(marks).toEqual(marks.map((_, i) => (i % 2 === 0 ? "begins" : "ends")));
    } finally {
      watching.stop();
    }
  });

  it("has nothing to do with other files", async () => {
    const at = moduleOf({ "x.go": four });
    const watching = new Watching(at, "-format=unix", "./...");
    try {
      await watching.until(() => true);
      writeFileSync(join(at, "notes.txt"), "nothing to do with Go");
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeFileSync(join(at, "x.go~"), "package m\n\nfunc f() *int { return new(int) }\n");
      renameSync(join(at, "x.go~"), join(at, "x.go"));
      const rounds = await watching.until((last) => last.startsWith("x.go:3:27: new(int) escapes to heap\n"));
      expect(rounds).toHaveLength(2);
    } finally {
      watching.stop();
    }
  });

  it("goes on where a directory cannot be read, or is gone", async () => {
    const at = moduleOf({ "x.go": four });
    // The innermost one has too long a name.
    const script = "i=0; while [ $i -lt 18 ]; do mkdir $0 && cd $0; i=$((i+1)); done";
    spawnSync("sh", ["-c", script, "d".repeat(250)], { cwd: at, stdio: "ignore" });
    const watching = new Watching(at, "-format=unix", "./...");
    try {
      await watching.until(() => true);
      spawnSync("sh", ["-c", "rm -rf d*"], { cwd: at });
      writeFileSync(join(at, "x.go"), "package m\n\nfunc f() *int { return new(int) }\n");
      await watching.until((last) => last.startsWith("x.go:3:27: new(int) escapes to heap\n"));
    } finally {
      watching.stop();
    }
  });
});
