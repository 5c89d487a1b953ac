/** The extension on the desktop and on remote machines: the server is a process. */
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { activateFeatures, clientOptions } from "./features.ts";
import { activateRunning } from "./run.ts";

let client: LanguageClient | null = null;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const chosen = vscode.workspace.getConfiguration("goesc").get<string>("server", "");
  const module = chosen !== "" ? chosen : context.asAbsolutePath("dist/goesc-lsp-start.mjs");
  const server = { module, transport: TransportKind.stdio };
  client = new LanguageClient("goesc", "goesc", { run: server, debug: server }, clientOptions());
  await client.start();
  activateFeatures(context, client, () => client?.restart());
  activateRunning(context);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
