/** The language server: the protocol on one side, the engine on the other. It only adds to gopls: errors of the program
 *  are not reported.
 *
 *  Host-independent: who starts it supplies the connection, a channel to the engine and what differs between hosts. */
import {
  type CancellationToken,
  type ClientCapabilities,
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticReport,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  type Position,
  type PublishDiagnosticsParams,
  ResponseError,
  TextDocumentSyncKind,
  type WorkDoneProgressServerReporter,
  type WorkspaceDiagnosticReport,
} from "vscode-languageserver";
import { readHeapProfile } from "../report/findings/profile.ts";
import { Document } from "./documents.ts";
import type { Report } from "./engine/service.ts";
import { codeActions } from "./features/actions.ts";

import { DiagnosticTexts } from "./features/diagnostics.ts";
import { placedFindings } from "./features/findings.ts";
import { codeLenses, type HintContext, inlayHints } from "./features/hints.ts";
import { explained, type HoverContext, hover } from "./features/hover.ts";
import { ProfileOverlay } from "./features/profile.ts";
import { type Channel, EngineLink } from "./link.ts";
import { RawJson } from "./raw-json.ts";
import { defaultServerSettings, hintLevels, readClientCommands, readServerSettings } from "./settings.ts";
import { type Encoding, Text } from "./text.ts";
import { fileOfUri, uriOfFile } from "./uri.ts";

export interface ServerEnv {
  readonly version: string;
  readonly windows: boolean;
  /** The page with the rules, "" without one. */
  readonly help: string;
  /** An absolute name for one that may be relative to a directory. */
  resolve(dir: string, name: string): string;
  /** Unpacks what gzip has packed; throws for anything else. */
  gunzip(bytes: Uint8Array): Uint8Array;
  /** Reads a file that is not open; null if that cannot be done. */
  readFile(file: string): Uint8Array | null;
  /** The connection writes {@link RawJson} as it is. */
  readonly writesJson: boolean;
  exit(code: number): void;
}

/** Larger documents are not analysed. */
const maxDocument = 32 * 1024 * 1024;
/** How long answers wait for the engine, in ms. */
const patience = 1500;
/** The same for a document of which nothing is known yet. */
const patienceAtFirst = 10_000;
const nothingHere = "goesc: there is nothing on the heap here.";

export const commands = {
  showGraph: "goesc.showGraph",
  graph: "goesc.graph",
  heapSites: "goesc.heapSites",
  analyzeWorkspace: "goesc.analyzeWorkspace",
  setHints: "goesc.setHints",
  explain: "goesc.explain",
  profile: "goesc.profile",
  stats: "goesc.stats",
} as const;

export function startServer(connection: Connection, channel: Channel, env: ServerEnv): void {
  new Server(connection, channel, env).listen();
}

