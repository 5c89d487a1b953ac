/** Whether a later run would see the same (host/witness.ts). */
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NodeFileSystem } from "../../src/host/node-fs.ts";
import { isSame, type Seen, Witness } from "../../src/host/witness.ts";

let dir = "";
const at = (name: string): string => join(dir, name);

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "goesc-witness-")));
  writeFileSync(at("read.go"), "package p");
  writeFileSync(at("asked.go"), "package p");
  mkdirSync(at("listed"));
  mkdirSync(at("dir"));
  mkdirSync(at("std"));
  writeFileSync(at("std/a.go"), "package std");
  symlinkSync(at("dir"), at("link"));
  // What is new is not taken for settled: look at it from later on.
  vi.spyOn(Date, "now").mockReturnValue(performance.timeOrigin + performance.now() + 10_000);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

function look(environment: Record<string, string> = { A: "1" }): Seen | null {
  const witness = new Witness(environment);
  witness.trust(at("std"));
  const files = witness.files(new NodeFileSystem());
  const variables = witness.variables({ FIXED: "x" });
  expect([variables.A, variables.B, variables.FIXED]).toEqual([environment.A, environment.B, "x"]);
  files.readFile(at("read.go"));
  files.stat(at("asked.go"));
  files.stat(at("missing.go"));
  files.stat(at("dir"));
  files.readDir(at("listed"));
  files.realpath(at("link"));
  files.readFile(at("std/a.go"));
  witness.end();
  files.stat(at("later.go"));
  return witness.report();
}

function changes(change: () => void): boolean {
  const seen = look()!;
  expect(isSame(seen, { A: "1" })).toBe(true);
  change();
  return !isSame(seen, { A: "1" });
}

test.each<[string, () => void]>([
  ["a file that was read", () => writeFileSync(at("read.go"), "package q")],
  ["a file that was asked for", () => writeFileSync(at("asked.go"), "package q")],
  [
    "a file with its old time",
    () => {
      const time = new Date(Date.now() - 60_000);
      writeFileSync(at("read.go"), "package q");
      utimesSync(at("read.go"), time, time);
    },
  ],
  ["a file that is gone", () => unlinkSync(at("read.go"))],
  ["a file that was missing", () => writeFileSync(at("missing.go"), "")],
  ["a directory that is gone", () => renameSync(at("dir"), at("elsewhere"))],
  ["a new file in a directory that was listed", () => writeFileSync(at("listed/new.go"), "")],
  [
    "a link that leads elsewhere",
    () => {
      unlinkSync(at("link"));
      symlinkSync(at("listed"), at("link"));
    },
  ],
])("%s is a change", (_, change) => {
  expect(changes(change)).toBe(true);
});

test.each<[string, () => void]>([
  ["a new file in a directory that was not listed", () => writeFileSync(at("dir/new.go"), "")],
  ["a file that was asked for later", () => writeFileSync(at("later.go"), "")],
  ["a file that is always the same", () => writeFileSync(at("std/a.go"), "package other")],
])("%s is none", (_, change) => {
  expect(changes(change)).toBe(false);
});

test("variables that were asked for count, and no others", () => {
  const seen = look()!;
  expect(isSame(seen, { A: "1", OTHER: "2", FIXED: "y" })).toBe(true);
  expect(isSame(seen, { A: "2" })).toBe(false);
  expect(isSame(seen, { A: "1", B: "" })).toBe(false);
  expect(isSame(seen, {})).toBe(false);
});

test("nothing is told of what has just changed", () => {
  expect(look()).not.toBe(null);
  vi.restoreAllMocks();
  expect(look()).toBe(null);
});
