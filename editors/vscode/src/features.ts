/** What the desktop and the web extension have in common: commands, marks in the margin, the tree of heap sites. */
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { ProfileStatus, type Provide, size } from "./profile.ts";

export const clientOptions = (extra: Partial<LanguageClientOptions> = {}): LanguageClientOptions => ({
  documentSelector: [{ language: "go" }],
  diagnosticCollectionName: "goesc",
  initializationOptions: { ...settings(), clientCommands: ["goesc.showExplanation"] },
  outputChannelName: "goesc",
  ...extra,
});

function settings(): Record<string, unknown> {
  return JSON.parse(JSON.stringify(vscode.workspace.getConfiguration("goesc"))) as Record<string, unknown>;
}

/** Registers everything for a running client. */
export function activateFeatures(
  context: vscode.ExtensionContext,
  client: BaseLanguageClient,
  restart: () => unknown,
  provide: Provide | null = null,
): void {
  void vscode.commands.executeCommand("setContext", "goesc.active", true);
  const profile = new ProfileStatus(client, provide);
  const sites = new Sites(client, profile);
  const graphs = new Graphs();
  const { subscriptions } = context;
  const command = (name: string, run: (...args: never[]) => unknown): void => {
    subscriptions.push(vscode.commands.registerCommand(name, run));
  };
  subscriptions.push(
    profile,
    sites,
    vscode.window.registerTreeDataProvider("goesc.sites", sites),
    new Gutter(context.extensionUri),
    vscode.workspace.registerTextDocumentContentProvider(Graphs.scheme, graphs),
  );
  command("goesc.restart", async () => {
    await restart();
    await profile.load();
  });
  command("goesc.refreshSites", () => sites.refresh());
  command("goesc.groupSites", () => sites.choose());
  command("goesc.chooseProfile", () => profile.choose());
  command("goesc.analyzeWorkspaceNow", async () => {
    await run(client, "goesc.analyzeWorkspace");
    await sites.follow();
  });
  command("goesc.chooseHints", async () => {
    const level = await vscode.window.showQuickPick(["off", "hot", "escapes", "all"], { title: "Hints" });
    if (level !== undefined) await vscode.workspace.getConfiguration("goesc").update("hints", level, true);
  });
  const ask = async (question: string, place: Place | undefined, nothing: string): Promise<string> => {
    const editor = vscode.window.activeTextEditor;
    if (place === undefined && editor?.document.languageId !== "go") {
      void vscode.window.showInformationMessage("goesc: put the cursor into a function of a Go file first.");
      return "";
    }
    const at = place ?? {
      uri: client.code2ProtocolConverter.asUri(editor!.document.uri),
      position: client.code2ProtocolConverter.asPosition(editor!.selection.active),
    };
    const content = (await run(client, question, { ...at, quiet: true })) as string;
    if (content === "") void vscode.window.showInformationMessage(nothing);
    return content;
  };
  command("goesc.showGraph", async (place?: Place) => {
    const content = await ask("goesc.graph", place, "goesc: there is no function here that could be analysed.");
    if (content === "") return;
    const document = await vscode.workspace.openTextDocument(graphs.show(content, "/escape-graph.dot"));
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  });
  command("goesc.showExplanation", async (place?: Place) => {
    const content = await ask("goesc.explain", place, "goesc: there is nothing on the heap here.");
    if (content === "") return;
    const uri = graphs.show(content, "/escape-explanation.md");
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  });
}

interface Place {
  readonly uri: string;
  readonly position: unknown;
}

function run(client: BaseLanguageClient, command: string, ...args: unknown[]): Promise<unknown> {
  return client.sendRequest("workspace/executeCommand", { command, arguments: args });
}

/** The last graph and the last explanation, as documents that nobody has to save. */
class Graphs implements vscode.TextDocumentContentProvider {
  static readonly scheme = "goesc-graph";
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly contents = new Map<string, string>();

  show(content: string, path: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: Graphs.scheme, path });
    this.contents.set(path, content);
    this.changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.contents.get(uri.path) ?? "";
  }
}

// ----------------------------------------------------------------------------------------------------- margin

/** A mark on each line that puts something on the heap, darker in loops. */
class Gutter implements vscode.Disposable {
  private readonly cool: vscode.TextEditorDecorationType;
  private readonly hot: vscode.TextEditorDecorationType;
  private readonly listeners: vscode.Disposable[];

  constructor(base: vscode.Uri) {
    const mark = (name: string): vscode.TextEditorDecorationType =>
      vscode.window.createTextEditorDecorationType({
        gutterIconPath: vscode.Uri.joinPath(base, "media", name),
        gutterIconSize: "60%",
        overviewRulerColor: new vscode.ThemeColor("editorInfo.foreground"),
        overviewRulerLane: vscode.OverviewRulerLane.Left,
      });
    this.cool = mark("heap.svg");
    this.hot = mark("hot.svg");
    this.listeners = [
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const changed = new Set(uris.map(String));
        for (const editor of vscode.window.visibleTextEditors)
          if (changed.has(String(editor.document.uri))) this.draw(editor);
      }),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.draw(editor);
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("goesc.gutter")) this.drawAll();
      }),
    ];
    this.drawAll();
  }

  private drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.draw(editor);
  }

  private draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const isOn = vscode.workspace.getConfiguration("goesc").get<boolean>("gutter", true);
    if (document.languageId !== "go") return;
    const cool: vscode.DecorationOptions[] = [];
    const hot: vscode.DecorationOptions[] = [];
    for (const { source, range, message } of isOn ? vscode.languages.getDiagnostics(document.uri) : []) {
      if (source !== "goesc" || !/heap/.test(message)) continue;
      const isHot = / in (?:a loop|\d+ nested loops)/.test(message) || /\(in (?:a|\d)/.test(message);
      (isHot ? hot : cool).push({ range: new vscode.Range(range.start, range.start) });
    }
    editor.setDecorations(this.cool, cool);
    editor.setDecorations(this.hot, hot);
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.cool.dispose();
    this.hot.dispose();
  }
}

