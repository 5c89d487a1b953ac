/** Whatever a client sends: the server answers, says so, and is right afterwards. */
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServer, Client, type Published, removeServer } from "./client.ts";

// Processes are started and packages analysed, on machines that may be busy.

const source = "package p\n\nfunc f() *int { return new(int) }\n";
const found = ["new(int) escapes to heap (8 B)"];

let server = "";
let folder = "";

beforeAll(() => {
  server = buildServer();
  folder = mkdtempSync(join(tmpdir(), "goesc-bad-"));
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  writeFileSync(join(folder, "p.go"), source);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeServer(server);
});

async function start(): Promise<Client> {
  const client = new Client(server, { GOROOT: "off" });
  await client.initialize(folder);
  return client;
}

/** The server still knows what it is about. */
async function expectRight(client: Client, uri: string): Promise<void> {
  const version = await client.replace(uri, source);
  const list = await client.diagnostics(
    uri,
    (p) => p.version === version && p.diagnostics.length === 1 && (p.diagnostics[0].data as { fresh: boolean }).fresh,
  );
  expect(list.map(({ message }) => message)).toEqual(found);
}

describe("bad input", () => {
  it("unknown requests and wrong parameters are refused", async () => {
    const client = await start();
    const uri = await client.open(join(folder, "p.go"), source);
    await expect(client.connection.sendRequest("textDocument/nonsense", {})).rejects.toThrow(/Unhandled method/);
    const run = (command: string, ...args: unknown[]) =>
      client.connection.sendRequest("workspace/executeCommand", { command, arguments: args });
    await expect(run("goesc.nonsense")).rejects.toThrow(/unknown command/);
    await expect(run("goesc.graph", { uri: "file:///nowhere.go" })).rejects.toThrow(/no open document/);
    await expect(run("goesc.setHints", 7)).rejects.toThrow(/one of off, hot/);
    const hover = { textDocument: { uri: "file:///not/open.go" }, position: { line: 9, character: 9 } };
    expect(await client.connection.sendRequest("textDocument/hover", hover)).toBeNull();
    await client.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: "file:///not/open.go", version: 3 },
      contentChanges: [{ text: "x" }],
    });
    await client.connection.sendNotification("nonsense/notification", { a: 1 });
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: { goesc: 17 } });
    await expectRight(client, uri);
    expect(await client.close()).toBe(0);
  });

  it("positions beyond the text are moved into it", async () => {
    const client = await start();
    const uri = await client.open(join(folder, "p.go"), source);
    await client.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 100 },
      contentChanges: [
        { range: { start: { line: 900, character: 9 }, end: { line: 999, character: 0 } }, text: "\n// end\n" },
        { range: { start: { line: 0, character: 500 }, end: { line: 0, character: 600 } }, text: " // first" },
      ],
    });
    const list = await client.diagnostics(uri, (p) => p.version === 100 && p.diagnostics.length === 1);
    expect(list[0].range.start).toEqual({ line: 2, character: 23 });
    await client.close();
  });

  it.each([
    ["Content-Length: 40\r\n\r\n{not json at all, but as long as it says", /a message that cannot be read/],
    ["Content-Length: 4\r\n\r\nnull", /a message that cannot be read/],
    ["\x00\xff\r\n\r\n\x01\x02\x03\xc8", /bytes that are no message: 12 bytes are skipped/],
    ["Content-Length: -5\r\n\r\n{}", /a header that makes no sense/],
    ["Content-Length: 99999999999\r\n\r\n{}", /a message of 99999999999 bytes/],
    ['Content-Length: 999999\r\n\r\n{"jsonrpc":"2.0","meth', /a message that ended too early: 22 bytes are skipped/],
  ])("%j is skipped, said, and what follows is answered", async (bytes, said) => {
    const client = await start();
    const uri = await client.open(join(folder, "p.go"), source);
    client.process.stdin.write(bytes);
    await expectRight(client, uri);
    expect(client.logs.join("\n")).toMatch(said);
    expect(await client.close()).toBe(0);
  });

  it("a connection that ends in the middle of a message ends the server", async () => {
    const client = await start();
    const ended = new Promise((resolve) => client.process.on("exit", resolve));
    client.process.stdin.end("Content-Length: 999999\r\n\r\n{");
    expect(await ended).toBe(0);
    client.connection.dispose();
  });

  it("files that vanish and packages that cannot be loaded", async () => {
    const client = await start();
    const gone = join(folder, "gone.go");
    writeFileSync(gone, "package p\n\nfunc g() *int { return f() }\n");
    const uri = await client.open(join(folder, "p.go"), source);
    await client.diagnostics(uri);
    unlinkSync(gone);
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: `file://${gone}`, type: 3 }],
    });
    const nowhere = await client.open("/nowhere/at/all/x.go", source);
    await client.open(join(folder, "q_test.go"), source);
    expect(nowhere).toBe("file:///nowhere/at/all/x.go");
    await expectRight(client, uri);
    expect(await client.close()).toBe(0);
  });

  it("a file of 100 MB is refused, and says so", async () => {
    const client = await start();
    const uri = await client.open(join(folder, "p.go"), source);
    await client.open(join(folder, "big.go"), `package p\n${"// 世界\n".repeat(10_500_000)}`);
    await expectRight(client, uri);
    expect(client.logs.join("\n")).toMatch(/big\.go: 10\d{7} bytes are too many/);
    expect(await client.close()).toBe(0);
  });

  it("a storm of edits", async () => {
    const client = await start();
    const uri = await client.open(join(folder, "p.go"), source);
    await client.diagnostics(uri);
    const seen = new Set<number>();
    client.connection.onNotification("textDocument/publishDiagnostics", (published: Published) => {
      client.take(published);
      if (published.version !== undefined) seen.add(published.version);
    });
    for (let i = 0; i < 1000; i++) {
      const text = i % 3 === 0 ? "package p\n\nfunc f() *int { return new(" : source.replace("f()", `f${i}()`);
      void client.replace(uri, text);
    }
    // These were sent in a fraction of a second.
    // Answered, or given up because the text has changed since (ContentModified).
    const answered = client.connection
      .sendRequest("textDocument/hover", { textDocument: { uri }, position: { line: 2, character: 25 } })
      .then(
        () => true,
        ({ code }: { code: number }) => code === -32801,
      );
    await expectRight(client, uri);
    expect(await answered).toBe(true);
    expect(seen.size).toBeGreaterThan(0);
    expect(client.logs.filter((line) => /Error|failed/.test(line))).toEqual([]);
    expect(await client.close()).toBe(0);
  });
});
