/** `npm run compiler -- [PACKAGE...]`
 *
 *  The Go compiler itself as a program for goesc: `cmd/compile` of GOROOT, run by `goesc run`, compiles packages of the
 *  standard library, and must write the same object files as the real compiler, byte for byte. Prints the time of both. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findGoroot } from "../goroot.ts";

const { positionals } = parseArgs({ allowPositionals: true });
const packages = positionals.length > 0 ? positionals : ["errors", "strings", "sort", "text/template", "encoding/json"];
const goesc = join(process.env.GOESC_ROOT ?? process.cwd(), "dist", "goesc.js");
const found = findGoroot();
if (found === null || !existsSync(goesc)) {
  console.error(
    found === null ? "compiler: no Go installation found" : "compiler: dist/goesc.js is missing: npm run build",
  );
  process.exit(2);
}
const goroot: string = found;
const work = mkdtempSync(join(tmpdir(), "goesc-compiler-"));
// The go command tells tools where GOROOT is, so that names of files in objects begin with it.
const env = { ...process.env, GOROOT: goroot, GOFLAGS: "", CGO_ENABLED: "0" };
const cwd = join(goroot, "src", "cmd", "compile");

function go(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(join(goroot, "bin", "go"), args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Seconds that the command took. */
function timed(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(stdout + stderr);
  return (performance.now() - start) / 1000;
}

const compiler = join(go("env", "GOTOOLDIR").trim(), "compile");
timed(process.execPath, [goesc, "run", ".", "-V"]); // builds it
let different = 0;
for (const pkg of packages) {
  const importcfg = join(work, "importcfg");
  writeFileSync(
    importcfg,
    go("list", "-export", "-deps", "-f", "{{with .Export}}packagefile {{$.ImportPath}}={{.}}{{end}}", pkg),
  );
  const files = go("list", "-f", '{{range .GoFiles}}{{$.Dir}}/{{.}}{{"\\n"}}{{end}}', pkg).trim().split("\n");
  const args = (out: string): string[] => [
    "-p",
    pkg,
    "-std",
    "-complete",
    "-importcfg",
    importcfg,
    "-o",
    out,
    ...files,
  ];
  const [mine, real] = [join(work, "mine.o"), join(work, "real.o")];
  try {
    const native = timed(compiler, args(real));
    const ours = timed(process.execPath, [goesc, "run", ".", ...args(mine)]);
    const same = readFileSync(mine).equals(readFileSync(real));
    if (!same) different++;
    console.log(
      `${pkg}: ${same ? "the same object" : "ANOTHER OBJECT"}, ${ours.toFixed(1)} s (native ${native.toFixed(1)} s)`,
    );
  } catch (error) {
    different++;
    console.log(`${pkg}: ${(error as Error).message.trim()}`);
  }
}
rmSync(work, { recursive: true });
console.log(`${packages.length - different} of ${packages.length} packages compiled to the same object`);
process.exit(different > 0 ? 1 : 0);
