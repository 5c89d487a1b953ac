/** The extension in a browser: the server is a worker, which gets the workspace's files from here. */
import * as vscode from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { activateFeatures, clientOptions } from "./features.ts";

const wanted = "**/{*.go,go.mod,go.sum,go.work,modules.txt}";
const moduleFiles = new Set(["go.mod", "go.sum", "go.work", "modules.txt"]);
/** More files are not read. */
const maxFiles = 20_000;

let client: LanguageClient | null = null;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, "dist", name);
  const std = await vscode.workspace.fs.readFile(at("std-web.bin"));
  let worker: Worker | null = null;
  const start = async (): Promise<MessageTransports> => {
    worker?.terminate(); // of a server that is started anew
    worker = new Worker(at("web-server.js").toString(true));
    worker.postMessage({ std });
    // The client does not know the extension host's own workers when it sees them.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  client = new LanguageClient("goesc", "goesc", start, clientOptions());
  await client.start();
  const send = async (uris: readonly vscode.Uri[]): Promise<void> => {
    const files = await Promise.all(uris.map(async (uri) => ({ path: uri.path, text: await textOf(uri) })));
    await client?.sendNotification("goesc/files", { files });
  };
  const watcher = vscode.workspace.createFileSystemWatcher(wanted);
  const one = (uri: vscode.Uri): void => void send([uri]);
  context.subscriptions.push(
    watcher,
    watcher.onDidChange(one),
    watcher.onDidCreate(one),
    watcher.onDidDelete(one),
    vscode.workspace.onDidChangeWorkspaceFolders(async ({ added }) => send(await goFiles(added))),
  );
  const restart = async (): Promise<void> => {
    await client?.stop();
    await client?.start();
    await send(await goFiles(vscode.workspace.workspaceFolders ?? []));
  };
  activateFeatures(context, client, restart, async (uri) => {
    const text = await vscode.workspace.fs.readFile(uri);
    await client?.sendNotification("goesc/files", { files: [{ path: uri.path, text }] });
  });
  // The editor is of use before all files have been read.
  void goFiles(vscode.workspace.workspaceFolders ?? []).then(send);
}

/** Files that a build may read. The directories are walked here: file systems without a search of their own have
 *  `findFiles` wait for ever. */
async function goFiles(folders: readonly vscode.WorkspaceFolder[]): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  let level = folders.map(({ uri }) => uri);
  while (level.length > 0 && found.length < maxFiles) {
    const listed = await Promise.all(level.map(async (dir) => ({ dir, entries: await entriesOf(dir) })));
    level = [];
    for (const { dir, entries } of listed) {
      for (const [name, type] of entries) {
        const uri = vscode.Uri.joinPath(dir, name);
        if ((type & vscode.FileType.Directory) !== 0) {
          if (!/^[._]|^(?:node_modules|testdata)$/.test(name)) level.push(uri);
        } else if (name.endsWith(".go") || moduleFiles.has(name)) found.push(uri);
      }
    }
  }
  return found.slice(0, maxFiles);
}

async function entriesOf(dir: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(dir);
  } catch {
    return []; // it is gone, or no directory
  }
}

async function textOf(uri: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null; // it is gone
  }
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
