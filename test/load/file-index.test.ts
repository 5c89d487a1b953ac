/** Files are only read again when their size or times have changed, and never trusted right after a change. */
import { expect, it } from "vitest";
import { FileIndex } from "../../src/load/file-index.ts";
import type { FileStat, LoadHost, TextCache } from "../../src/load/fs.ts";

const long = Date.now() - 3600_000;
const encoder = new TextEncoder();

class OneFile {
  readonly texts = new Map<string, string>();
  stat: FileStat = { size: 0, mtimeMs: long, ctimeMs: long, isDir: false };
  source = new Uint8Array();

  write(text: string, when: number): void {
    this.source = encoder.encode(text);
    this.stat = { size: this.source.length, mtimeMs: when, ctimeMs: when, isDir: false };
  }

  /** A run: the facts it knows, or else those that it finds out. */
  run(parts: readonly string[] = ["linux"]): { known: boolean; name: string; imports: string[]; hash: string } {
    const cache: TextCache = {
      read: (name) => this.texts.get(name) ?? null,
      write: (name, text) => this.texts.set(name, text),
    };
    const host = { cache, fs: { stat: () => this.stat } } as unknown as LoadHost;
    const index = new FileIndex(host, parts);
    const found = index.get("/m/x.go");
    const { scan, hash } = found ?? index.add("/m/x.go", this.source, true);
    index.save();
    expect(index.hashes.get("/m/x.go")).toBe(hash);
    return { known: found !== null, name: scan.pkgName, imports: scan.imports.map((spec) => spec.path), hash };
  }
}

it("knows a file until it changes", () => {
  const file = new OneFile();
  file.write('package p\n\nimport "fmt"\n', long);
  const first = file.run();
  expect(first).toMatchObject({ known: false, name: "p", imports: ["fmt"] });
  expect(file.run()).toEqual({ ...first, known: true });
  expect(file.run(["darwin"]).known).toBe(false);

  // Of the same size, at another time.
  file.write('package p\n\nimport "log"\n', long + 1);
  const second = file.run();
  expect(second).toMatchObject({ known: false, imports: ["log"] });
  expect(second.hash).not.toBe(first.hash);

  // Somebody has set the modification time back.
  file.stat = { ...file.stat, ctimeMs: long + 2 };
  expect(file.run().known).toBe(false);
});

it("does not keep what was changed a moment ago", () => {
  const file = new OneFile();
  file.write("package p\n", Date.now());
  file.run();
  expect(file.run().known).toBe(false);
});

it("does not keep files that do not parse, or whose times nobody knows", () => {
  const file = new OneFile();
  file.write("package p\n\nimport fmt\n", long);
  file.run();
  expect(file.run().known).toBe(false);
  file.write("package p\n", long);
  file.stat = { size: file.source.length, mtimeMs: long, isDir: false };
  file.run();
  expect(file.run().known).toBe(false);
});

it("survives a damaged text", () => {
  const file = new OneFile();
  file.write("package p\n", long);
  file.run();
  for (const [name, text] of file.texts) file.texts.set(name, text.slice(0, -3));
  expect(file.run()).toMatchObject({ known: false, name: "p" });
  expect(file.run().known).toBe(true);
});
