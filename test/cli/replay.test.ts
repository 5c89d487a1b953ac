/** What a request printed is printed again for packages that have not changed, and only for them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Replay } from "../../src/cli/replay.ts";
import { SummaryStore } from "../../src/host/summary-store.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goesc = join(root, "dist", "goesc.js");
const work = mkdtempSync(join(tmpdir(), "goesc-replay-"));
const names = ["a", "b", "c", "d", "e"];

beforeAll(() => {
  writeFileSync(join(work, "go.mod"), "module m\n\ngo 1.26\n");
  for (const name of names) mkdirSync(join(work, name));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function change(name: string, text: string): void {
  writeFileSync(join(work, name, "x.go"), `package ${name}\n${text}\n`);
}

interface Printed {
  readonly out: string;
  readonly err: string;
}

function run(cache: string, cwd: string, ...args: string[]): Printed {
  const env = { ...process.env, GOESC_CACHE: join(work, cache), GOROOT: "off", PWD: cwd };
  const { stdout, stderr } = spawnSync(process.execPath, [goesc, ...args], { cwd, env, encoding: "utf8" });
  return { out: stdout, err: stderr };
}

/** The entries of a cache, by file name. */
function textsOf(cache: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const entry of readdirSync(join(work, cache), { recursive: true, withFileTypes: true })) {
    if (!/^[0-9a-f]{32}$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = new SummaryStore(dirname(dirname(file))).read(entry.name) ?? [];
    texts.set(file, Buffer.from(bytes).toString("latin1"));
  }
  return texts;
}

