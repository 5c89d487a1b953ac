/** The cache: whatever happens to it, a run says what it says without one. */
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Job, JobRunner, type RunInit } from "../../src/cli/job.ts";
import {
  buildOf,
  Cache,
  EntryKind,
  generationDir,
  parseSize,
  readCacheText,
  sizeText,
  writeCacheText,
} from "../../src/host/cache.ts";
import { SummaryStore } from "../../src/host/summary-store.ts";

const self = fileURLToPath(import.meta.url);
const build = buildOf(self);
let dir = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "goesc-cache-test-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function key(i: number): string {
  return i.toString(16).padStart(2, "0").repeat(16);
}

function content(i: number, size = 1000): Uint8Array {
  return new Uint8Array(size).fill(i);
}

function store(): SummaryStore {
  return new SummaryStore(generationDir(dir, build));
}

/** Fills the cache with `n` summaries, the first one used longest ago. */
function fill(n: number): SummaryStore {
  const s = store();
  for (let i = 0; i < n; i++) {
    expect(s.write(key(i), content(i))).toBe(true);
    const used = Date.now() / 1000 - 10 * 3600 + i;
    utimesSync(pathOf(i), used, used);
  }
  return s;
}

function pathOf(i: number): string {
  return join(generationDir(dir, build), key(i).slice(0, 2), key(i));
}

function kinds(cache: Cache): Record<number, number> {
  return Object.fromEntries([...cache.show()].map(([kind, use]) => [kind, use.files]));
}

describe("summaries", () => {
  it("come back as they were written", () => {
    const s = fill(3);
    expect(s.read(key(1))).toEqual(Buffer.from(content(1)));
    expect(s.read(key(7))).toBeNull();
    expect(s.size(key(1))).toBe(1016);
    expect(s.size(key(7))).toBe(0);
  });

  it("count as missing when a bit is flipped, wherever it is", () => {
    const s = fill(1);
    const whole = readFileSync(pathOf(0));
    for (let at = 0; at < whole.length; at += 37) {
      const flipped = Buffer.from(whole);
      flipped[at] ^= 1 << (at % 8);
      writeFileSync(pathOf(0), flipped);
      expect(s.read(key(0)), `byte ${at}`).toBeNull();
    }
    expect(s.write(key(0), content(0))).toBe(true);
    expect(s.read(key(0))).not.toBeNull();
  });

  it("count as missing when they are cut short, at any length", () => {
    const s = fill(1);
    const whole = readFileSync(pathOf(0));
    for (let length = whole.length - 1; length >= 0; length -= 53) {
      writeFileSync(pathOf(0), whole.subarray(0, length));
      expect(s.read(key(0)), `${length} bytes`).toBeNull();
      expect(s.has(key(0))).toBe(false);
    }
  });

  it("are not kept where a file stands in the way, and leave no draft", () => {
    const s = store();
    mkdirSync(dirname(pathOf(0)), { recursive: true });
    mkdirSync(pathOf(0)); // cannot be replaced
    expect(s.write(key(0), content(0))).toBe(false);
    expect(readdirSync(dirname(pathOf(0)))).toEqual([key(0)]);
  });

  it("are marked as used when they are read", () => {
    const s = fill(2);
    s.read(key(0));
    expect(Date.now() - statSync(pathOf(0)).mtimeMs).toBeLessThan(60_000);
    expect(Date.now() - statSync(pathOf(1)).mtimeMs).toBeGreaterThan(3600_000);
  });
});

describe("texts", () => {
  it("come back only whole", () => {
    writeCacheText(dir, "std-index-1", "line\nother line\n");
    expect(readCacheText(dir, "std-index-1")).toBe("line\nother line\n");
    const file = join(dir, "std-index-1");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("other", "0ther"));
    expect(readCacheText(dir, "std-index-1")).toBeNull();
    writeFileSync(file, text.slice(0, -3));
    expect(readCacheText(dir, "std-index-1")).toBeNull();
    expect(readCacheText(dir, "std-index-2")).toBeNull();
  });
});

