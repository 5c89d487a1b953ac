/** Compares the two readers of Go source, the tree-sitter reader and the recursive-descent parser: trees (with all
 *  positions) and errors must be equal. Prints differences, the files that the tree-sitter reader passes on, and times.
 *
 *      node scripts/run.mjs bench/readers.ts DIR|FILE…     # default: GOROOT/src and GOROOT/test */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { FileSet } from "../src/base/pos.ts";
import { TreeSitterReader } from "../src/syntax/cst.ts";
import { dump } from "../src/syntax/dump.ts";
import { type ParseResult, parseFile } from "../src/syntax/parse.ts";
import { findGoroot } from "../test/goroot.ts";

const require = createRequire(join(process.cwd(), "package.json"));
const reader = await TreeSitterReader.create(
  readFileSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm")),
  readFileSync(require.resolve("tree-sitter-go/tree-sitter-go.wasm")),
);

function goFiles(path: string, found: string[]): string[] {
  if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) goFiles(join(path, name), found);
  else if (path.endsWith(".go")) found.push(path);
  return found;
}

/** Everything that a reader says about a file. */
function report(fset: FileSet, result: ParseResult): string {
  const errors = result.errors
    .toSorted((a, b) => a.pos - b.pos || (a.msg < b.msg ? -1 : 1))
    .map((error) => `${error.pos - result.source.base}: ${error.msg}`);
  const tree = result.file === null ? "no tree" : dump(fset, result.file, { ends: true });
  return [...errors, tree].join("\n");
}

const goroot = findGoroot();
const roots = process.argv.slice(2);
if (roots.length === 0 && goroot !== null) roots.push(join(goroot, "src"), join(goroot, "test"));
const files = roots.flatMap((root) => goFiles(root, []));
const fallbacks = new Map<string, number>();
let different = 0;
let bytes = 0;
let parseMs = 0;
let readMs = 0;
let passedOn = 0;
for (const name of files) {
  const source = readFileSync(name);
  bytes += source.length;
  let start = performance.now();
  const parseSet = new FileSet();
  const parsed = parseFile(parseSet, name, source, { std: true, compilingRuntime: true });
  parseMs += performance.now() - start;
  start = performance.now();
  const readSet = new FileSet();
  const read = reader.parse(readSet, name, source, { std: true, compilingRuntime: true });
  readMs += performance.now() - start;
  if (read.fallback !== null) {
    passedOn++;
    const reason = read.fallback.replace(/\d+/g, "N");
    fallbacks.set(reason, (fallbacks.get(reason) ?? 0) + 1);
    if (parsed.errors.length === 0) console.log(`passed on: ${name}: ${read.fallback}`);
    continue;
  }
  const expected = report(parseSet, parsed).split("\n");
  const actual = report(readSet, read).split("\n");
  const line = expected.findIndex((text, i) => text !== actual[i]);
  if (line < 0 && actual.length === expected.length) continue;
  different++;
  console.log(`different: ${name}\n  parser:      ${expected[line]}\n  tree-sitter: ${actual[line]}`);
}
const mb = bytes / 1e6;
console.log(`${files.length} files, ${mb.toFixed(1)} MB; ${different} different, ${passedOn} passed on:`);
for (const [reason, count] of [...fallbacks].sort((a, b) => b[1] - a[1])) console.log(`  ${count} ${reason}`);
console.log(`recursive descent ${(parseMs / 1e3).toFixed(2)} s (${((mb / parseMs) * 1e3).toFixed(1)} MB/s)`);
console.log(`tree-sitter       ${(readMs / 1e3).toFixed(2)} s (${((mb / readMs) * 1e3).toFixed(1)} MB/s)`);
process.exitCode = different === 0 ? 0 : 1;
