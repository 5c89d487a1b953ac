/** An extension for tests: the workspace of a test as a file system in memory, and a way in for the test itself. It runs
 *  in the extension host beside the extension that is tested and does what the test's process sends it. */
import * as vscode from "vscode";

interface Job {
  readonly id: number;
  /** The source of a function of `vscode` and an argument. */
  readonly code: string;
  readonly arg: unknown;
}

/** What the page and the driver have been given by the test's server. */
interface Setup {
  readonly files: Readonly<Record<string, string>>;
  readonly endpoint: string;
}

class MemoryFiles implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  private readonly files = new Map<string, Uint8Array>();

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.files.set(path, new TextEncoder().encode(text));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const own = this.files.get(uri.path);
    if (own !== undefined) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: own.length };
    const below = uri.path.endsWith("/") ? uri.path : `${uri.path}/`;
    for (const path of this.files.keys())
      if (path.startsWith(below)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw vscode.FileSystemError.FileNotFound(uri);
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    const below = uri.path.endsWith("/") ? uri.path : `${uri.path}/`;
    const entries = new Map<string, vscode.FileType>();
    for (const path of this.files.keys()) {
      if (!path.startsWith(below)) continue;
      const [name, ...rest] = path.slice(below.length).split("/");
      entries.set(name, rest.length > 0 ? vscode.FileType.Directory : vscode.FileType.File);
    }
    return [...entries];
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const own = this.files.get(uri.path);
    if (own === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return own;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const type = this.files.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    this.files.set(uri.path, content);
    this.changes.fire([{ type, uri }]);
  }

  delete(uri: vscode.Uri): void {
    this.files.delete(uri.path);
    this.changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  createDirectory(): void {}

  rename(from: vscode.Uri, to: vscode.Uri): void {
    this.writeFile(to, this.readFile(from));
    this.delete(from);
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const { files, endpoint } = context.extension.packageJSON.test as Setup;
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("memory", new MemoryFiles(files)));
  void work(endpoint);
}

/** Does what the test wants, one thing after the other. */
async function work(endpoint: string): Promise<void> {
  for (;;) {
    const job = (await (await fetch(`${endpoint}/job`)).json()) as Job | null;
    if (job === null) continue;
    let answer: { id: number; value?: unknown; error?: string };
    try {
      const run = new Function("vscode", "arg", `return (${job.code})(vscode, arg);`);
      answer = { id: job.id, value: await run(vscode, job.arg) };
    } catch (error) {
      answer = { id: job.id, error: String((error as Error).stack ?? error) };
    }
    await fetch(`${endpoint}/answer`, { method: "POST", body: JSON.stringify(answer) });
  }
}

export function deactivate(): void {}
