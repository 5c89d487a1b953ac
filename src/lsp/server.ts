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
  type Position,
  type PublishDiagnosticsParams,
  ResponseError,
  TextDocumentSyncKind,
  type WorkDoneProgressServerReporter,
} from "vscode-languageserver";
import { Document } from "./documents.ts";
import type { Report } from "./engine/service.ts";
import { codeActions } from "./features/actions.ts";

import { DiagnosticTexts } from "./features/diagnostics.ts";
import { codeLenses, inlayHints } from "./features/hints.ts";
import { hover } from "./features/hover.ts";
import { type Channel, EngineLink } from "./link.ts";
import { RawJson } from "./raw-json.ts";
import { defaultServerSettings, hintLevels, readServerSettings } from "./settings.ts";
import { type Encoding, Text } from "./text.ts";
import { fileOfUri, uriOfFile } from "./uri.ts";

export interface ServerEnv {
  readonly version: string;
  readonly windows: boolean;
  /** The page with the rules, "" without one. */
  readonly help: string;
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

export const commands = {
  showGraph: "goesc.showGraph",
  graph: "goesc.graph",
  heapSites: "goesc.heapSites",
  analyzeWorkspace: "goesc.analyzeWorkspace",
  setHints: "goesc.setHints",
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
    connection.onNotification((method) => connection.console.warn(`unknown notification ${method}`));
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
                workspaceDiagnostics: false,
              },
            }
          : {}),
        inlayHintProvider: true,
        hoverProvider: true,
        codeLensProvider: { resolveProvider: false },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        executeCommandProvider: {
          commands: [commands.graph, commands.heapSites, commands.analyzeWorkspace, commands.setHints, commands.stats],
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
    if (JSON.stringify(before.engine) !== JSON.stringify(this.settings.engine))
      this.link.send({ kind: "configure", settings: this.settings.engine });
    this.refresh();
    for (const document of this.documents.values()) this.publish(document);
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
    const { encoding, settings } = this;
    return this.textsOf(document).json(document, { encoding, settings, help: this.env.help });
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
    connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }, token) => {
      const document = await this.settled(uri, token);
      return document === null ? [] : inlayHints(document, range, this.settings.hints, this.encoding);
    });
    connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
      if (!this.settings.lens) return [];
      const document = await this.settled(uri, token);
      return document === null ? [] : codeLenses(document, this.encoding);
    });
    connection.onHover(async ({ textDocument: { uri }, position }, token) => {
      const document = await this.settled(uri, token);
      if (document === null || !document.isCurrent) return null;
      const offset = document.text.offsetAt(position, this.encoding);
      const { version } = document;
      const explanations = await this.link.ask({ what: "explain", file: document.file, offset });
      if (document.version !== version) throw modified();
      return hover(document, explanations, { encoding: this.encoding, help: this.env.help, uriOf: this.uriOf });
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

  /** The document, once the engine has seen its present text. */
  private async settled(uri: string, token: CancellationToken): Promise<Document | null> {
    const document = this.documents.get(uri);
    if (document === undefined) return null;
    if (document.text.bytes.length <= maxDocument) await document.current(patience);
    if (token.isCancellationRequested) throw new ResponseError(-32800, "cancelled");
    return document;
  }

  private textOf(file: string): { uri: string; version: number | null; text: Text } | null {
    const document = this.byFile.get(file);
    if (document !== undefined) return document;
    const bytes = this.env.readFile(file);
    return bytes === null ? null : { uri: this.uriOf(file), version: null, text: new Text(bytes) };
  }

  private async execute(command: string, args: readonly unknown[]): Promise<unknown> {
    switch (command) {
      case commands.graph: {
        const place = args[0] as { uri?: string; position?: Position; format?: string } | undefined;
        const document = this.documents.get(place?.uri ?? "");
        if (document === undefined || place?.position === undefined) throw invalid(`${command}: no open document`);
        const offset = document.text.offsetAt(place.position, this.encoding);
        const format = place.format === "json" ? "json" : "dot";
        return await this.link.ask({ what: "graph", file: document.file, offset, format });
      }
      case commands.heapSites: {
        const sites = await this.link.ask({ what: "heapSites" });
        return sites.flatMap(({ place, ...site }) => {
          const text = this.textOf(place.file);
          return text === null ? [] : [{ ...site, uri: text.uri, range: text.text.range(place, this.encoding) }];
        });
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
