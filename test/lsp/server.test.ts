/** The server over its protocol, as a client sees it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeAction, CodeLens, Hover, InlayHint, InlayHintLabelPart } from "vscode-languageserver";
import { buildServer, Client, type Published, removeServer } from "./client.ts";

// Processes are started and packages analysed, on machines that may be busy.

const source = `package p

import "fmt"

type T struct{ a, b int }

func newT(a int) *T { return &T{a, 1} }

//go:noinline
func keep(p *T) *T { return p }

func Sum(n int) int {
	s := 0
	for i := 0; i < n; i++ {
		fmt.Println("世界 🎉é", i, n)
	}
	t := &T{a: n}
	return s + keep(t).a
}
`;

let server = "";
let folder = "";
let client: Client;

beforeAll(() => {
  server = buildServer();
  folder = mkdtempSync(join(tmpdir(), "goesc-lsp-test-"));
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  writeFileSync(join(folder, "p.go"), source);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeServer(server);
});

async function session<T>(
  run: (client: Client, uri: string) => Promise<T>,
  extra: object = {},
  options: object | null = null,
): Promise<T> {
  client = new Client(server, { GOROOT: "off" });
  try {
    await client.initialize(folder, extra, options);
    const uri = await client.open(join(folder, "p.go"), source);
    return await run(client, uri);
  } finally {
    expect(await client.close()).toBe(0);
  }
}

const summary = [
  "&T{a, 1}: &T{...} escapes to heap (16 B)",
  '"世界 🎉é": "世界 🎉é" escapes to heap (allocates nothing, in a loop)',
  "i: i escapes to heap (8 B, in a loop)",
  "n: n escapes to heap (8 B, in a loop)",
];

/** Nothing in it is from before the last edit. */
function isFresh({ diagnostics }: Published): boolean {
  return diagnostics.every(({ data }) => (data as { fresh: boolean }).fresh);
}

describe("diagnostics", () => {
  it("cover the whole expression, beyond the basic plane too", async () => {
    await session(async (client, uri) => {
      const list = await client.diagnostics(uri);
      expect(list.map((d) => `${client.source(uri, d.range)}: ${d.message}`).sort()).toEqual([...summary].sort());
      expect(list.map((d) => d.code)).toContain("pointer-literal");
      const [first] = list;
      expect(first.source).toBe("goesc");
      expect(first.relatedInformation?.map(({ message }) => message)).toContain("return &T{...} (return)");
    });
  });

  it("count in the encoding that was agreed on", async () => {
    for (const encoding of ["utf-8", "utf-32"]) {
      client = new Client(server, { GOROOT: "off" });
      const { capabilities } = await client.initialize(folder, { general: { positionEncodings: [encoding] } });
      expect(capabilities.positionEncoding).toBe(encoding);
      const text = "package p\n\nvar sink any\n\nfunc f() { /* 世界 🎉 */ sink = 1000 }\n";
      const uri = await client.open(join(folder, "p.go"), text);
      const [found] = await client.diagnostics(uri);
      const prefix = "func f() { /* 世界 🎉 */ sink = ";
      const length = encoding === "utf-8" ? Buffer.byteLength(prefix) : [...prefix].length;
      expect(found.range.start).toEqual({ line: 4, character: length });
      await client.close();
    }
  });

  it("stay while the file is broken, moved with the text, and are right again afterwards", async () => {
    await session(async (client, uri) => {
      const before = (await client.diagnostics(uri)).length;
      const broken = await client.edit(uri, "\ts := 0\n", "\t// a line more\n\ts := 0 +\n");
      const kept = await client.decisionsAt(uri, broken);
      expect(kept.sort()).toEqual([...summary].sort());
      const mended = await client.edit(uri, "s := 0 +\n", "s := new(int)\n");
      expect(await client.decisionsAt(uri, mended)).toHaveLength(before); // s is no int now
      const valid = await client.edit(uri, "return s + keep(t).a", "sink = s\n\treturn keep(t).a");
      expect(await client.decisionsAt(uri, valid)).toHaveLength(before); // there is no sink
      const whole = await client.edit(uri, "type T struct", "var sink *int\n\ntype T struct");
      const list = await client.diagnostics(uri, (p) => p.version === whole && p.diagnostics.length > before);
      expect(list.map((d) => d.message)).toContain("new(int) escapes to heap (8 B)");
    });
  });

  it("are pulled by clients that ask for them", async () => {
    const extra = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };
    client = new Client(server, { GOROOT: "off" });
    client.connection.onRequest("workspace/diagnostic/refresh", () => null);
    const { capabilities } = await client.initialize(folder, extra);
    expect(capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: true });
    const uri = await client.open(join(folder, "p.go"), source);
    const ask = (previousResultId?: string) =>
      client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri }, previousResultId });
    const full = (await ask()) as { kind: string; items: unknown[]; resultId: string };
    expect(full.items).toHaveLength(summary.length);
    expect(await ask(full.resultId)).toEqual({ kind: "unchanged", resultId: full.resultId });
    expect(client.published.size).toBe(0);
    await client.close();
  });

  it("are pulled for the workspace, files that are not open included", async () => {
    const other = join(folder, "q", "q.go");
    mkdirSync(dirname(other), { recursive: true });
    writeFileSync(other, "package q\n\nfunc New() *int { return new(int) }\n");
    const extra = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };
    client = new Client(server, { GOROOT: "off" });
    client.connection.onRequest("workspace/diagnostic/refresh", () => null);
    await client.initialize(folder, extra);
    const uri = await client.open(join(folder, "p.go"), source);
    await client.connection.sendRequest("workspace/executeCommand", { command: "goesc.analyzeWorkspace" });
    await client.idle();
    interface Item {
      readonly kind: string;
      readonly uri: string;
      readonly version: number | null;
      readonly resultId: string;
      readonly items: readonly { message: string }[];
    }
    const ask = async (previousResultIds: readonly { uri: string; value: string }[]): Promise<readonly Item[]> =>
      ((await client.connection.sendRequest("workspace/diagnostic", { previousResultIds })) as { items: Item[] }).items;
    const first = await ask([]);
    const found = first.map(({ kind, uri: at, version, items }) => [kind, at === uri, version === null, items.length]);
    expect(found).toEqual([
      ["full", true, false, summary.length],
      ["full", false, true, 1],
    ]);
    const ids = first.map(({ uri: at, resultId }) => ({ uri: at, value: resultId }));
    expect((await ask(ids)).map(({ kind }) => kind)).toEqual(["unchanged", "unchanged"]);
    writeFileSync(other, "package q\n\nfunc New() int { return *new(int) }\n");
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: pathToFileURL(other).href, type: 2 }],
    });
    await client.connection.sendRequest("workspace/executeCommand", { command: "goesc.analyzeWorkspace" });
    await client.idle();
    const later = await ask(ids);
    expect(later.map(({ kind, items }) => [kind, items?.length])).toEqual([
      ["unchanged", undefined],
      ["full", 0],
    ]);
    rmSync(dirname(other), { recursive: true });
    await client.close();
  });
});

