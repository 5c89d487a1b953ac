/** The command on input that nobody would write: one clear line, exit code 1 or 2, and soon. Each case runs the command
 *  as people do, in a process of its own. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleCommandHere } from "../bundle.ts";
import { findGoroot } from "../goroot.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dir = mkdtempSync(join(tmpdir(), "goesc-bad-"));
const bundle = join(root, "node_modules", ".cache", `goesc-bad-${process.pid}.mjs`);

beforeAll(() => {
  bundleCommandHere(bundle);
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
  rmSync(bundle, { force: true });
});

interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function goesc(cwd: string, ...args: string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, "-m", "-l", ...args], {
    cwd,
    encoding: "utf8",
    timeout: 240_000,
    env: { ...process.env, GOWORK: "off", GOFLAGS: "", CGO_ENABLED: "0", XDG_CACHE_HOME: join(dir, "cache"), PWD: cwd },
  });
  return { status, out: stdout, err: stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Runs on one file; its errors without the header. */
function onFile(name: string, content: string | Uint8Array): Run {
  file(name, content);
  const run = goesc(dir, name);
  return { ...run, err: run.err.replace("# command-line-arguments\n", "") };
}

function fails(run: Run, err: string | RegExp): void {
  if (typeof err === "string") expect(run.err).toBe(`${err}\n`);
  else expect(run.err).toMatch(err);
  expect(run.out).toBe("");
  expect(run.status).toBe(1);
}

