/** Summaries of what an opened package imports, made here and by other threads. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LoadedPackage } from "../../src/load/package.ts";
import type { Helpers, SummaryReply } from "../../src/lsp/engine/helpers.ts";
import { type Missing, SummaryWork, type Workplace } from "../../src/lsp/engine/summary-work.ts";
import { buildServer, Client, removeServer } from "./client.ts";

/** Packages 0, 1, …; `edges` are pairs of which the larger imports the smaller. */
function packages(count: number, edges: readonly (readonly [number, number])[]): Missing[] {
  const all: LoadedPackage[] = [];
  for (let i = 0; i < count; i++) {
    const imports = new Map<string, LoadedPackage>();
    for (const [a, b] of edges)
      if (Math.max(a, b) === i && a !== b) imports.set(`p${Math.min(a, b)}`, all[Math.min(a, b)]);
    all.push({ importPath: `p${i}`, imports } as unknown as LoadedPackage);
  }
  return all.map((pkg, i) => ({ pkg, key: `k${i}`, isSaved: i % 5 !== 4 }));
}

class Place implements Workplace {
  readonly made: string[] = [];
  readonly posted = new Set<string>();
  readonly helpers: Helpers | null;
  private readonly jobs: { helper: number; item: Missing }[] = [];
  constructor(
    width: number,
    private readonly interruptAfter = Number.POSITIVE_INFINITY,
  ) {
    this.helpers = { width, post: () => {}, poll: (ms) => this.poll(ms), close: () => {} };
  }
  private poll(ms: number): { helper: number; reply: SummaryReply }[] {
    // One answer at a time, and none where nobody waits, as with slow threads.
    const job = ms === 0 && this.jobs.length < 3 ? undefined : this.jobs.shift();
    if (job === undefined) return [];
    const { pkg, key } = job.item;
    return [{ helper: job.helper, reply: { key, importPath: pkg.importPath, bytes: new Uint8Array(1) } }];
  }
  post(helper: number, item: Missing): void {
    expect(item.isSaved).toBe(true);
    this.check(item);
    this.posted.add(item.key);
    this.jobs.push({ helper, item });
  }
  isPosted({ key }: Missing): boolean {
    return this.posted.has(key);
  }
  make(item: Missing, glance: () => void): void {
    this.check(item);
    glance();
    this.made.push(item.pkg.importPath);
  }
  take({ importPath, key }: SummaryReply): void {
    this.posted.delete(key);
    this.made.push(importPath);
  }
  checkpoint(): void {
    if (this.made.length >= this.interruptAfter) throw new Error("interrupted");
  }
  progress(): void {}
  /** What a package imports is known when it is begun. */
  private check({ pkg }: Missing): void {
    expect([...pkg.imports.keys()].filter((path) => !this.made.includes(path))).toEqual([]);
  }
}

const graph = fc.record({
  count: fc.integer({ min: 1, max: 25 }),
  edges: fc.array(fc.tuple(fc.nat(24), fc.nat(24)), { maxLength: 60 }),
  width: fc.integer({ min: 0, max: 3 }),
});

describe("the order of the work", () => {
  it("has each package made once, after what it imports", () => {
    fc.assert(
      fc.property(graph, ({ count, edges, width }) => {
        const place = new Place(width);
        new SummaryWork(packages(count, edges), place).run();
        expect([...place.made].sort()).toEqual(
          packages(count, [])
            .map(({ pkg }) => pkg.importPath)
            .sort(),
        );
      }),
    );
  });

  it("goes on where it was interrupted", () => {
    const all = packages(20, [
      [0, 5],
      [5, 9],
      [3, 9],
    ]);
    const place = new Place(2, 7);
    expect(() => new SummaryWork(all, place).run()).toThrow("interrupted");
    const again = Object.assign(Object.create(place) as Place, { checkpoint: () => {} });
    new SummaryWork(
      all.filter(({ pkg }) => !place.made.includes(pkg.importPath)),
      again,
    ).run();
    expect(place.made.length).toBe(20);
    expect(new Set(place.made).size).toBe(20);
  });
});

describe("a module that is opened", () => {
  let server = "";
  let folder = "";
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };

  beforeAll(() => {
    server = buildServer();
    folder = mkdtempSync(join(tmpdir(), "goesc-module-"));
    write("go.mod", "module example.com/m\n\ngo 1.26\n");
    for (let i = 0; i < 12; i++) {
      const keeps = i % 2 === 0 ? "sink = p" : "_ = p";
      const before = i < 2 ? "" : `import _ "example.com/m/p${i - 2}"\n\n`;
      write(`p${i}/p.go`, `package p${i}\n\n${before}var sink any\n\n//go:noinline\nfunc F(p *int) { ${keeps} }\n`);
    }
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    removeServer(server);
  });

  it("is analysed by several threads, and is right", async () => {
    const imports = Array.from({ length: 12 }, (_, i) => `\t"example.com/m/p${i}"\n`).join("");
    const calls = Array.from({ length: 12 }, (_, i) => `\tp${i}.F(new(int))\n`).join("");
    const text = `package main\n\nimport (\n${imports})\n\nfunc main() {\n${calls}}\n`;
    const file = write("main.go", text);
    const client = new Client(server, { GOROOT: "off" });
    const progress: string[] = [];
    client.connection.onRequest("window/workDoneProgress/create", () => null);
    client.connection.onUnhandledProgress(({ value }) => progress.push((value as { kind: string }).kind));
    await client.initialize(folder, { window: { workDoneProgress: true } });
    const uri = await client.open(file, text);
    const list = await client.diagnostics(uri, ({ diagnostics }) => diagnostics.length > 0);
    // Every other one keeps its argument.
    expect(list.map(({ range }) => range.start.line)).toEqual([0, 2, 4, 6, 8, 10].map((i) => 18 + i));
    const { helped } = (await client.connection.sendRequest("workspace/executeCommand", {
      command: "goesc.stats",
    })) as { helped: number };
    if (availableParallelism() > 1) expect(helped).toBeGreaterThan(0);
    await vi.waitFor(() => expect(progress.at(-1)).toBe("end"), 10_000);
    expect(progress[0]).toBe("begin");
    expect(await client.close()).toBe(0);
  });
});
