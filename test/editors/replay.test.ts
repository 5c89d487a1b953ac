/** Editors that cannot be installed here: the set-up of their page is held against the keys that they know, and the
 *  server is driven as they drive it. What they know and send was read in helix (helix-lsp/src/client.rs,
 *  helix-core/src/syntax/config.rs, July 2026) and in Sublime's package LSP (plugin/core/sessions.py, types.py, August
 *  2026). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse as parseToml } from "smol-toml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeAction, Diagnostic, InlayHint, Range, TextDocumentEdit } from "vscode-languageserver";
import { readServerSettings } from "../../src/lsp/settings.ts";
import { buildServer, Client, removeServer } from "../lsp/client.ts";

// Processes are started and packages analysed, on machines that may be busy.

const source = `package p

type T struct{ a, b int }

//go:noinline
func newT(a int) (string, *T) { return "世界 🎉", &T{a, 1} }

func use() int { _, t := newT(2); return t.a }
`;
const fixed = source.replace("*T", "T").replace("&T", "T");

let server = "";
let folder = "";

beforeAll(() => {
  server = buildServer();
  folder = mkdtempSync(join(tmpdir(), "goesc-replay-"));
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  writeFileSync(join(folder, "p.go"), source);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeServer(server);
});

/** The code blocks of a page. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(process.cwd(), "docs", "editors", page), "utf8");
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, block]) => block);
}

type Table = Readonly<Record<string, unknown>>;

function expectKeys(table: Table, known: readonly string[]): void {
  expect(known).toEqual(expect.arrayContaining(Object.keys(table)));
}

/** Every setting is one that the server knows, with a value that it takes. */
function expectSettings(options: Table): void {
  const read = readServerSettings(options) as unknown as Table;
  for (const [name, value] of Object.entries(options)) expect(read[name]).toBe(value);
}

/** A client that answers what servers ask of editors. */
function connect(configuration: unknown): Client {
  const client = new Client(server, { GOROOT: "off" });
  client.connection.onRequest("workspace/configuration", () => [configuration]);
  for (const method of ["window/workDoneProgress/create", "workspace/diagnostic/refresh"])
    client.connection.onRequest(method, () => null);
  return client;
}

/** Text at a range whose columns count bytes or UTF-16 units, and the text with edits made. */
class Columns {
  constructor(private readonly encoding: "utf-8" | "utf-16") {}

  private offset(text: string, { line, character }: Range["start"]): number {
    const lines = text.split("\n");
    const before = lines.slice(0, line).reduce((sum, l) => sum + l.length + 1, 0);
    if (this.encoding === "utf-16") return before + character;
    return before + Buffer.from(lines[line]).subarray(0, character).toString().length;
  }

  at(text: string, { start, end }: Range): string {
    return text.slice(this.offset(text, start), this.offset(text, end));
  }

  edited(text: string, edits: TextDocumentEdit["edits"]): string {
    const last = [...edits].sort((a, b) => this.offset(text, range(b).start) - this.offset(text, range(a).start));
    for (const edit of last) {
      const { start, end } = range(edit);
      const newText = "newText" in edit ? edit.newText : "";
      text = text.slice(0, this.offset(text, start)) + newText + text.slice(this.offset(text, end));
    }
    return text;
  }
}

function range(edit: TextDocumentEdit["edits"][number]): Range {
  if (!("range" in edit)) throw new Error("an edit without a range");
  return edit.range;
}

async function hintsAndAction(client: Client, uri: string, found: Diagnostic, columns: Columns): Promise<void> {
  const all = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const textDocument = { uri };
  const hints = await client.connection.sendRequest<InlayHint[]>("textDocument/inlayHint", {
    textDocument,
    range: all,
  });
  expect(hints.map(({ label }) => (typeof label === "string" ? label : label.map((p) => p.value).join("")))).toEqual([
    "heap 16 B",
  ]);
  const context = { diagnostics: [found], triggerKind: 1 };
  const actions = await client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
    textDocument,
    range: found.range,
    context,
  });
  const changes = actions[0].edit!.documentChanges as TextDocumentEdit[];
  expect(changes.map((change) => change.textDocument.uri)).toEqual([uri]);
  expect(columns.edited(source, changes[0].edits)).toBe(fixed);
}