describe("bad places", () => {
  it("a missing file", () => fails(goesc(dir, "nope.go"), "stat nope.go: no such file or directory"));

  it("a missing directory", () => fails(goesc(dir, "./nope"), `stat ${join(dir, "nope")}: directory not found`));

  it("a directory without Go files", () => {
    file("empty/readme.txt", "nothing");
    fails(goesc(dir, "./empty"), `no Go files in ${join(dir, "empty")}`);
  });

  it("a command without main is analysed, and not linked", () => {
    const { status, out, err } = onFile("nomain.go", "package main\n\nvar x = new(int)\n");
    expect(out).toBe("# command-line-arguments\n./nomain.go:3:12: new(int) escapes to heap\n");
    expect(err).toBe("runtime.main_main·f: function main is undeclared in the main package\n");
    expect(status).toBe(1);
    expect(onFile("nomain.go", "package lib\n\nvar x = new(int)\n").status).toBe(0);
  });

  it("a directory named x.go", () => {
    file("dir.go/a.txt", "");
    fails(goesc(dir, "dir.go"), "dir.go is a directory; write ./dir.go for the package in it");
    fails(goesc(dir, "./dir.go"), `no Go files in ${join(dir, "dir.go")}`);
  });

  it("files in place of others", () => {
    file("over/go.mod", "module over\n\ngo 1.26\n");
    file("over/a/a.go", "package a\n\nfunc F() *int { return new(int) }\n");
    file("over/b/b.go", 'package b\n\nimport "over/a"\n\nvar X = a.F()\n');
    file("over/other.txt", "package a\n\nfunc F() *int { x := 1; return &x }\n");
    file("over/o.json", JSON.stringify({ Replace: { "a/a.go": "other.txt" } }));
    const over = join(dir, "over");
    const a = (text: string): string => `# over/a\na/a.go:${text}\n`;
    expect(goesc(over, "./...").out).toBe(a("3:27: new(int) escapes to heap"));
    expect(goesc(over, "-overlay=o.json", "./...").out).toBe(a("3:17: moved to heap: x"));
    file("over/other.txt", "package a\n\nfunc F() *int { y := 1; return &y }\n");
    expect(goesc(over, "-overlay=o.json", "./...").out).toBe(a("3:17: moved to heap: y"));
    fails(goesc(over, "-overlay=p.json", "."), "go: reading overlay: open p.json: no such file or directory");
    const goroot = findGoroot();
    if (goroot === null) return;
    file("over/std.json", JSON.stringify({ Replace: { [join(goroot, "src/errors/errors.go")]: "other.go" } }));
    fails(
      goesc(over, "-overlay=std.json", "./a"),
      /^goesc: -overlay: .* files of the standard library cannot be replaced/,
    );
  });

  it("a package cycle", () => {
    file("cycle/go.mod", "module cycle\n\ngo 1.26\n");
    file("cycle/a/a.go", 'package a\n\nimport _ "cycle/b"\n');
    file("cycle/b/b.go", 'package b\n\nimport _ "cycle/a"\n');
    fails(
      goesc(join(dir, "cycle"), "./..."),
      "package cycle/a\n\timports cycle/b from a.go\n\timports cycle/a from b.go: import cycle not allowed",
    );
  });

  it("a package that cannot be loaded, beside sound ones, of which the go command says nothing then", () => {
    file("beside/go.mod", "module beside\n\ngo 1.26\n");
    file("beside/a/a.go", "package a\n\nfunc F() *int { return new(int) }\n");
    file("beside/b/b.go", 'package b\n\nimport "fmt\n');
    fails(goesc(join(dir, "beside"), "./..."), "b/b.go:3:8: string literal not terminated");
  });

  it("imports behind //line directives", () => {
    file("moved/go.mod", "module moved\n\ngo 1.26\n");
    const broken = (text: string, error: string | RegExp): void => {
      file("moved/b/b.go", `package b\n\n${text}\n`);
      fails(goesc(join(dir, "moved"), "./..."), error);
    };
    broken('//line foo.y:10\nimport "fmt', "b/foo.y:10: string literal not terminated");
    broken("//line foo.y:10:3\n\nimport 1", "b/foo.y:11:8: import path must be a string");
    broken("/*line foo.y:10:3*/ import 1", "b/foo.y:10:11: import path must be a string");
    broken("//line :7\nimport 1", "7: import path must be a string");
    broken('//line /q.y:4\nimport "moved/b"', /^package moved\/b\n\timports moved\/b from q\.y: import cycle/);
  });

  it("a broken go.mod", () => {
    file("broken/go.mod", "modul broken\n");
    file("broken/a.go", "package a\n");
    fails(goesc(join(dir, "broken"), "."), "go: errors parsing go.mod:\ngo.mod:1: unknown directive: modul");
    file("open/go.mod", "module open\n\nrequire (\n");
    file("open/a.go", "package a\n");
    fails(
      goesc(join(dir, "open"), "."),
      /^go: errors parsing go\.mod:\ngo\.mod:\d+: syntax error \(unterminated block/,
    );
  });

  it.skipIf(process.platform === "win32")("a link that leads nowhere or to itself", () => {
    symlinkSync(join(dir, "nowhere"), join(dir, "link.go"));
    symlinkSync("loop.go", join(dir, "loop.go"));
    fails(goesc(dir, "link.go"), "stat link.go: no such file or directory");
    fails(goesc(dir, "loop.go"), "stat loop.go: no such file or directory");
  });

  it.skipIf(process.platform === "win32")("a named pipe", () => {
    execFileSync("mkfifo", [join(dir, "pipe.go")]);
    fails(goesc(dir, "pipe.go"), /pipe\.go: not a regular file$/m);
  });

  // The superuser can read everything.
  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)("an unreadable file and directory", () => {
    chmodSync(file("secret.go", "package p\n"), 0);
    fails(goesc(dir, "secret.go"), /secret\.go: permission denied$/m);
    mkdirSync(join(dir, "locked"));
    chmodSync(join(dir, "locked"), 0);
    fails(goesc(dir, "./locked"), /locked: permission denied$/m);
  });

  it("words that are no command line", () => {
    const run = goesc(dir, "-nonsense");
    expect(run.err).toMatch(/^goesc: /);
    expect(run.status).toBe(2);
  });
});