// ----------------------------------------------------------------------------------------------------- tree

interface Site {
  readonly importPath: string;
  readonly func: string;
  readonly rule: string;
  readonly message: string;
  readonly size: number;
  readonly loopDepth: number;
  readonly uri: string;
  /** Bytes that the profile has there; values of one line share them. */
  readonly profiled: number;
  /** Where it is written if it was inlined there. */
  readonly inner: string;
  readonly range: {
    readonly start: { line: number; character: number };
    readonly end: { line: number; character: number };
  };
}

type Key = "importPath" | "func" | "rule";

interface Group {
  readonly label: string;
  readonly sites: readonly Site[];
  /** What is to be grouped by below. */
  readonly rest: readonly Key[];
}

const orders: Readonly<Record<string, readonly Key[]>> = {
  "Package, function": ["importPath", "func"],
  "Package, cause": ["importPath", "rule"],
  Cause: ["rule"],
  // One list, the costliest first.
  "Production bytes": [],
};

class Sites implements vscode.TreeDataProvider<Group | Site> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private order: readonly Key[] = orders["Package, function"];

  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly listeners: readonly vscode.Disposable[];

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly profile: ProfileStatus,
  ) {
    this.listeners = [
      vscode.languages.onDidChangeDiagnostics(() => this.refreshSoon()),
      profile.onDidChange(() => {
        this.order = orders[profile.isThere ? "Production bytes" : "Package, function"];
        this.refresh();
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  /** Edits change diagnostics many times a second. */
  private refreshSoon(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.refresh();
    }, 500);
  }

  /** Shows what an analysis of many packages finds while it goes on. */
  async follow(): Promise<void> {
    let before = -1;
    for (let quiet = 0; quiet < 5; ) {
      await new Promise((resolve) => setTimeout(resolve, 600));
      const { length } = (await run(this.client, "goesc.heapSites")) as Site[];
      quiet = length === before ? quiet + 1 : 0;
      if (length !== before) this.refresh();
      before = length;
    }
  }

  async choose(): Promise<void> {
    const name = await vscode.window.showQuickPick(Object.keys(orders), { title: "Group by" });
    if (name === undefined) return;
    this.order = orders[name];
    this.refresh();
  }

  async getChildren(element?: Group | Site): Promise<(Group | Site)[]> {
    if (element === undefined) {
      const sites = (await run(this.client, "goesc.heapSites")) as Site[];
      const lines = new Map(sites.map((site) => [`${site.uri} ${site.range.start.line} ${site.inner}`, site.profiled]));
      this.profile.show([...lines.values()].reduce((sum, bytes) => sum + bytes, 0));
      return grouped(sites, this.order);
    }
    return "sites" in element ? grouped(element.sites, element.rest) : [];
  }

  getTreeItem(element: Group | Site): vscode.TreeItem {
    if ("sites" in element) {
      const item = new vscode.TreeItem(
        element.label || "(package variables)",
        vscode.TreeItemCollapsibleState.Collapsed,
      );
      item.description = String(element.sites.length);
      return item;
    }
    const item = new vscode.TreeItem(element.message);
    const uri = this.client.protocol2CodeConverter.asUri(element.uri);
    const { start, end } = element.range;
    const each = element.size < 0 ? "" : element.size === 0 ? " · allocates nothing" : ` · ${element.size} B`;
    const { profiled } = element;
    const all = profiled > 0 ? ` · ${size(profiled)} in production` : "";
    item.description = `${uri.path.slice(uri.path.lastIndexOf("/") + 1)}:${start.line + 1}${each}${all}`;
    item.iconPath = new vscode.ThemeIcon(element.loopDepth > 0 ? "flame" : "circle-filled");
    item.command = {
      command: "vscode.open",
      title: "Open",
      arguments: [uri, { selection: new vscode.Range(start.line, start.character, end.line, end.character) }],
    };
    return item;
  }
}

function grouped(sites: readonly Site[], [key, ...rest]: readonly Key[]): (Group | Site)[] {
  if (key === undefined) {
    return [...sites].sort((x, y) => y.profiled - x.profiled || y.loopDepth - x.loopDepth || y.size - x.size);
  }
  const groups = new Map<string, Site[]>();
  for (const site of sites) {
    const group = groups.get(site[key]);
    if (group === undefined) groups.set(site[key], [site]);
    else group.push(site);
  }
  return [...groups]
    .map(([label, members]) => ({ label, sites: members, rest }))
    .sort((x, y) => y.sites.length - x.sites.length || x.label.localeCompare(y.label));
}