describe("Helix", () => {
  const languages = parseToml(blocks("helix.md", "toml")[0]) as {
    "language-server": Record<string, Table>;
    language: Table[];
  };
  const features =
    "format goto-declaration goto-definition goto-type-definition goto-reference goto-implementation signature-help hover document-highlight completion code-action document-links workspace-command document-symbols workspace-symbols diagnostics pull-diagnostics rename-symbol inlay-hints document-colors call-hierarchy".split(
      " ",
    );

  it("knows every key of the page", () => {
    expectKeys(languages, ["language", "language-server"]);
    const own = languages["language-server"].goesc;
    expectKeys(own, ["command", "args", "config", "timeout", "environment", "required-root-patterns"]);
    expect([own.command, own.args]).toEqual(["goesc", ["lsp"]]);
    expectSettings(own.config as Table);
    const [go] = languages.language;
    expectKeys(go, ["name", "language-servers"]);
    expect(go.name).toBe("go");
    const servers = go["language-servers"] as (string | { name: string; [key: string]: string | string[] })[];
    expect(servers.map((entry) => (typeof entry === "string" ? entry : entry.name))).toEqual(["gopls", "goesc"]);
    for (const entry of servers) {
      if (typeof entry === "string") continue;
      expectKeys(entry, ["name", "only-features", "except-features"]);
      const { "except-features": except = [], "only-features": only = [] } = entry as Record<
        string,
        string[] | undefined
      >;
      expect(features).toEqual(expect.arrayContaining([...except, ...only]));
    }
    // Helix takes hints of the first server that has any.
    const first = servers.find((entry) => typeof entry === "string" || !JSON.stringify(entry).includes("inlay-hints"));
    expect(first).toBe("goesc");
    expect(parseToml(blocks("helix.md", "toml")[1])).toEqual({ editor: { lsp: { "display-inlay-hints": true } } });
  });

  it("gets diagnostics pushed, in bytes, and hints and actions", async () => {
    const client = connect(null); // it has no section of that name
    const capabilities = {
      workspace: {
        configuration: true,
        didChangeConfiguration: { dynamicRegistration: false },
        workspaceFolders: true,
        applyEdit: true,
        executeCommand: { dynamicRegistration: false },
        inlayHint: { refreshSupport: false },
        workspaceEdit: { documentChanges: true, failureHandling: "abort", normalizesLineEndings: false },
        didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
        diagnostic: { refreshSupport: true }, // its spelling
      },
      textDocument: {
        hover: { contentFormat: ["markdown"] },
        codeAction: {
          codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "refactor", "source"] } },
          isPreferredSupport: true,
          dataSupport: true,
          resolveSupport: { properties: ["edit", "command"] },
        },
        diagnostic: { dynamicRegistration: false, relatedDocumentSupport: true },
        publishDiagnostics: { versionSupport: true, tagSupport: { valueSet: [1, 2] } },
        inlayHint: { dynamicRegistration: false },
      },
      window: { workDoneProgress: true, showDocument: { support: true } },
      general: { positionEncodings: ["utf-8", "utf-32", "utf-16"] },
    };
    const config = languages["language-server"].goesc.config as object;
    const result = await client.initialize(folder, capabilities, config);
    expect(result.capabilities.positionEncoding).toBe("utf-8");
    const uri = await client.open(join(folder, "p.go"), source);
    const [found] = await client.diagnostics(uri, ({ diagnostics }) => diagnostics.length > 0);
    const columns = new Columns("utf-8");
    expect(columns.at(source, found.range)).toBe("&T{a, 1}");
    await hintsAndAction(client, uri, found, columns);
    expect(await client.close()).toBe(0);
  });
});

describe("Sublime Text", () => {
  const settings = JSON.parse(blocks("sublime.md", "json")[0]) as { clients: Record<string, Table> };
  const own = settings.clients.goesc;

  it("knows every key of the page", () => {
    expectKeys(settings, ["show_inlay_hints", "clients"]);
    expectKeys(own, ["enabled", "command", "selector", "initialization_options", "settings", "env"]);
    expect(own).toMatchObject({ enabled: true, command: ["goesc", "lsp"], selector: "source.go" });
    expectSettings(own.initialization_options as Table);
  });

  it("pulls diagnostics, in UTF-16, and gets hints and actions", async () => {
    const client = connect(null);
    const dynamic = { dynamicRegistration: true };
    const capabilities = {
      workspace: {
        applyEdit: true,
        workspaceEdit: { documentChanges: true, failureHandling: "abort", normalizesLineEndings: true },
        didChangeConfiguration: dynamic,
        executeCommand: dynamic,
        workspaceFolders: true,
        configuration: true,
        codeLens: { refreshSupport: true },
        inlayHint: { refreshSupport: true },
        diagnostics: { refreshSupport: true },
      },
      textDocument: {
        synchronization: { ...dynamic, willSave: true, didSave: true },
        hover: { ...dynamic, contentFormat: ["markdown", "plaintext"] },
        codeAction: {
          ...dynamic,
          codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "refactor", "source.fixAll"] } },
          isPreferredSupport: true,
          dataSupport: true,
          resolveSupport: { properties: ["edit"] },
        },
        codeLens: { ...dynamic, resolveSupport: { properties: ["command"] } },
        publishDiagnostics: { relatedInformation: true, versionSupport: true, dataSupport: true },
        inlayHint: { ...dynamic, resolveSupport: { properties: ["textEdits", "label.command"] } },
        diagnostic: { ...dynamic, relatedDocumentSupport: true, relatedInformation: true, dataSupport: true },
      },
      window: { workDoneProgress: true, showDocument: { support: true } },
      general: { positionEncodings: ["utf-16"] },
    };
    const result = await client.initialize(folder, capabilities, own.initialization_options as object);
    expect(result.capabilities).toMatchObject({
      positionEncoding: "utf-16",
      diagnosticProvider: { identifier: "goesc" },
    });
    const uri = await client.open(join(folder, "p.go"), source);
    const pull = () =>
      client.connection.sendRequest<{ kind: string; items: Diagnostic[] }>("textDocument/diagnostic", {
        textDocument: { uri },
        identifier: "goesc",
      });
    await expect.poll(async () => (await pull()).items.length, { timeout: 240_000 }).toBe(1);
    const [found] = (await pull()).items;
    const columns = new Columns("utf-16");
    expect(columns.at(source, found.range)).toBe("&T{a, 1}");
    expect(client.published.size).toBe(0);
    await hintsAndAction(client, uri, found, columns);
    expect(await client.close()).toBe(0);
  });
});
