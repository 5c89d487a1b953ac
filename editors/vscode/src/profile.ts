/** A heap profile of the running program over the heap sites: which of them production pays for. */
import * as vscode from "vscode";
import { bytesByLine, profiledAt, readHeapProfile } from "../../../src/report/findings/profile.ts";

/** The profile that the settings name. */
export class ProfileOverlay implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly status = vscode.window.createStatusBarItem("goesc.profile", vscode.StatusBarAlignment.Left);
  private readonly listener: vscode.Disposable;
  private lines: ReadonlyMap<string, number> | null = null;
  private name = "";
  private total = 0;

  constructor() {
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
    return this.lines !== null;
  }

  /** Bytes that were allocated at a line of a package; -1 if the profile has none. */
  bytesAt(importPath: string, file: string, line: number): number {
    return this.lines === null ? -1 : profiledAt(this.lines, importPath, file, line);
  }

  /** Says in the status bar how much of the profile is known by its sites. */
  show(known: number): void {
    if (this.lines === null) return;
    const percent = this.total === 0 ? 0 : Math.round((100 * known) / this.total);
    this.status.text = `$(flame) ${this.name}: ${percent} %`;
    this.status.tooltip = `${percent} % of the ${size(this.total)} in the heap profile ${this.name} were allocated at heap sites that are known. Click for another profile.`;
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

  private async load(): Promise<void> {
    const wanted = vscode.workspace.getConfiguration("goesc").get<string>("profile", "");
    this.lines = null;
    if (wanted !== "") {
      try {
        const profile = readHeapProfile(await unpacked(await vscode.workspace.fs.readFile(uriOf(wanted))));
        if (profile === null) throw new Error("it is no heap profile");
        this.lines = bytesByLine(profile);
        this.total = profile.total;
        this.name = wanted.slice(wanted.search(/[^/\\]*$/));
      } catch (error) {
        void vscode.window.showWarningMessage(`goesc: ${wanted}: ${(error as Error).message}`);
      }
    }
    if (this.lines === null) this.status.hide();
    else {
      this.show(0);
      this.status.show();
    }
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
  if (/^(?:\/|[a-zA-Z]:[\\/])/.test(name)) {
    return folder === undefined ? vscode.Uri.file(name) : folder.uri.with({ path: vscode.Uri.file(name).path });
  }
  if (folder === undefined) throw new Error("a relative name needs a folder");
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Profiles are written with gzip. */
async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Response(new Uint8Array(bytes)).body!.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
