/** The server's web bundle in a browser: a page with an editor, the server in a worker, no Go installation. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { webStd } from "../../scripts/web-std.mjs";

// Processes are started and packages analysed, on machines that may be busy.

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const hasBrowser = existsSync(executablePath);
const root = process.cwd();

let dir = "";
let server: Server | null = null;
let browser: Browser | null = null;
let page: Page;

beforeAll(async () => {
  if (!hasBrowser) return;
  dir = mkdtempSync(join(tmpdir(), "goesc-web-"));
  const common = { bundle: true, platform: "browser", format: "iife", target: "es2022", logLevel: "warning" } as const;
  await build({ ...common, entryPoints: [join(root, "src/lsp/browser.ts")], outfile: join(dir, "web-server.js") });
  await build({ ...common, entryPoints: [join(root, "test/lsp/web-page.ts")], outfile: join(dir, "page.js") });
  writeFileSync(join(dir, "std-web.bin"), webStd(join(root, "assets", "std.bin")));
  writeFileSync(join(dir, "index.html"), '<!doctype html><meta charset="utf-8"><body><script src="page.js"></script>');
  const types: Record<string, string> = { html: "text/html", js: "text/javascript" };
  server = createServer((request, response) => {
    const name = request.url === "/" ? "index.html" : (request.url ?? "").slice(1);
    const file = join(dir, name);
    if (name.includes("..") || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": types[name.split(".").pop() ?? ""] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";
  browser = await chromium.launch({
    executablePath,
    args: [...flags.split(" "), "--disable-component-update", "--disable-sync"],
  });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  if (dir !== "") rmSync(dir, { recursive: true, force: true });
});

/** What the editor shows once the server has seen that version of the text. */
async function shown(version: number): Promise<string[]> {
  const handle = await page.waitForFunction((wanted) => {
    const { found } = globalThis as unknown as { found?: { version: number; list: string[] } };
    return found !== undefined && found.version >= wanted && found.list.length > 0 ? found.list : null;
  }, version);
  return (await handle.jsonValue()) as string[];
}

function setText(text: string): Promise<number> {
  return page.evaluate((t) => (globalThis as unknown as { setText(text: string): number }).setText(t), text);
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  it("decisions appear in the editor", async () => {
    expect((await shown(1)).sort()).toEqual([
      '"世界 🎉": "世界 🎉" escapes to heap (allocates nothing)',
      "n: n escapes to heap (8 B)",
      "new(int): new(int) escapes to heap (8 B)",
    ]);
    expect(await page.locator(".cm-lintRange-info").count()).toBeGreaterThan(0);
  });

  it("follow what is typed, packages of the workspace included", async () => {
    const version = await setText('package p\n\nimport "example.com/mod/q"\n\nfunc g() {\n\tx := 1\n\tq.Keep(&x)\n}\n');
    expect(await shown(version)).toEqual(["x: moved to heap: x (8 B)"]);
  });
});
