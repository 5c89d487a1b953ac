/** The heap profile that the settings name: which file it is, and how much of it the known heap sites are. The server
 *  reads it and lays it over the code. */
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** Gives a file to a server that cannot read it. */
export type Provide = (uri: vscode.Uri) => Promise<void>;

export class ProfileStatus implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly status = vscode.window.createStatusBarItem("goesc.profile", vscode.StatusBarAlignment.Left);
  private readonly listener: vscode.Disposable;
  private name = "";
  /** Bytes in all; -1 without a profile. */
  private total = -1;

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly provide: Provide | null,
  ) {
    this.status.name = "goesc: heap profile";
    this.status.command = "goesc.chooseProfile";
    this.listener = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("goesc.profile")) void this.load();
    });
    void this.load();
  }

  dispose(): void {
    this.listener.dispose();
    this.status.dispose();
    this.changed.dispose();
  }

  get isThere(): boolean {
    return this.total >= 0;
  }

  /** Says in the status bar how much of the profile the known sites are. */
  show(known: number): void {
    if (!this.isThere) return;
    const percent = this.total === 0 ? 0 : Math.round((100 * known) / this.total);
    this.status.text = `$(flame) ${this.name}: ${percent} %`;
    this.status.tooltip = `${percent} % of the ${size(this.total)} in the heap profile ${this.name} were allocated at heap sites that are known. Click for another profile.`;
    this.status.show();
  }

  async choose(): Promise<void> {
    const none = "No profile";
    const other = "Choose a file…";
    if (this.isThere) {
      const choice = await vscode.window.showQuickPick([other, none], { title: `Heap profile: ${this.name}` });
      if (choice === undefined) return;
      if (choice === none) return this.set("");
    }
    const [uri] = (await vscode.window.showOpenDialog({ title: "A heap profile (pprof)", openLabel: "Show" })) ?? [];
    if (uri !== undefined) await this.set(vscode.workspace.asRelativePath(uri, false));
  }

  private async set(name: string): Promise<void> {
    const hasFolder = (vscode.workspace.workspaceFolders ?? []).length > 0;
    const target = hasFolder ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration("goesc").update("profile", name === "" ? undefined : name, target);
  }

  /** Has the server read the file now, whenever it hears of the setting. */
  async load(): Promise<void> {
    const wanted = vscode.workspace.getConfiguration("goesc").get<string>("profile", "");
    this.total = -1;
    this.name = wanted.slice(wanted.search(/[^/\\]*$/));
    try {
      if (wanted !== "") await this.provide?.(uriOf(wanted));
      const request = { command: "goesc.profile", arguments: [wanted] };
      const { total } = await this.client.sendRequest<{ total: number }>("workspace/executeCommand", request);
      if (wanted !== "") this.total = total;
    } catch (error) {
      void vscode.window.showWarningMessage(`goesc: ${(error as Error).message.replace(/^goesc\.profile: /, "")}`);
    }
    if (this.isThere) this.show(0);
    else this.status.hide();
    this.changed.fire();
  }
}

/** `3.2 MB`. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let value = bytes;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Names are relative to the first folder. */
function uriOf(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) return vscode.Uri.file(name);
  return name.startsWith("/") ? folder.uri.with({ path: name }) : vscode.Uri.joinPath(folder.uri, name);
}