describe("the cache", () => {
  it("loses what was not used for longest when it grows beyond its limit", () => {
    const s = fill(10);
    s.read(key(0)); // used now
    new Cache(dir, 5080, build).added(10 * 1016);
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((i) => s.has(key(i)))).toEqual([0, 7, 8, 9]);
  });

  it("is left alone below its limit, and looked at once a day", () => {
    fill(10);
    const cache = new Cache(dir, 1 << 20, build);
    cache.added(10 * 1016); // the first time it is measured
    expect(kinds(cache)).toEqual({ [EntryKind.Summary]: 10 });
    const draft = `${pathOf(0)}.1.0.0`;
    writeFileSync(draft, "half");
    const old = Date.now() / 1000 - 3600;
    utimesSync(draft, old, old);
    cache.added(1016);
    expect(existsSync(draft)).toBe(true);
    writeFileSync(join(dir, "sizes"), `${Date.now() - 25 * 3600_000} 0\n`);
    cache.added(0);
    expect(existsSync(draft)).toBe(false);
    expect(kinds(cache)).toEqual({ [EntryKind.Summary]: 10 });
  });

  it("loses what builds have written that are gone, and keeps that of others", () => {
    fill(1);
    const bundle = join(dir, "bundle.js");
    writeFileSync(bundle, "1");
    const other = buildOf(bundle);
    const theirs = generationDir(dir, other);
    expect(new SummaryStore(theirs).write(key(5), content(5))).toBe(true);
    new Cache(dir, 1 << 20, other).added(1016);
    const cache = new Cache(dir, 1 << 20, build);
    cache.tidy();
    expect(kinds(cache)).toEqual({ [EntryKind.Summary]: 1, [EntryKind.OtherBuild]: 1 });
    writeFileSync(bundle, "another build");
    expect(kinds(cache)).toEqual({ [EntryKind.Summary]: 1, [EntryKind.Stale]: 1 });
    cache.tidy();
    expect(kinds(cache)).toEqual({ [EntryKind.Summary]: 1 });
    expect(existsSync(theirs)).toBe(false);
  });

  it("is cleaned without touching what is not goesc's", () => {
    fill(3);
    writeCacheText(dir, "std-index-1", "x");
    writeFileSync(join(dir, "letter.txt"), "dear");
    mkdirSync(join(dir, "ab"));
    writeFileSync(join(dir, "ab", key(1)), "of somebody else");
    const { files } = new Cache(dir, 1 << 20, build).clean();
    expect(files).toBe(4);
    expect(readdirSync(dir).sort()).toEqual(["ab", "letter.txt"]);
  });

  it("does without a directory, and without permission", () => {
    const nowhere = new Cache(join(dir, "none"), 100, build);
    nowhere.added(1000);
    nowhere.tidy();
    expect(nowhere.show().size).toBe(0);
    expect(nowhere.clean()).toEqual({ files: 0, bytes: 0 });
    writeFileSync(join(dir, "file"), "");
    const inFile = new Cache(join(dir, "file"), 100, build);
    inFile.added(1000);
    inFile.tidy();
    expect(new SummaryStore(join(dir, "file", "x")).write(key(0), content(0))).toBe(false);
  });

  it("is tidied by one run at a time; a lock left by a killed run goes", () => {
    fill(10);
    const lock = join(dir, "tidying");
    mkdirSync(lock);
    const cache = new Cache(dir, 0, build);
    cache.tidy();
    expect(kinds(cache)).toEqual({ [EntryKind.Summary]: 10 });
    const old = Date.now() / 1000 - 3600;
    utimesSync(lock, old, old);
    cache.tidy(); // removes the lock
    cache.tidy();
    expect(kinds(cache)).toEqual({});
  });
});

describe("sizes", () => {
  it("are read and written", () => {
    expect(["0", "100", "1k", "1.5M", "2G", "2GiB", "3 TB", "x", "", "-1"].map(parseSize)).toEqual([
      0,
      100,
      1024,
      1572864,
      2 ** 31,
      2 ** 31,
      3 * 2 ** 40,
      null,
      null,
      null,
    ]);
    expect([0, 1023, 1024, 1572864, 2 ** 31].map(sizeText)).toEqual([
      "0 bytes",
      "1023 bytes",
      "1.0 kB",
      "1.5 MB",
      "2.0 GB",
    ]);
  });
});