class Server {
  private readonly documents = new Map<string, Document>();
  private readonly byFile = new Map<string, Document>();
  private readonly diagnosticTexts = new WeakMap<Document, DiagnosticTexts>();
  /** Results of an earlier server are none of this one. */
  private readonly started = Date.now().toString(36);
  private results = 0;
  private readonly link: EngineLink;
  private settings = defaultServerSettings;
  private clientCommands: ReadonlySet<string> = new Set();
  private profile: ProfileOverlay | null = null;
  /** Files that are not open, as workspace diagnostics have them. */
  private closed = new Map<string, { readonly stamp: string; readonly document: Document }>();
  private encoding: Encoding = "utf-16";
  private scheme = "file";
  private authority = "";
  private capabilities: ClientCapabilities = {};
  private folders: string[] = [];
  private progress: WorkDoneProgressServerReporter | null = null;
  private isProgressing = false;
  private isShutDown = false;
  private refreshing: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly connection: Connection,
    channel: Channel,
    private readonly env: ServerEnv,
  ) {
    this.link = new EngineLink(channel, (report) => this.receive(report));
  }

  listen(): void {
    const { connection } = this;
    connection.onInitialize((params) => this.initialize(params));
    connection.onInitialized(() => this.initialized());
    connection.onShutdown(() => {
      this.isShutDown = true;
      this.link.close();
    });
    connection.onExit(() => this.env.exit(this.isShutDown ? 0 : 1));
    this.listenToDocuments();
    this.listenToQuestions();
    connection.onDidChangeConfiguration(({ settings }) => {
      const own = (settings as { goesc?: unknown } | null)?.goesc;
      if (own !== undefined) this.configure(own);
      else void this.askConfiguration();
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const files = changes.flatMap(({ uri }) => this.fileOf(uri) ?? []);
      if (files.length > 0) this.link.send({ kind: "changed", files });
    });
    connection.onNotification((method) => {
      // Those with a dollar may be ignored, says the protocol.
      if (!method.startsWith("$/")) connection.console.warn(`unknown notification ${method}`);
    });
    connection.listen();
  }

  // ------------------------------------------------------------------------------------------------- life

  private initialize(params: InitializeParams): InitializeResult {
    const { capabilities } = params;
    this.capabilities = capabilities;
    const wanted = capabilities.general?.positionEncodings ?? [];
    this.encoding = wanted.find((e): e is Encoding => e === "utf-8" || e === "utf-16" || e === "utf-32") ?? "utf-16";
    const roots = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    const [first] = roots;
    // Without an authority the slashes may be left out: `vscode-test:/dir`.
    const match = /^([a-zA-Z][\w+.-]*):(?:\/\/([^/]*))?/.exec(first ?? "");
    if (match !== null) {
      this.scheme = match[1];
      this.authority = match[2] ?? "";
    }
    this.folders = roots.flatMap((uri) => this.fileOf(uri) ?? []);
    this.clientCommands = readClientCommands(params.initializationOptions);
    this.configure(params.initializationOptions);
    return {
      serverInfo: { name: "goesc", version: this.env.version },
      capabilities: {
        positionEncoding: this.encoding,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        ...(this.pulls
          ? {
              diagnosticProvider: {
                identifier: "goesc",
                interFileDependencies: true,
                workspaceDiagnostics: true,
              },
            }
          : {}),
        inlayHintProvider: true,
        hoverProvider: true,
        codeLensProvider: { resolveProvider: false },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        executeCommandProvider: {
          commands: Object.values(commands).filter((name) => name !== commands.showGraph),
        },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  /** The client asks for diagnostics, and can be told to do so again. */
  private get pulls(): boolean {
    const { textDocument, workspace } = this.capabilities;
    return textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true;
  }

  private initialized(): void {
    const { connection, capabilities } = this;
    if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration)
      void connection.client.register(DidChangeConfigurationNotification.type, { section: "goesc" }).catch(() => {});
    if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = ["**/*.go", "**/go.mod", "**/go.sum", "**/go.work", "**/vendor/modules.txt"];
      const options = { watchers: watchers.map((globPattern) => ({ globPattern })) };
      void connection.client.register(DidChangeWatchedFilesNotification.type, options).catch(() => {});
    }
    if (capabilities.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.flatMap(({ uri }) => this.fileOf(uri) ?? []));
        this.folders = this.folders.filter((dir) => !gone.has(dir));
        for (const { uri } of added) {
          const dir = this.fileOf(uri);
          if (dir !== null) this.folders.push(dir);
        }
      });
    }
    void this.askConfiguration();
  }

  private async askConfiguration(): Promise<void> {
    if (this.capabilities.workspace?.configuration !== true) return;
    try {
      this.configure(await this.connection.workspace.getConfiguration("goesc"));
    } catch {
      // a client that promises more than it does
    }
  }

  private configure(value: unknown): void {
    if (value === null || value === undefined) return;
    const before = this.settings;
    this.settings = readServerSettings(value);
    if (before.profile !== this.settings.profile) {
      const problem = this.setProfile(this.settings.profile);
      if (problem !== "") this.connection.console.warn(problem);
    }
    if (JSON.stringify(before.engine) !== JSON.stringify(this.settings.engine))
      this.link.send({ kind: "configure", settings: this.settings.engine });
    this.refresh();
    for (const document of this.documents.values()) this.publish(document);
  }

  /** Lays a heap profile over the code, "" for none; the result says what is wrong with it. */
  private setProfile(name: string): string {
    this.profile = null;
    if (name === "") return "";
    const file = this.env.resolve(this.folders[0] ?? "", name);
    let bytes = this.env.readFile(file);
    if (bytes === null) return `${name} cannot be read`;
    try {
      if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = this.env.gunzip(bytes);
    } catch {
      return `${name} is damaged`;
    }
    const profile = readHeapProfile(bytes);
    if (profile === null) return `${name} is no heap profile`;
    this.profile = new ProfileOverlay(profile, name, (path) => this.env.readFile(path));
    return "";
  }

  private fileOf(uri: string): string | null {
    return fileOfUri(uri, this.scheme, this.env.windows) ?? fileOfUri(uri, "file", this.env.windows);
  }

  private readonly uriOf = (file: string): string => {
    const document = this.byFile.get(file);
    return document === undefined ? uriOfFile(file, this.scheme, this.env.windows, this.authority) : document.uri;
  };

  // ------------------------------------------------------------------------------------------------- documents

  private listenToDocuments(): void {
    const { connection } = this;
    connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
      const file = this.fileOf(uri);
      if (file === null || !(languageId === "go" || file.endsWith(".go"))) return;
      const document = new Document(uri, file, version, new Text(text));
      this.documents.set(uri, document);
      this.byFile.set(file, document);
      this.tell(document);
    });
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      const document = this.documents.get(uri);
      if (document === undefined) return;
      let { text } = document;
      for (const change of contentChanges) {
        if ("range" in change) {
          const start = text.offsetAt(change.range.start, this.encoding);
          const end = text.offsetAt(change.range.end, this.encoding);
          text = text.replace(Math.min(start, end), Math.max(start, end), change.text);
        } else text = new Text(change.text);
      }
      document.update(version, text);
      this.tell(document);
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      const document = this.documents.get(uri);
      if (document === undefined) return;
      this.documents.delete(uri);
      this.byFile.delete(document.file);
      this.link.send({ kind: "close", file: document.file });
      if (!this.pulls) void connection.sendDiagnostics({ uri, diagnostics: [] });
    });
    connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
      const file = this.fileOf(uri);
      if (file !== null && !this.byFile.has(file)) this.link.send({ kind: "changed", files: [file] });
    });
  }

  private tell(document: Document): void {
    const { file, version, text } = document;
    if (text.bytes.length > maxDocument) {
      this.connection.console.warn(`${file}: ${text.bytes.length} bytes are too many to be analysed`);
      return;
    }
    this.link.send({ kind: "document", file, version, bytes: text.bytes });
  }

  private receive(report: Exclude<Report, { kind: "answer" }>): void {
    switch (report.kind) {
      case "view": {
        const document = this.byFile.get(report.view.file);
        if (document === undefined) return;
        document.decide(report.view);
        this.publish(document);
        this.refresh();
        break;
      }
      case "log":
        this.connection.console.info(report.text);
        break;
      case "progress":
        void this.showProgress(report.done, report.total, report.what);
    }
  }

  private publish(document: Document): void {
    if (this.pulls || document.decided === null) return;
    const { uri } = document;
    // An older text's diagnostics would be at wrong places: they have been moved.
    const list = this.diagnosticsOf(document);
    const params = this.json(`{"uri":${JSON.stringify(uri)},"version":${document.version},"diagnostics":${list}}`);
    void this.connection.sendDiagnostics(params as PublishDiagnosticsParams);
  }

  private diagnosticsOf(document: Document): string {
    const { encoding, settings, profile } = this;
    return this.textsOf(document).json(document, { encoding, settings, profile, help: this.env.help });
  }

  private textsOf(document: Document): DiagnosticTexts {
    let texts = this.diagnosticTexts.get(document);
    if (texts === undefined) {
      texts = new DiagnosticTexts(() => `${this.started}-${++this.results}`);
      this.diagnosticTexts.set(document, texts);
    }
    return texts;
  }

  /** For the client; what has no stream to write to gets values. */
  private json(text: string): unknown {
    const raw = new RawJson(text);
    return this.env.writesJson ? raw : raw.toJSON();
  }

  /** Has the client ask again for what it asks for, soon. */
  private refresh(): void {
    if (this.refreshing !== null) return;
    this.refreshing = setTimeout(() => {
      this.refreshing = null;
      const { workspace } = this.capabilities;
      const { languages } = this.connection;
      if (workspace?.inlayHint?.refreshSupport) void languages.inlayHint.refresh().catch(() => {});
      if (workspace?.codeLens?.refreshSupport) {
        void this.connection.sendRequest("workspace/codeLens/refresh").catch(() => {});
      }
      if (this.pulls) void languages.diagnostics.refresh().catch(() => {});
    }, 20);
  }

  private async showProgress(done: number, total: number, what: string): Promise<void> {
    if (this.capabilities.window?.workDoneProgress !== true) return;
    if (total === 0) {
      this.progress?.done();
      this.progress = null;
      this.isProgressing = false;
      return;
    }
    if (!this.isProgressing) {
      this.isProgressing = true;
      const progress = await this.connection.window.createWorkDoneProgress();
      progress.begin("goesc", 0, what, false);
      if (this.isProgressing) this.progress = progress;
      else progress.done();
    } else this.progress?.report((100 * done) / total, what);
  }

  // ------------------------------------------------------------------------------------------------- questions

  private listenToQuestions(): void {
    const { connection } = this;
    connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token) => {
      const document = await this.settled(uri, token);
      const items = document === null ? "[]" : this.diagnosticsOf(document);
      const resultId = document === null ? "none" : this.textsOf(document).resultId;
      if (resultId === previousResultId) return { kind: "unchanged", resultId };
      return this.json(`{"kind":"full","resultId":"${resultId}","items":${items}}`) as DocumentDiagnosticReport;
    });
    connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }) => {
      return this.json(await this.workspaceReport(previousResultIds)) as WorkspaceDiagnosticReport;
    });
    connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }, token) => {
      const document = await this.settled(uri, token);
      return document === null ? [] : inlayHints(document, range, this.hintContext);
    });
    connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
      if (!this.settings.lens) return [];
      const document = await this.settled(uri, token);
      return document === null ? [] : codeLenses(document, this.encoding, this.profile, this.clientCommands);
    });
    connection.onHover(async ({ textDocument: { uri }, position }, token) => {
      const document = await this.settled(uri, token);
      if (document === null || !document.isCurrent) return null;
      const offset = document.text.offsetAt(position, this.encoding);
      const { version } = document;
      const explanations = await this.link.ask({ what: "explain", file: document.file, offset });
      if (document.version !== version) throw modified();
      return hover(document, explanations, this.hoverContext);
    });
    connection.onCodeAction(async ({ textDocument: { uri }, range, context }, token) => {
      const only = context.only ?? [CodeActionKind.QuickFix];
      if (!only.some((kind) => kind === CodeActionKind.QuickFix || kind === CodeActionKind.Empty)) return [];
      const document = await this.settled(uri, token);
      if (document === null || !document.isCurrent) return [];
      const { file, text, version } = document;
      const start = text.offsetAt(range.start, this.encoding);
      const end = text.offsetAt(range.end, this.encoding);
      const fixes = await this.link.ask({ what: "fixes", file, start, end });
      if (document.version !== version) throw modified();
      return codeActions(fixes, {
        encoding: this.encoding,
        diagnostics: context.diagnostics,
        textOf: (name) => this.textOf(name),
      });
    });
    connection.onExecuteCommand(({ command, arguments: args }) => this.execute(command, args ?? []));
  }

  /** Diagnostics of all files of the packages that are known, open or not, as JSON. */
  private async workspaceReport(previousIds: readonly { uri: string; value: string }[]): Promise<string> {
    const previous = new Map(previousIds.map(({ uri, value }) => [uri, value]));
    const known = new Map([...this.closed].map(([file, { stamp }]) => [file, stamp]));
    const closed = new Map<string, { stamp: string; document: Document }>();
    for (const { file, stamp, view } of await this.link.ask({ what: "views", known })) {
      let entry = this.closed.get(file);
      if (view !== null || entry === undefined) {
        const bytes = this.env.readFile(file);
        if (bytes === null || view === null) continue;
        const document = entry?.document ?? new Document(this.uriOf(file), file, -1, new Text(bytes));
        document.update(-1, new Text(bytes));
        document.decide(view);
        entry = { stamp, document };
      }
      closed.set(file, entry);
    }
    this.closed = closed;
    const items: string[] = [];
    const report = (uri: string, document: Document | null): void => {
      const list = document === null ? "[]" : this.diagnosticsOf(document);
      const id = document === null ? "none" : this.textsOf(document).resultId;
      const head = `"uri":${JSON.stringify(uri)},"version":${document === null || document.version < 0 ? null : document.version},"resultId":"${id}"`;
      if (previous.get(uri) === id) items.push(`{"kind":"unchanged",${head}}`);
      else items.push(`{"kind":"full",${head},"items":${list}}`);
      previous.delete(uri);
    };
    for (const document of this.documents.values()) if (document.decided !== null) report(document.uri, document);
    for (const { document } of closed.values()) if (!this.byFile.has(document.file)) report(document.uri, document);
    for (const uri of [...previous.keys()]) report(uri, null);
    return `{"items":[${items.join(",")}]}`;
  }

  private get hoverContext(): HoverContext {
    return { encoding: this.encoding, help: this.env.help, uriOf: this.uriOf, profile: this.profile };
  }

  private get hintContext(): HintContext {
    const { encoding, profile, settings, env } = this;
    return { level: settings.hints, encoding, profile, help: env.help, clientCommands: this.clientCommands };
  }

  /** The document, once the engine has seen its present text. */
  private async settled(uri: string, token: CancellationToken): Promise<Document | null> {
    const document = this.documents.get(uri);
    if (document === undefined) return null;
    if (document.text.bytes.length <= maxDocument) {
      const cancelled = new Promise<void>((resolve) => token.onCancellationRequested(() => resolve()));
      await Promise.race([document.current(document.decided === null ? patienceAtFirst : patience), cancelled]);
    }
    if (token.isCancellationRequested) throw new ResponseError(-32800, "cancelled");
    return document;
  }

  private textOf(file: string): { uri: string; version: number | null; text: Text } | null {
    const document = this.byFile.get(file);
    if (document !== undefined) return document;
    const bytes = this.env.readFile(file);
    return bytes === null ? null : { uri: this.uriOf(file), version: null, text: new Text(bytes) };
  }

  private placeOf(
    command: string,
    args: readonly unknown[],
  ): { document: Document; offset: number; more: { format?: unknown; quiet?: unknown } } {
    const place = args[0] as { uri?: string; position?: Position; format?: unknown; quiet?: unknown } | undefined;
    const document = this.documents.get(place?.uri ?? "");
    if (document === undefined || place?.position === undefined) throw invalid(`${command}: no open document`);
    return { document, offset: document.text.offsetAt(place.position, this.encoding), more: place };
  }

  /** What there is to say of the value at a place, or of all values on the heap of the function there; Markdown. */
  private async explain(document: Document, offset: number): Promise<string> {
    const { file } = document;
    const here = await this.link.ask({ what: "explain", file, offset });
    if (here.length > 0) {
      const same = here.filter(({ start, end }) => start === here[0].start && end === here[0].end);
      return explained(document, same, this.hoverContext);
    }
    const parts: string[] = [];
    const done = new Set<string>();
    for (const { group, fn, start, end } of placedFindings(document, { start: offset, end: offset })) {
      if (group !== "escape" || offset > fn.end || done.has(`${start} ${end}`)) continue;
      done.add(`${start} ${end}`);
      const all = await this.link.ask({ what: "explain", file, offset: start });
      const own = all.filter((explanation) => explanation.start === start && explanation.end === end);
      if (own.length === 0) continue;
      const line = document.text.lineAt(start) + 1;
      parts.push(
        `### Line ${line}: \`${document.text.slice(start, end)}\`\n\n${explained(document, own, this.hoverContext)}`,
      );
    }
    return parts.join("\n\n");
  }

  /** Every value on the heap, those first that cost most: bytes in the profile, then loops, then their size. */
  private async heapSites() {
    const sites = await this.link.ask({ what: "heapSites" });
    const rows = sites.flatMap(({ place, finding, at, ...site }) => {
      const target = this.textOf(place.file);
      if (target === null) return [];
      const { text, uri } = target;
      const profiled = this.profile?.bytesOf(site.importPath, place.file, text, at, finding) ?? 0;
      const inner = finding.inner === null ? "" : `${finding.inner.file}:${finding.inner.line}`;
      return [{ ...site, uri, range: text.range(place, this.encoding), profiled, inner }];
    });
    return rows.sort((a, b) => b.profiled - a.profiled || b.loopDepth - a.loopDepth || b.size - a.size);
  }

  private async execute(command: string, args: readonly unknown[]): Promise<unknown> {
    switch (command) {
      case commands.graph: {
        const { document, offset, more } = this.placeOf(command, args);
        const format = more.format === "json" ? "json" : "dot";
        return await this.link.ask({ what: "graph", file: document.file, offset, format });
      }
      case commands.explain: {
        const { document, offset, more } = this.placeOf(command, args);
        const text = await this.explain(document, offset);
        if (more.quiet !== true) {
          const message = { type: MessageType.Info, message: text === "" ? nothingHere : text };
          void this.connection.sendNotification("window/showMessage", message);
        }
        return text;
      }
      case commands.heapSites:
        return await this.heapSites();
      case commands.profile: {
        const [name = ""] = args;
        if (typeof name !== "string") throw invalid(`${command}: the name of a heap profile, or "" for none`);
        const problem = this.setProfile(name);
        this.refresh();
        for (const document of this.documents.values()) this.publish(document);
        if (problem !== "") throw invalid(`${command}: ${problem}`);
        if (this.profile === null) return { total: 0, found: 0, sites: [] };
        const sites = (await this.heapSites()).filter(({ profiled }) => profiled > 0);
        // Values of one line share its bytes.
        const lines = new Map(
          sites.map(({ uri, range, inner, profiled }) => [`${uri} ${range.start.line} ${inner}`, profiled]),
        );
        const found = [...lines.values()].reduce((sum, bytes) => sum + bytes, 0);
        return { total: this.profile.total, found, sites };
      }
      case commands.analyzeWorkspace:
        this.link.send({ kind: "analyzeBelow", dirs: this.folders });
        return null;
      case commands.setHints: {
        const level = hintLevels.find((known) => known === args[0]);
        if (level === undefined) throw invalid(`${command}: one of ${hintLevels.join(", ")}`);
        this.settings = { ...this.settings, hints: level };
        this.refresh();
        return null;
      }
      case commands.stats:
        return await this.link.ask({ what: "stats" });
      default:
        throw invalid(`unknown command ${command}`);
    }
  }
}

function invalid(message: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}

/** The document has changed while the answer was being found. */
function modified(): ResponseError<void> {
  return new ResponseError(-32801, "content modified");
}
