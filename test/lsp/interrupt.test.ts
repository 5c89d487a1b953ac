/** An analysis that is given up because something else has arrived is done afterwards, and what has arrived is not lost. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Engine } from "../../src/lsp/engine/engine.ts";
import type { EngineHost } from "../../src/lsp/engine/host.ts";
import type { FileView } from "../../src/lsp/engine/model.ts";
import type { Report, Request } from "../../src/lsp/engine/service.ts";
import { nodeEngineHost } from "../../src/lsp/node-host.ts";
import { serveEngine } from "../../src/lsp/thread.ts";

const encoder = new TextEncoder();
const settings = { goroot: "off", tags: null, env: {}, noInline: false };
const source = (name: string): string => `package p\n\nfunc ${name}() *int { return new(int) }\n`;

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "goesc-interrupt-"));
  process.env.GOESC_CACHE = join(folder, "cache");
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  writeFileSync(join(folder, "a.go"), source("a"));
  writeFileSync(join(folder, "b.go"), source("b"));
});

afterAll(() => {
  delete process.env.GOESC_CACHE;
  rmSync(folder, { recursive: true, force: true });
});

function messages(view: FileView | undefined): string[] {
  return (view?.functions ?? []).flatMap(({ findings }) => (findings ?? []).map(({ message }) => message));
}

it("an interrupted analysis is begun again", async () => {
  const views: FileView[] = [];
  let interruptions = 0;
  const engine = new Engine(
    nodeEngineHost(() => interruptions > 0 && interruptions-- > 0),
    { view: (view) => views.push(view), progress: () => {}, log: () => {} },
  );
  engine.configure(settings);
  const file = join(folder, "a.go");
  const run = async (): Promise<void> => {
    for (let ms = engine.delay(); ms !== null; ms = engine.delay()) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      engine.step();
    }
  };
  interruptions = 3;
  engine.setDocument(file, 1, encoder.encode(source("a")));
  await run();
  expect(interruptions).toBe(0);
  expect(messages(views.at(-1))).toContain("new(int) escapes to heap");

  // Once there are decisions too.
  interruptions = 3;
  engine.setDocument(file, 2, encoder.encode(`${source("a")}\nfunc c() *string { return new(string) }\n`));
  await run();
  expect(interruptions).toBe(0);
  expect(views.at(-1)?.functions.map(({ name }) => name)).toEqual(["a", "c"]);
});

it("what arrives during an analysis is looked at without anything else arriving", async () => {
  const { port1, port2 } = new MessageChannel();
  const post = (request: Request): void => port1.postMessage(request);
  const document = (name: string): Request => ({
    kind: "document",
    file: join(folder, name),
    version: 1,
    bytes: encoder.encode(source(name[0])),
  });
  let isFirst = true;
  const host = (interrupted: () => boolean): EngineHost => {
    const base = nodeEngineHost(interrupted);
    return {
      ...base,
      loadHost: (cwd) => {
        const { fs, ...rest } = base.loadHost(cwd);
        const watched = Object.create(fs) as typeof fs;
        watched.readFile = (path) => {
          if (isFirst && path.endsWith("b.go")) {
            isFirst = false;
            post(document("c.go"));
          }
          return fs.readFile(path);
        };
        return { ...rest, fs: watched };
      },
    };
  };
  serveEngine(port2, host);
  const views = new Map<string, FileView>();
  const done = new Promise<void>((resolve) => {
    port1.on("message", (report: Report) => {
      if (report.kind !== "view") return;
      views.set(report.view.file, report.view);
      if (views.size === 2 && [...views.values()].every((view) => messages(view).length > 0)) resolve();
    });
  });
  post({ kind: "configure", settings });
  post(document("a.go"));
  await done;
  expect(isFirst).toBe(false);
  port1.close();
});
