/** After edits the server says what a fresh `goesc -m` prints, at the right places in every encoding; and what it keeps of
 *  the answers to earlier texts is what it would make anew. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { edits, Random } from "../../bench/lsp-edits.ts";
import { FileSet } from "../../src/base/pos.ts";
import { Document } from "../../src/lsp/documents.ts";
import { Engine } from "../../src/lsp/engine/engine.ts";
import type { FileView } from "../../src/lsp/engine/model.ts";
import { DiagnosticTexts } from "../../src/lsp/features/diagnostics.ts";
import { nodeEngineHost } from "../../src/lsp/node-host.ts";
import { defaultServerSettings } from "../../src/lsp/settings.ts";
import { type Encoding, Text } from "../../src/lsp/text.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { bundleCommandHere } from "../bundle.ts";
import { buildServer, Client, removeServer } from "./client.ts";
import { differences, freshRemarks } from "./compare.ts";

// Processes are started and packages analysed, on machines that may be busy.

const root = process.env.GOESC_ROOT ?? process.cwd();
const encoder = new TextEncoder();

const source = `package p

import "fmt"

// 世界 🎉 e\u0301
type node struct {
	next *node
	名   string
}

var sink any

func leaf(n int) int {
	return n + 1
}

func (p *node) push(名 string) *node {
	return &node{p, /* 🎉 */ 名 + "e\u0301"}
}

func store(p *node) {
	sink = p
}

func even(n int, p *node) bool {
	if n == 0 { /* 世界 */ store(p) }
	return n == 0 || odd(n-1, p)
}

func odd(n int, p *node) bool {
	return n != 0 && even(n-1, p)
}

func pair[T any](v T) *T { /* 🎉 */ return &v }

func Main() {
	n := &node{名: "世界"}
	for i := 0; i < 3; i++ {
		fmt.Println("🎉", leaf(i), n.push("é").名, *pair(i), even(i, n)) // e\u0301
	}
}
`;

let server = "";
let folder = "";
let bundle = "";

beforeAll(() => {
  server = buildServer();
  folder = mkdtempSync(join(tmpdir(), "goesc-equal-"));
  bundle = join(root, "node_modules", ".cache", `goesc-equal-${process.pid}.mjs`);
  bundleCommandHere(bundle);
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  writeFileSync(join(folder, "p.go"), source);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(bundle, { force: true });
  removeServer(server);
});

function isReadable(text: string): boolean {
  return parseFile(new FileSet(), "p.go", encoder.encode(text)).errors.length === 0;
}

describe("after edits the server says what goesc -m prints", () => {
  it.each(["utf-8", "utf-16", "utf-32"] as const)("in %s", async (encoding) => {
    const env = { GOROOT: "off", GOESC_CACHE: join(folder, "cache") };
    const client = new Client(server, env);
    await client.initialize(folder, { general: { positionEncodings: [encoding] } }, { diagnostics: "all" });
    const file = join(folder, "p.go");
    const uri = await client.open(file, source);
    const seen = new Set<string>();
    const steps = edits(source, new Random({ "utf-8": 3, "utf-16": 11, "utf-32": 29 }[encoding]));
    let compared = 0;
    for (let i = 0; i < 200 && compared < 4; i++) {
      const { text, what } = steps.next().value;
      const version = await client.replace(uri, text);
      if (seen.has(text) || !isReadable(text)) continue;
      seen.add(text);
      writeFileSync(file, text);
      const remarks = freshRemarks(bundle, file, env);
      if (remarks === null) continue;
      expect(remarks.length).toBeGreaterThan(20);
      compared++;
      await client.idle();
      const list = await client.diagnostics(uri, (published) => (published.version ?? 0) >= version);
      expect(differences(text, list, remarks, encoding), `${what}\n${text}`).toEqual([]);
    }
    expect(compared).toBe(4);
    await client.close();
  });
});

describe("diagnostics as text", () => {
  const context = (encoding: Encoding) => ({
    encoding,
    settings: { ...defaultServerSettings, diagnostics: "all" as const },
    profile: null,
    help: "file:///rules.md",
  });

  it("are those that would be made anew, whatever was known before", () => {
    const file = join(folder, "p.go");
    const documents = new Map<Encoding, Document>();
    let view: FileView | null = null;
    process.env.GOESC_CACHE = join(folder, "cache");
    const engine = new Engine(
      nodeEngineHost(() => false),
      {
        view: (found) => {
          view = found;
        },
        progress: () => {},
        log: () => {},
      },
    );
    engine.configure({ goroot: "off", tags: null, env: {}, noInline: false });
    delete process.env.GOESC_CACHE;
    const kept = new DiagnosticTexts(() => "");
    const document = new Document("file:///p.go", file, 0, new Text(source));
    documents.set("utf-16", document);
    const steps = edits(source, new Random(5));
    let sizes = 0;
    let version = 0;
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 0, max: 3 }), (isLate, lines) => {
        let { text } = steps.next().value;
        text = `${"// 世\n".repeat(lines)}${text}`;
        document.update(++version, new Text(text));
        engine.setDocument(file, version, document.text.bytes);
        while (engine.delay() === 0) engine.step();
        document.decide(view!);
        // Views may be of a text that has been edited since.
        if (isLate) document.update(++version, new Text(text.replace("return n", "  return n")));
        const json = kept.json(document, context("utf-16"));
        expect(json).toBe(new DiagnosticTexts(() => "").json(document, context("utf-16")));
        sizes += JSON.parse(json).length;
      }),
      { numRuns: 150 },
    );
    expect(sizes).toBeGreaterThan(300);
  });

  it("have another name when they are others", () => {
    let n = 0;
    const texts = new DiagnosticTexts(() => `${++n}`);
    const document = new Document("file:///p.go", "/p.go", 1, new Text(source));
    texts.json(document, context("utf-8"));
    const first = texts.resultId;
    texts.json(document, context("utf-8"));
    expect(texts.resultId).toBe(first);
    const finding = {
      at: 0,
      start: 0,
      end: 1,
      kind: "escapes" as const,
      message: "x escapes to heap",
      rule: "",
      size: 8,
      loopDepth: 0,
      flow: [],
      count: 1,
      instances: [],
      inner: null,
    };
    const fn = { name: "f", key: "f", isFunction: true, isFresh: true, inlineCost: null, serial: 1 };
    const functions = [{ ...fn, start: 10, end: 20, findings: [finding] }];
    document.decide({ file: "/p.go", version: 1, functions, importPath: "p", problem: "" });
    texts.json(document, context("utf-8"));
    expect(texts.resultId).not.toBe(first);
  });
});
