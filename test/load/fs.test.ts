/** What the loader knows of directories spares it questions to the system, and changes no answer. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { NodeFileSystem } from "../../src/host/node-fs.ts";
import { rewriteOutput } from "../../src/load/display.ts";
import { CachedFileSystem, type LoadHost } from "../../src/load/fs.ts";
import { cleanSlash, Paths } from "../../src/load/paths.ts";

const work = realpathSync(mkdtempSync(join(tmpdir(), "goesc-fs-")));
afterAll(() => rmSync(work, { recursive: true, force: true }));

class Counting extends NodeFileSystem {
  asked: string[] = [];
  override realpath(path: string): string {
    this.asked.push(path);
    return super.realpath(path);
  }
}

it.skipIf(process.platform === "win32")("follows links only where a directory lists them", () => {
  mkdirSync(join(work, "d", "e"), { recursive: true });
  writeFileSync(join(work, "d", "f"), "");
  symlinkSync(join(work, "d"), join(work, "link"));
  symlinkSync(join(work, "d", "f"), join(work, "d", "g"));
  const inner = new Counting();
  const fs = new CachedFileSystem(inner);
  const paths = [work, join(work, "link"), join(work, "d", "g"), join(work, "d", "nothing")];
  for (const dir of [work, join(work, "d"), join(work, "link")]) fs.readDir(dir);
  for (const path of paths) expect(fs.realpath(path)).toBe(new NodeFileSystem().realpath(path));
  const asked = inner.asked.length;
  expect(asked).toBe(paths.length);
  for (const path of [join(work, "d"), join(work, "d", "e"), join(work, "d", "f"), join(work, "link", "e")])
    expect(fs.realpath(path)).toBe(realpathSync(path));
  expect(inner.asked.length).toBe(asked);
});

it("leaves names that are as short as they get", () => {
  for (const [path, clean] of [
    ["/a/b", "/a/b"],
    ["a/b.go", "a/b.go"],
    ["/", "/"],
    ["/a/", "/a"],
    ["a//b", "a/b"],
    ["./a", "a"],
    ["../a", "../a"],
    ["/a/../b", "/b"],
    ["/a/.", "/a"],
    ["/a/.b", "/a/.b"],
  ])
    expect(cleanSlash(path)).toBe(clean);
});

it("shortens names at the start of lines and after spaces, whatever they are made of", () => {
  const host = { paths: new Paths(false), cwd: "/w/$&" } as unknown as LoadHost;
  const said = "/w/$&/p/x.go:1:2: a /w/$&/p/y.go\n\t/w/$&/p/z.go: (/w/$&/p/x.go)\n";
  expect(rewriteOutput(host, "/w/$&/p", said)).toBe("p/x.go:1:2: a p/y.go\n\tp/z.go: (/w/$&/p/x.go)\n");
});