function part(label: InlayHint["label"]): InlayHintLabelPart {
  return (label as InlayHintLabelPart[])[0];
}

describe("beside the code", () => {
  it("hints lead to the next step and explain themselves", async () => {
    await session(
      async (client, uri) => {
        await client.diagnostics(uri);
        const [hint] = (await client.connection.sendRequest("textDocument/inlayHint", {
          textDocument: { uri },
          range: { start: { line: 6, character: 0 }, end: { line: 7, character: 0 } },
        })) as InlayHint[];
        const { location, command, tooltip } = part(hint.label);
        expect(client.source(uri, location!.range)).toContain("return &T{a, 1}");
        expect((tooltip as { value: string }).value).toContain("`&T{...} escapes to heap`");
        const shown = new Promise<string>((resolve) =>
          client.connection.onNotification("window/showMessage", ({ message }: { message: string }) =>
            resolve(message),
          ),
        );
        const text = await client.connection.sendRequest("workspace/executeCommand", {
          command: command!.command,
          arguments: command!.arguments,
        });
        expect(text).toContain("allocates on the heap");
        expect(await shown).toBe(text);
      },
      {},
      { hints: "escapes" },
    );
  });

  it("lenses offer what the client can do", async () => {
    await session(
      async (client, uri) => {
        await client.diagnostics(uri);
        const version = await client.replace(
          uri,
          source.replace("package p", "package main").replace("Sum(n", "main() {}\n\nfunc sum(n"),
        );
        await client.diagnostics(uri, (p) => p.version === version && p.diagnostics.length > 0);
        await client.idle();
        const lenses = (await client.connection.sendRequest("textDocument/codeLens", {
          textDocument: { uri },
        })) as CodeLens[];
        const others = lenses.filter(({ command }) => command!.command !== "goesc.showGraph");
        const titles = others.map(
          ({ range, command }) => `${range.start.line + 1} ${command!.title} ${command!.command}`,
        );
        expect(titles).toEqual([
          "7 Explain goesc.showExplanation",
          "12 Run goesc.run",
          "14 Explain goesc.showExplanation",
        ]);
        const text = await client.connection.sendRequest("workspace/executeCommand", {
          command: "goesc.explain",
          arguments: [{ uri, position: others[2].range.start, quiet: true }],
        });
        expect(text).toContain('### Line 17: `"世界 🎉é"`');
        expect(text).toContain("### Line 17: `n`");
      },
      {},
      { clientCommands: ["goesc.showExplanation", "goesc.run"] },
    );
  });

  it("hints say where values are", async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };
    const labels = async (client: Client, uri: string): Promise<string[]> => {
      const hints = (await client.connection.sendRequest("textDocument/inlayHint", {
        textDocument: { uri },
        range,
      })) as InlayHint[];
      return hints.map(({ position, label }) => `${position.line + 1}:${position.character} ${part(label).value}`);
    };
    await session(
      async (client, uri) => {
        expect(await labels(client, uri)).toEqual([
          "7:37 heap 16 B",
          "15:22 allocates nothing",
          "15:25 heap 8 B",
          "15:28 heap 8 B",
        ]);
        await client.connection.sendRequest("workspace/executeCommand", {
          command: "goesc.setHints",
          arguments: ["hot"],
        });
        expect(await labels(client, uri)).toEqual(["15:25 heap 8 B", "15:28 heap 8 B"]);
      },
      {},
      { hints: "escapes" },
    );
  });

  it("a lens above each function counts", async () => {
    await session(async (client, uri) => {
      const lenses = (await client.connection.sendRequest("textDocument/codeLens", {
        textDocument: { uri },
      })) as CodeLens[];
      const titles = lenses.map(({ command }) => command?.title);
      expect(titles[0]).toMatch(/^1 escape · 16 B · inlinable \(cost \d+ of 80\)$/);
      expect(titles[1]).toBe("no escapes · not inlined");
      expect(titles[2]).toBe("3 escapes · 16 B · not inlined");
    });
  });

  it("hovering tells the way, the rule and what to do", async () => {
    await session(async (client, uri) => {
      const found = (await client.connection.sendRequest("textDocument/hover", {
        textDocument: { uri },
        position: { line: 6, character: 31 },
      })) as Hover;
      const { value } = found.contents as { value: string };
      expect(value).toContain("`&T{...}` allocates on the heap. (16 B)");
      expect(value).toContain("It is returned.");
      expect(value).toContain("Instead");
    });
  });

  it("an action keeps a value on the stack", async () => {
    await session(async (client, uri) => {
      await client.diagnostics(uri);
      const version = await client.replace(
        uri,
        "package p\n\ntype T struct{ a, b int }\n\n//go:noinline\nfunc newT(a int) *T { return &T{a, 1} }\n\nfunc use() int { return newT(2).a }\n",
      );
      const [found] = await client.diagnostics(
        uri,
        (p) => p.version === version && p.diagnostics.length > 0 && isFresh(p),
      );
      const actions = (await client.connection.sendRequest("textDocument/codeAction", {
        textDocument: { uri },
        range: found.range,
        context: { diagnostics: [found] },
      })) as CodeAction[];
      expect(actions.map(({ title }) => title)).toContain("Use the value instead of a pointer to it. (1 off the heap)");
    });
  });

  it("commands give the graph of a function and the values on the heap", async () => {
    await session(async (client, uri) => {
      await client.diagnostics(uri);
      const run = (command: string, ...args: unknown[]) =>
        client.connection.sendRequest("workspace/executeCommand", { command, arguments: args });
      const dot = await run("goesc.graph", { uri, position: { line: 6, character: 6 } });
      expect(dot).toContain("{storage for &T{...}}");
      const sites = (await run("goesc.heapSites")) as { func: string; message: string }[];
      expect(sites.filter(({ func }) => func === "Sum")).toHaveLength(3);
    });
  });

  it("values on the heap in generic functions are listed by instance, under the types that users write", async () => {
    await session(async (client, uri) => {
      await client.diagnostics(uri);
      const version = await client.replace(
        uri,
        `package p

type ID int

type Pair[K, V any] struct { k K; v V }

//go:noinline
func Pairs[K, V any](k K, v V) *Pair[K, V] { return &Pair[K, V]{k, v} }

type List[T any] struct { head *T }

//go:noinline
func (l *List[T]) Push(v T) { l.head = &v }

func use() {
	Pairs("a", 1)
	Pairs(ID(1), ID(2))
	Pairs(1, 2)
	Pairs(1, ID(2))
	new(List[ID]).Push(3)
}
`,
      );
      await client.diagnostics(uri, (p) => p.version === version && p.diagnostics.length > 0 && isFresh(p));
      const request = { command: "goesc.heapSites", arguments: [] };
      const sites = await client.connection.sendRequest<{ func: string; message: string }[]>(
        "workspace/executeCommand",
        request,
      );
      expect(sites.map(({ func, message }) => `${func}: ${message}`).sort()).toEqual([
        "(*List[ID]).Push: moved to heap: v",
        "Pairs[ID,ID]: &Pair[ID,ID]{...} escapes to heap",
        "Pairs[int,ID]: &Pair[int,int]{...} escapes to heap",
        "Pairs[int,int]: &Pair[int,int]{...} escapes to heap",
        "Pairs[string,int]: &Pair[string,int]{...} escapes to heap",
      ]);
    });
  });
});
