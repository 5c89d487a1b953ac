/** Package runtime of the overlay has all that Go's has: the names in the files that the installation keeps of each release. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const goroot = findGoroot();
const overlay = join(import.meta.dirname, "..", "..", "overlay", "runtime");

const read = (dir: string, pattern: RegExp): string =>
  readdirSync(dir)
    .filter((name) => pattern.test(name))
    .map((name) => readFileSync(join(dir, name), "utf8"))
    .join("\n");

it.skipIf(goroot === null)("has every name of Go's package runtime", () => {
  const api = read(join(goroot as string, "api"), /^go1.*\.txt$/);
  const source = read(overlay, /\.go$/);
  const missing = new Set<string>();
  for (const [line, kind, name] of api.matchAll(/^pkg runtime, (const|var|func|type) (\w+).*$/gm)) {
    // Constants and variables may stand in groups.
    const declared = kind === "func" || kind === "type" ? `^${kind} ${name}\\b` : `^(?:${kind} |\\t)${name}\\b`;
    if (!new RegExp(declared, "m").test(source)) missing.add(line);
  }
  for (const [line, type, name] of api.matchAll(/^pkg runtime, method \(\*?(\w+)\) (\w+)/gm)) {
    // It has the method from the record that it embeds.
    const owner = type === "BlockProfileRecord" ? "StackRecord" : type;
    if (!new RegExp(`^func \\((?:\\w+ )?\\*?${owner}\\) ${name}\\(`, "m").test(source)) missing.add(line);
  }
  expect([...missing]).toEqual([]);
});