describe("a job whose import turns out to be missing", () => {
  const sources: Record<string, string> = {
    c: "package c\n\ntype T struct{ P *int }\n\nfunc Keep(t *T) *int { return t.P }\n",
    b: 'package b\n\nimport "m/c"\n\ntype I interface{ M(c.T) *U }\n\ntype U struct {\n\tc.T\n\tI I\n\tNext *U\n}\n\nfunc Of(u *U) *c.T { return &u.T }\n',
    a: 'package a\n\nimport "m/b"\n\nfunc F(u *b.U, i b.I) *int {\n\treturn b.Of(i.M(u.T)).P\n}\n\nfunc G() *b.U { return new(b.U) }\n',
  };
  const imports: Record<string, readonly [string, string][]> = { c: [], b: [["m/c", "m/c"]], a: [["m/b", "m/b"]] };

  function init(): RunInit {
    const keys = new Map(["a", "b", "c"].map((name, i) => [`m/${name}`, key(i)]));
    return {
      goarch: "amd64",
      goos: "linux",
      goVersion: "1.26.8",
      goMinor: 26,
      profiles: new Map(),
      cacheDir: generationDir(dir, build),
      goroot: "",
      embedded: null,
      reader: "descent",
      keys,
    };
  }

  function job(name: string): Job {
    return {
      unit: {
        importPath: `m/${name}`,
        compilerPath: `m/${name}`,
        goFiles: [join(dir, `${name}.go`)],
        imports: new Map(imports[name]),
        goVersion: "go1.24",
        complete: true,
        isStd: false,
      },
      analyze: {
        m: 1,
        compile: { l: 0, N: false, smallFrames: false, mutations: false, zeroCopy: true },
        explain: false,
        graphs: false,
        debug: null,
      },
      render: { json: false, dump: null, debug: false },
      allErrors: false,
      unsaved: new Map(),
      optLogDir: "",
    };
  }

  it("says which, and starts afresh when it is there", async () => {
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(dir, `${name}.go`), text);
    const first = await JobRunner.create(init());
    const right = ["c", "b", "a"].map((name) => first.run(job(name)));
    expect(right.map(({ errors, missing }) => [errors, missing])).toEqual(Array(3).fill(["", null]));
    expect(right[2].out).toContain("new(b.U) escapes to heap");

    const second = await JobRunner.create(init());
    rmSync(pathOf(2));
    expect(second.run(job("a")).missing).toBe("m/c");
    expect(second.run(job("c")).missing).toBeNull();
    expect(second.run(job("a"))).toEqual(right[2]);
  });
});

const goesc = join(dirname(self), "..", "..", "dist", "goesc.js");

describe.skipIf(!existsSync(goesc))("a run whose summaries are removed as fast as they come", () => {
  it("says what it says when they stay", () => {
    const module = join(dir, "module");
    const count = 12;
    mkdirSync(module);
    writeFileSync(join(module, "go.mod"), "module m\n\ngo 1.24\n");
    for (let i = 0; i < count; i++) {
      mkdirSync(join(module, `p${i}`));
      const before = i === 0 ? "" : `import "m/p${i - 1}"\n\n`;
      const value = i === 0 ? "new(int)" : `p${i - 1}.F()`;
      writeFileSync(join(module, `p${i}`, "p.go"), `package p${i}\n\n${before}func F() *int { return ${value} }\n`);
    }
    const run = (cache: string): string => {
      const { stdout, stderr } = spawnSync(process.execPath, [goesc, "-m", "./..."], {
        cwd: module,
        encoding: "utf8",
        env: { ...process.env, GOROOT: "off", GOFLAGS: "", GOWORK: "off", GOESC_CACHE: cache },
      });
      return stdout + stderr.replace(/^goesc: .*standard library.*\n/m, "");
    };
    const want = run(join(dir, "kept"));
    expect(want.split("\n").length).toBeGreaterThan(2 * count);
    const cache = join(dir, "lost");
    mkdirSync(cache);
    const remover = spawn(process.execPath, [
      "-e",
      `const { readdirSync, rmSync } = require("node:fs");
       const remove = (dir) => rmSync(dir, { recursive: true, force: true });
       for (;;)
         try {
           for (const build of readdirSync(${JSON.stringify(cache)}))
             for (const name of readdirSync(${JSON.stringify(cache)} + "/" + build))
               if (name.length === 2) remove(${JSON.stringify(cache)} + "/" + build + "/" + name);
         } catch {}`,
    ]);
    try {
      for (let i = 0; i < 5; i++) expect(run(cache)).toBe(want);
    } finally {
      remover.kill("SIGKILL");
    }
  });
});