describe("bad bytes", () => {
  it("an empty file", () => fails(onFile("zero.go", ""), "zero.go:1:1: expected 'package', found 'EOF'"));

  it("NUL", () => fails(onFile("nul.go", "package p\0\n"), "nul.go:1:10: invalid NUL character"));

  it("NUL in a body", () =>
    fails(onFile("nul2.go", "package p\n\nfunc f() {\0}\n"), "./nul2.go:3:11: invalid NUL character"));

  it("invalid UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from('package p\n\nvar s = "'), Buffer.of(0xff), Buffer.from('"\n')]);
    fails(onFile("utf8.go", bytes), "./utf8.go:3:10: invalid UTF-8 encoding");
  });

  it("a byte order mark in the middle", () =>
    fails(onFile("bom2.go", "package p\n\nvar \ufeffx int\n"), "./bom2.go:3:5: invalid BOM in the middle of the file"));

  it("a byte order mark and CRLF are fine", () => {
    const run = onFile("crlf.go", "\ufeffpackage p\r\n\r\nfunc f() *int {\r\n\treturn new(int)\r\n}\r\n");
    expect(run).toEqual({
      status: 0,
      out: "# command-line-arguments\n./crlf.go:4:12: new(int) escapes to heap\n",
      err: "",
    });
  });
});

describe("too much of it", () => {
  const deep = 100_000;
  const nested = /^\.\/\w+\.go:2(?::\d+)?: syntax error: exceeded max nesting depth\n$/;

  it("100,000 parentheses", () =>
    fails(onFile("paren.go", `package p\nvar x = ${"(".repeat(deep)}1${")".repeat(deep)}\n`), nested));

  it("100,000 blocks", () =>
    fails(onFile("blocks.go", `package p\nfunc f() { ${"{".repeat(deep)}${"}".repeat(deep)} }\n`), nested));

  it("100,000 slices of slices", () => fails(onFile("types.go", `package p\nvar x ${"[]".repeat(deep)}int\n`), nested));

  it("100,000 operands", () => {
    const run = onFile("sum.go", `package p\nvar y int\nvar x = y${" + y".repeat(deep)}\n`);
    expect(run).toEqual({ status: 0, out: "", err: "" });
  });

  it("9,000 calls in each other, which take a deep stack", () => {
    const calls = `${"f(".repeat(9000)}&y${")".repeat(9000)}`;
    const run = onFile("calls.go", `package p\nfunc f(x *int) *int { return x }\nvar y int\nvar x = ${calls}\n`);
    const out = "# command-line-arguments\n./calls.go:2:8: leaking param: x to result ~r0 level=0\n";
    expect(run).toEqual({ status: 0, out, err: "" });
  });

  it("a file of 100 MB", () => {
    const path = join(dir, "huge.go");
    const out = openSync(path, "w");
    writeSync(out, "package p\n\nfunc f() *int { return new(int) }\n");
    const comment = Buffer.alloc(1 << 20, "x");
    for (let i = 0; i < 100; i++) {
      writeSync(out, "/*");
      writeSync(out, comment);
      writeSync(out, "*/\n");
    }
    const run = goesc(dir, "huge.go");
    rmSync(path);
    expect(run.err).toBe("");
    expect(run.out).toBe("# command-line-arguments\n./huge.go:3:27: new(int) escapes to heap\n");
  });
});

describe("a failure that nobody foresaw", () => {
  const broken = (...args: string[]): { status: number | null; stderr: string } => {
    const hook = 'data:text/javascript,process.cwd=()=>{throw new Error("no such luck")}';
    return spawnSync(process.execPath, ["--import", hook, bundle, ...args], { cwd: dir, encoding: "utf8" });
  };

  it("is one line, without a trace of goesc's own code", () => {
    for (const args of [
      ["-m", "x.go"],
      ["run", "x.go"],
    ]) {
      const { status, stderr } = broken(...args);
      expect(stderr).toBe("goesc: internal error: no such luck; set GOESC_TRACE=1 to see where\n");
      expect(status).toBe(2);
    }
  });
});
