/** Several modules and folders: go.work, folders that come and go, files that change on disk, requests that are given up. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CancellationTokenSource } from "vscode-jsonrpc/node";
import { buildServer, Client, removeServer } from "./client.ts";

let server = "";
let folder = "";

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

beforeAll(() => {
  server = buildServer();
  folder = mkdtempSync(join(tmpdir(), "goesc-workspace-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeServer(server);
});

const library = (body: string): string => `package a\n\nvar sink any\n\n//go:noinline\nfunc Keep(p *int) { ${body} }\n`;
const program = 'package b\n\nimport "example.com/a"\n\nfunc F() {\n\ta.Keep(new(int))\n}\n';

async function messages(client: Client, uri: string, count: number): Promise<string[]> {
  const list = await client.diagnostics(uri, ({ diagnostics }) => diagnostics.length === count);
  return list.map(({ message }) => String(message));
}

it("modules of a go.work see each other, saved and unsaved, and changes on disk", async () => {
  write("w/go.work", "go 1.26\n\nuse ./a\nuse ./b\n");
  write("w/a/go.mod", "module example.com/a\n\ngo 1.26\n");
  write("w/b/go.mod", "module example.com/b\n\ngo 1.26\n");
  const a = write("w/a/a.go", library("sink = p"));
  const b = write("w/b/b.go", program);
  const client = new Client(server, { GOROOT: "off" });
  await client.initialize(join(folder, "w"));
  const uri = await client.open(b, program);
  expect(await messages(client, uri, 1)).toEqual(["new(int) escapes to heap (8 B)"]);
  // Unsaved text of the imported module counts.
  const imported = await client.open(a, library("_ = p"));
  await messages(client, uri, 0);
  await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: imported } });
  await messages(client, uri, 1);
  // What changes on disk counts once the client says so.
  writeFileSync(a, library("_ = *p"));
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: pathToFileURL(a).href, type: 2 }],
  });
  await messages(client, uri, 0);
  // Without the other module the package cannot be loaded; what was known must not stay as if it were right.
  write("w/go.work", "go 1.26\n\nuse ./b\n");
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: pathToFileURL(join(folder, "w", "go.work")).href, type: 2 }],
  });
  await client.idle();
  write("w/go.work", "go 1.26\n\nuse ./a\nuse ./b\n");
  writeFileSync(a, library("sink = p"));
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [
      { uri: pathToFileURL(join(folder, "w", "go.work")).href, type: 2 },
      { uri: pathToFileURL(a).href, type: 2 },
    ],
  });
  await messages(client, uri, 1);
  expect(await client.close()).toBe(0);
});

it("folders come and go", async () => {
  for (const name of ["x", "y"]) {
    write(`${name}/go.mod`, `module example.com/${name}\n\ngo 1.26\n`);
    write(`${name}/${name}.go`, `package ${name}\n\nfunc F() *int { return new(int) }\n`);
  }
  const client = new Client(server, { GOROOT: "off" });
  await client.initialize(join(folder, "x"), { workspace: { workspaceFolders: true } });
  const analysed = async (): Promise<string[]> => {
    await client.connection.sendRequest("workspace/executeCommand", { command: "goesc.analyzeWorkspace" });
    await client.idle();
    const sites = (await client.connection.sendRequest("workspace/executeCommand", {
      command: "goesc.heapSites",
    })) as { importPath: string }[];
    return sites.map(({ importPath }) => importPath).sort();
  };
  expect(await analysed()).toEqual(["example.com/x"]);
  const folderOf = (name: string) => ({ uri: pathToFileURL(join(folder, name)).href, name });
  await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
    event: { added: [folderOf("y")], removed: [] },
  });
  expect(await analysed()).toEqual(["example.com/x", "example.com/y"]);
  expect(await client.close()).toBe(0);
});

it("a request that is given up is answered at once", async () => {
  const file = write("z/z.go", "package z\n");
  const client = new Client(server, { GOROOT: "off" });
  await client.initialize(join(folder, "z"));
  const uri = await client.open(file, `package z\n\n${"func f() *int { return new(int) }\n".repeat(3)}`);
  const source = new CancellationTokenSource();
  const asked = client.connection.sendRequest(
    "textDocument/inlayHint",
    {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    },
    source.token,
  );
  source.cancel();
  await expect(asked).rejects.toMatchObject({ code: -32800 });
  expect(await client.close()).toBe(0);
});
