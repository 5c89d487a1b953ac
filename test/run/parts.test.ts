/** Programs that need different parts of the same packages, one after the other, on one cache. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const goesc = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "dist", "goesc.js");
const work = mkdtempSync(join(tmpdir(), "goesc-parts-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function run(name: string, imports: string, body: string): string {
  const file = join(work, `${name}.go`);
  writeFileSync(file, `package main\n\n${imports}\n\n${body}\n`);
  const { stdout, stderr } = spawnSync(process.execPath, [goesc, "run", file], {
    env: { ...process.env, GOESC_CACHE: join(work, "cache") },
    encoding: "utf8",
  });
  return stdout + stderr;
}

describe.skipIf(findGoroot() === null || !existsSync(goesc))("parts of packages", () => {
  it("grow with what programs need", { timeout: 300_000 }, () => {
    // unicode/utf8 comes by way of strconv, and internal/strconv too.
    expect(run("a", 'import "strconv"', 'func main() { print(strconv.Itoa(7), "\\n") }')).toBe("7\n");
    const body = 'func main() { f, err := strconv.ParseFloat("1e3", 64); print(int(f), err == nil, "\\n") }';
    expect(run("b", 'import "strconv"', body)).toBe("1000true\n");
    // Only now somebody counts runes.
    const runes = 'func main() { print(utf8.RuneCountInString("äöü"), strconv.Quote("ä\\x00"), "\\n") }';
    expect(run("c", 'import (\n\t"strconv"\n\t"unicode/utf8"\n)', runes)).toBe('3"ä\\x00"\n');
  });
});