/** Changes the text that is kept for a package, so that it can be told from what is printed anew; how many files. */
function mark(cache: string, name: string): number {
  let marked = 0;
  for (const [file, text] of textsOf(cache)) {
    const store = new SummaryStore(dirname(dirname(file)));
    if (!/^\["[0-9a-f]{32}",\[\[/.test(text) || !text.includes(`# m/${name}\n`)) continue;
    store.write(basename(file), Buffer.from(text.replace(`# m/${name}\n`, `# M/${name}\n`), "latin1"));
    marked++;
  }
  return marked;
}

describe.skipIf(!existsSync(goesc))("replay", () => {
  it("prints for unchanged packages what is kept, for others what holds now", () => {
    for (const name of names) change(name, `\nfunc F() *int { return new(int) } // ${name}`);
    const first = run("cache", work, "-m", "./...");
    expect(first.out).toContain("# m/b\nb/x.go:3:6: can inline F\nb/x.go:3:27: new(int) escapes to heap\n");
    expect(run("cache", work, "-m", "./...")).toEqual(first);
    expect(mark("cache", "b")).toBe(1);
    const marked = first.out.replace("# m/b\n", "# M/b\n");
    expect(run("cache", work, "-m", "./...").out).toBe(marked);

    // Not for other flags or in another directory.
    expect(run("cache", work, "-m", "-l", "./...").out).not.toContain("# M/b");
    expect(run("cache", join(work, "b"), "-m", "../...").out).toContain("# m/b\n./x.go:3:6: can inline F\n");

    change("c", "\n\nfunc F() *int { return new(int) }");
    const changed = marked.replaceAll("c/x.go:3", "c/x.go:4");
    expect(run("cache", work, "-m", "./...").out).toBe(changed);
    change("b", "\n\nfunc F() *int { return new(int) }");
    expect(run("cache", work, "-m", "./...").out).toBe(
      first.out.replaceAll("c/x.go:3", "c/x.go:4").replaceAll("b/x.go:3", "b/x.go:4"),
    );
  });

  it("prints it for packages whose imports have changed out of their sight, too, time and again", () => {
    for (const name of names) change(name, "\nfunc F() *int { return new(int) }");
    for (const name of ["a", "b", "c"]) change(name, 'import "m/d"\n\nfunc F() *int { return d.F() }');
    const first = run("adopted", work, "-m", "./...").out;
    expect(mark("adopted", "b")).toBe(1);
    const marked = first.replace("# m/b\n", "# M/b\n");
    for (const more of [1, 2, 3]) {
      change("d", `\nfunc F() *int { return new(int) }\n\nfunc g${more}(int) {}`);
      const { out } = run("adopted", work, "-m", "./...");
      expect(out.replace(/d\/x.go:\d+:\d+: can inline g\d\n/g, "")).toBe(marked);
    }
    change("d", "\n\nfunc F() *int { return new(int) }");
    const { out } = run("adopted", work, "-m", "./...");
    expect(out).toBe(run("fresh", work, "-m", "./...").out);
  });

  it("knows nothing of packages with errors, nor of those that import them", () => {
    for (const name of names) change(name, "\nfunc F() *int { return new(int) }");
    change("a", 'import "m/b"\n\nfunc F() *int { return b.F() }');
    change("b", "\nfunc F() *int { return 1 }");
    const broken = run("errors", work, "-m", "./...");
    expect(broken.err).toContain("b/x.go:3:24: cannot use 1");
    expect(broken.out).not.toContain("# m/a");
    expect(run("errors", work, "-m", "./...")).toEqual(broken);
    change("b", "\nfunc F() *int { return new(int) }");
    const sound = run("errors", work, "-m", "./...");
    expect(sound).toEqual(run("fresh", work, "-m", "./..."));
    expect(sound.out).toContain("# m/a");
  });

  it("is not written for packages that are only imported", () => {
    for (const name of names) change(name, "\nfunc F() *int { return new(int) }");
    const imports = names.map((name) => `import _ "m/${name}"\n`).join("");
    writeFileSync(join(work, "main.go"), `package main\n\n${imports}\nfunc main() {}\n`);
    run("imports", work, "-m", ".");
    const replays = (): number => [...textsOf("imports")].filter(([, text]) => /^\["[0-9a-f]{32}",/.test(text)).length;
    expect(replays()).toBe(0);
    run("imports", work, "-m", ".");
    expect(replays()).toBe(0);
    rmSync(join(work, "main.go"));
  });

  it("takes no other file for its own", () => {
    const store = new SummaryStore(join(work, "mixed"));
    for (const cwd of ["/v", "/w"]) {
      const replay = new Replay(store, cwd, []);
      for (const key of names) replay.add(key, Buffer.from(`${cwd} ${key}`));
      expect(replay.save()).toBeGreaterThan(0);
    }
    const [one, two] = [...textsOf("mixed").keys()];
    const text = store.read(basename(two)) as Uint8Array;
    store.write(basename(one), text);
    const read = ["/v", "/w"].map((cwd) => new Replay(store, cwd, []).get("a"));
    expect(read.filter((bytes) => bytes !== null).length).toBe(1);
    store.write(basename(one), Buffer.from("nothing of the kind\n"));
    store.write(basename(two), Buffer.from("{"));
    for (const cwd of ["/v", "/w"]) expect(new Replay(store, cwd, []).get("a")).toBe(null);
  });

  it("is written when enough is new, and not if it is too long", () => {
    const store = new SummaryStore(join(work, "store"));
    const text = (s: string): Uint8Array => Buffer.from(s);
    const keep = (size: number, ...keys: string[]): number => {
      const replay = new Replay(store, "/w", ["-m"]);
      for (const key of keys) replay.add(key, text(key.repeat(size)));
      return replay.save();
    };
    expect(keep(1, "a", "b", "c")).toBe(0);
    expect(keep(1, "a", "b", "c", "d")).toBeGreaterThan(0);
    expect(keep(1, "a", "b", "c", "d")).toBe(0);
    expect(keep(1, "a", "b", "c", "x")).toBe(0);
    expect(Buffer.from(new Replay(store, "/w", ["-m"]).get("d") ?? []).toString()).toBe("d");
    expect(keep(1, "a", "b", "x", "y")).toBeGreaterThan(0);
    const replay = new Replay(store, "/w", ["-m"]);
    expect([replay.get("d"), Buffer.from(replay.get("y") ?? []).toString()]).toEqual([null, "y"]);
    expect(keep(1 << 20, "p", "q", "r", "s", "t")).toBe(0);
    expect(new Replay(store, "/w", ["-m"]).get("y")).not.toBe(null);
  });
});
