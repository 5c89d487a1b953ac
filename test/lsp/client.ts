/** A client of the server for tests: the protocol's own library over the real process. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { Diagnostic, InitializeResult, Position, Range } from "vscode-languageserver";

const root = process.env.GOESC_ROOT ?? process.cwd();

/** Builds the server into a directory of its own; the result is the directory. */
export function buildServer(): string {
  const dir = mkdtempSync(join(tmpdir(), "goesc-lsp-"));
  buildSync({
    entryPoints: { "goesc-lsp": join(root, "src/lsp/bin.ts") },
    outdir: dir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: { js: 'import { createRequire as R } from "node:module"; const require = R(import.meta.url);' },
    stdin: undefined,
    logLevel: "warning",
  });
  cpSync(join(root, "assets", "std.bin"), join(dir, "std.bin"));
  return dir;
}

export function removeServer(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: Diagnostic[];
}

export class Client {
  readonly connection: MessageConnection;
  readonly process: ChildProcessWithoutNullStreams;
  readonly logs: string[] = [];
  readonly published = new Map<string, Published>();
  private readonly waiting: { readonly test: () => boolean; readonly done: () => void }[] = [];
  private version = 1;
  private readonly texts = new Map<string, string>();

  constructor(dir: string, env: Record<string, string> = {}, flags: readonly string[] = []) {
    const start = `import(${JSON.stringify(pathToFileURL(join(dir, "goesc-lsp.mjs")).href)}).then((m) => m.serve("test"))`;
    this.process = spawn(process.execPath, [...flags, "--input-type=module", "-e", start], {
      env: { ...process.env, GOESC_CACHE: join(dir, "cache"), GOFLAGS: "", ...env },
    });
    this.process.stderr.on("data", (data: Buffer) => this.logs.push(data.toString()));
    this.connection = createMessageConnection(
      new StreamMessageReader(this.process.stdout),
      new StreamMessageWriter(this.process.stdin),
    );
    this.connection.onError(() => {});
    this.connection.onNotification("textDocument/publishDiagnostics", (params: Published) => this.take(params));
    this.connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.logs.push(message);
    });
    for (const method of ["client/registerCapability", "workspace/inlayHint/refresh", "workspace/codeLens/refresh"])
      this.connection.onRequest(method, () => null);
    this.connection.listen();
  }

  /** Takes diagnostics that have arrived. */
  take(params: Published): void {
    this.published.set(params.uri, params);
    for (const waiter of [...this.waiting]) {
      if (!waiter.test()) continue;
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      waiter.done();
    }
  }

  async initialize(folder: string, extra: object = {}, options: object | null = null): Promise<InitializeResult> {
    const result = await this.connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "test" }],
      capabilities: extra,
      initializationOptions: options,
    });
    await this.connection.sendNotification("initialized", {});
    return result as InitializeResult;
  }

  async open(file: string, text: string): Promise<string> {
    const uri = pathToFileURL(file).href;
    this.texts.set(uri, text);
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "go", version: ++this.version, text },
    });
    return uri;
  }

  /** Replaces `from` (its first occurrence) by `to`, as an editor would send it; the result is the new version. */
  async edit(uri: string, from: string, to: string): Promise<number> {
    const text = this.texts.get(uri)!;
    const at = text.indexOf(from);
    if (at < 0) throw new Error(`${from} is not in the text`);
    const range = { start: positionAt(text, at), end: positionAt(text, at + from.length) };
    return this.change(uri, text.slice(0, at) + to + text.slice(at + from.length), [{ range, text: to }]);
  }

  async replace(uri: string, text: string): Promise<number> {
    return this.change(uri, text, [{ text }]);
  }

  /** Sends what differs between the present text and `text`. */
  async replaceByDifference(uri: string, text: string): Promise<number> {
    const old = this.texts.get(uri)!;
    let start = 0;
    while (start < old.length && start < text.length && old[start] === text[start]) start++;
    let tail = 0;
    const most = Math.min(old.length, text.length) - start;
    while (tail < most && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
    const range = { start: positionAt(old, start), end: positionAt(old, old.length - tail) };
    return this.change(uri, text, [{ range, text: text.slice(start, text.length - tail) }]);
  }

  private async change(uri: string, text: string, contentChanges: { range?: Range; text: string }[]): Promise<number> {
    this.texts.set(uri, text);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: ++this.version },
      contentChanges,
    });
    return this.version;
  }

  text(uri: string): string {
    return this.texts.get(uri)!;
  }

  /** The next diagnostics of a document that `test` accepts. */
  async diagnostics(
    uri: string,
    test: (published: Published) => boolean = () => true,
    patience = 240_000,
  ): Promise<Diagnostic[]> {
    const fits = (): boolean => {
      const published = this.published.get(uri);
      return published !== undefined && test(published);
    };
    if (!fits()) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(
              new Error(`no such diagnostics: ${JSON.stringify(this.published.get(uri))}\n${this.logs.join("\n")}`),
            ),
          patience,
        );
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        this.waiting.push({ test: fits, done });
      });
    }
    return this.published.get(uri)!.diagnostics;
  }

  /** Until the server has done all that edits have left to be done. */
  async idle(): Promise<void> {
    for (;;) {
      const { idle } = (await this.connection.sendRequest("workspace/executeCommand", {
        command: "goesc.stats",
      })) as { idle: boolean };
      if (idle) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async decisionsAt(uri: string, version: number): Promise<string[]> {
    const list = await this.diagnostics(uri, (p) => p.version === version);
    return list.map((d) => `${this.source(uri, d.range)}: ${d.message}`);
  }

  source(uri: string, { start, end }: Range): string {
    const text = this.text(uri);
    return text.slice(offsetAt(text, start), offsetAt(text, end));
  }

  async close(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.process.on("exit", resolve));
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const code = await ended;
    this.connection.dispose();
    return code;
  }
}

/** In UTF-16 units, as the protocol has it by default. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return { line, character: offset - (before.lastIndexOf("\n") + 1) };
}

export function offsetAt(text: string, { line, character }: Position): number {
  let at = 0;
  for (let i = 0; i < line; i++) at = text.indexOf("\n", at) + 1;
  return at + character;
}
