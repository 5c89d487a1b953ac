/** The extension in a browser: the server is a worker, which gets the workspace's files from here. */
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { activateFeatures, clientOptions } from "./features.ts";

const wanted = "**/{*.go,go.mod,go.sum,go.work,modules.txt}";
/** More files are not read. */
const maxFiles = 20_000;

let client: LanguageClient | null = null;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, "dist", name);
  const worker = new Worker(at("web-server.js").toString(true));
  worker.postMessage({ std: await vscode.workspace.fs.readFile(at("std-web.bin")) });
  client = new LanguageClient("goesc", "goesc", worker, clientOptions());
  await client.start();
  const send = async (uris: readonly vscode.Uri[]): Promise<void> => {
    const files = await Promise.all(uris.map(async (uri) => ({ path: uri.path, text: await textOf(uri) })));
    await client?.sendNotification("goesc/files", { files });
  };
  await send(await vscode.workspace.findFiles(wanted, undefined, maxFiles));
  const watcher = vscode.workspace.createFileSystemWatcher(wanted);
  const one = (uri: vscode.Uri): void => void send([uri]);
  context.subscriptions.push(
    watcher,
    watcher.onDidChange(one),
    watcher.onDidCreate(one),
    watcher.onDidDelete(one),
    vscode.workspace.onDidChangeWorkspaceFolders(async () => send(await vscode.workspace.findFiles(wanted))),
  );
  activateFeatures(context, client, async () => {
    await client?.stop();
    await client?.start();
  });
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
