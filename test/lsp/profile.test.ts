/** A heap profile of production, laid over the code by setting and by command. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CodeLens, Hover, InlayHint, InlayHintLabelPart } from "vscode-languageserver";
import { heapKinds, profileOf } from "../report/profiles.ts";
import { buildServer, Client, removeServer } from "./client.ts";

const source = `package p

type T struct{ a, b int }

func newT(a int) *T { return &T{a, 1} }

//go:noinline
func rare() *T {
	return &T{}
}

//go:noinline
func hot(n int) []*T {
	var all []*T
	for i := range n {
		all = append(all, newT(i))
	}
	return all
}
`;

let server = "";
let folder = "";

beforeAll(() => {
  server = buildServer();
  folder = mkdtempSync(join(tmpdir(), "goesc-lsp-profile-"));
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  writeFileSync(join(folder, "p.go"), source);
  const at = (name: string, line: number) => ({ name: `example.com/p.${name}`, file: "/build/p/p.go", line });
  const profile = profileOf(heapKinds, [
    // newT is inlined into hot.
    { frames: [[at("newT", 5), at("hot", 16)]], bytes: 3 * 2 ** 30 },
    { frames: [[at("rare", 9)]], bytes: 1 << 30 },
  ]);
  writeFileSync(join(folder, "heap.pb.gz"), gzipSync(profile));
  writeFileSync(join(folder, "cpu.pb"), profileOf(["samples", "cpu"], []));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeServer(server);
});

async function started(options: object): Promise<{ client: Client; uri: string }> {
  const client = new Client(server, { GOROOT: "off" });
  await client.initialize(folder, {}, options);
  const uri = await client.open(join(folder, "p.go"), source);
  await client.diagnostics(uri, ({ diagnostics }) => diagnostics.length > 0);
  return { client, uri };
}

async function hints(client: Client, uri: string): Promise<string[]> {
  const range = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };
  const list = (await client.connection.sendRequest("textDocument/inlayHint", {
    textDocument: { uri },
    range,
  })) as InlayHint[];
  return list.map(({ position, label }) => `${position.line + 1} ${(label as InlayHintLabelPart[])[0].value}`);
}

const run = (client: Client, command: string, ...args: unknown[]): Promise<unknown> =>
  client.connection.sendRequest("workspace/executeCommand", { command, arguments: args });

interface Ranking {
  readonly total: number;
  readonly found: number;
  readonly sites: readonly { func: string; rule: string; profiled: number }[];
}

it("its bytes stand at the values, in hints, hovers, lenses and diagnostics", async () => {
  const { client, uri } = await started({ profile: "heap.pb.gz", hints: "hot" });
  const hot = ["9 heap 16 B · 1.0 GiB profiled", "16 heap", "16 heap 16 B · 3.0 GiB profiled"];
  expect(await hints(client, uri)).toEqual(hot);
  const hover = (await client.connection.sendRequest("textDocument/hover", {
    textDocument: { uri },
    position: { line: 15, character: 22 },
  })) as Hover;
  expect((hover.contents as { value: string }).value).toContain(
    "Production: 3.0 GiB in the profile, 75 % (`heap.pb.gz`).",
  );
  const lenses = (await client.connection.sendRequest("textDocument/codeLens", {
    textDocument: { uri },
  })) as CodeLens[];
  expect(lenses.map(({ command }) => command?.title).join("\n")).toMatch(
    /1 escape · 16 B · 1\.0 GiB in the profile, 25 % · /,
  );
  const list = client.published.get(uri)!.diagnostics;
  expect(list.map(({ message }) => message)).toContain(
    "&T{...} escapes to heap (16 B, in a loop, 3.0 GiB in the profile, 75 %)",
  );

  // Lines move, and what has been edited has no numbers.
  const moved = await client.edit(uri, "package p\n", "package p\n\n// a comment\n");
  await client.diagnostics(uri, (p) => p.version === moved);
  await client.idle();
  expect(await hints(client, uri)).toEqual([
    "11 heap 16 B · 1.0 GiB profiled",
    "18 heap",
    "18 heap 16 B · 3.0 GiB profiled",
  ]);
  const edited = await client.edit(uri, "\treturn &T{}", "\treturn &T{a: 1}");
  await client.diagnostics(uri, (p) => p.version === edited);
  await client.idle();
  expect((await hints(client, uri)).filter((hint) => hint.startsWith("11"))).toEqual([]);
  expect(await client.close()).toBe(0);
});

it("a command lays one over the code, ranks reasons by bytes, and takes it away again", async () => {
  const { client, uri } = await started({ hints: "hot" });
  expect(await hints(client, uri)).toEqual(["16 heap", "16 heap 16 B"]);
  const { total, found, sites } = (await run(client, "goesc.profile", join(folder, "heap.pb.gz"))) as Ranking;
  expect([total, found]).toEqual([4 * 2 ** 30, 4 * 2 ** 30]);
  expect(sites.map(({ func, rule, profiled }) => [func, rule, profiled])).toEqual([
    ["hot", expect.stringMatching(/^[a-z-]+$/), 3 * 2 ** 30],
    ["rare", "pointer-literal", 2 ** 30],
  ]);
  expect((await hints(client, uri)).join()).toContain("3.0 GiB");
  await expect(run(client, "goesc.profile", "cpu.pb")).rejects.toThrow("cpu.pb is no heap profile");
  await expect(run(client, "goesc.profile", "nowhere.pb")).rejects.toThrow("nowhere.pb cannot be read");
  await expect(run(client, "goesc.profile", 7)).rejects.toThrow("the name of a heap profile");
  await run(client, "goesc.profile", "");
  expect(await hints(client, uri)).toEqual(["16 heap", "16 heap 16 B"]);
  expect(await client.close()).toBe(0);
});
