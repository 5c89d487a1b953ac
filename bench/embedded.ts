/** `npm run embedded-check -- [--flags='-m -l'] [--samples N] [--bundle FILE]`
 *
 *  What goesc prints without a Go installation, where the standard library is known by the summary that comes with it,
 *  compared with what it prints beside the installation: over examples/ and the single-file programs of GOROOT/test.
 *  Every program becomes a package of one module, so that each side is one run; those that cannot be loaded, for which
 *  nothing would be printed, are left out. Exits 1 if less than 99.9 % of the lines of `-m -l`, or 98 % otherwise, agree. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { nodeHost } from "../src/host/node-host.ts";
import { findGoRoot } from "../src/load/goroot.ts";
import { scanImports } from "../src/syntax/imports.ts";

const { values } = parseArgs({
  options: {
    flags: { type: "string", default: "-m -l" },
    samples: { type: "string", default: "10" },
    bundle: { type: "string" },
  },
});
const root = process.env.GOESC_ROOT ?? process.cwd();
const bundle = resolve(values.bundle ?? join(root, "dist", "goesc.js"));
const goroot = findGoRoot(nodeHost(), "");
if (goroot === null) {
  console.error("embedded-check: no Go installation to compare with");
  process.exit(2);
}

/** Programs that import nothing but the standard library's public packages. */
function programs(): string[] {
  const files: string[] = [];
  for (const dir of [
    join(root, "examples"),
    ...["", "fixedbugs", "typeparam", "ken", "chan", "interface"].map((sub) => join(goroot!.dir, "test", sub)),
  ]) {
    for (const name of readdirSync(dir).sort()) if (name.endsWith(".go")) files.push(join(dir, name));
  }
  return files.filter((file) => {
    const source = readFileSync(file);
    if (/^\/\/ (?:errorcheckdir|rundir|compiledir|errorcheckoutput|runoutput)/.test(source.toString("latin1", 0, 80)))
      return false;
    const { imports } = scanImports(source);
    return imports.every(({ path }) => path !== "C" && !/^\.|internal|\.[a-z]+\/|^test/.test(path));
  });
}

function makeModule(dir: string): void {
  writeFileSync(join(dir, "go.mod"), `module m\n\ngo ${goroot!.version}\n`);
  let n = 0;
  for (const file of programs()) {
    const sub = join(dir, `p${n++}`);
    mkdirSync(sub);
    // The constraint says which machines run it, not which can compile it.
    const text = readFileSync(file, "latin1").replace(/^(\/\/go:build .*|\/\/ \+build .*)$/gm, "//");
    writeFileSync(join(sub, basename(file).replace(/_[a-z0-9]+\.go$/, ".go")), text, "latin1");
  }
}

/** Removes the packages that could not be loaded; reports whether there were any. */
function removeUnloadable(dir: string, printed: Map<string, string>): boolean {
  // Errors of loading stand under no package's header, and alone.
  if (printed.size > 1) return false;
  const [text] = printed.values();
  const names = new Set([...text.matchAll(/^(?:package m|.*?)\/?\b(p\d+)(?:\/|$)/gm)].map((match) => match[1]));
  for (const name of names) rmSync(join(dir, name), { recursive: true, force: true });
  return names.size > 0;
}

/** Lines by package; under "" what stands before all packages. */
function run(cwd: string, env: Readonly<Record<string, string>>): Map<string, string> {
  const args = [bundle, ...values.flags.split(/\s+/), "./..."];
  const result = spawnSync(process.execPath, args, {
    cwd,
    env: { ...process.env, GOFLAGS: "", GO111MODULE: "", CGO_ENABLED: "0", ...env },
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const packages = new Map<string, string>();
  for (const text of [result.stdout, result.stderr]) {
    for (const [i, part] of text.split(/^# /m).entries()) {
      if (i === 0) {
        packages.set("", (packages.get("") ?? "") + part);
        continue;
      }
      const newline = part.indexOf("\n");
      const name = part.slice(0, newline);
      packages.set(
        name,
        (packages.get(name) ?? "") + part.slice(newline + 1).replaceAll(`${goroot!.dir}/`, "$GOROOT/"),
      );
    }
  }
  return packages;
}

const dir = mkdtempSync(join(tmpdir(), "goesc-embedded-"));
try {
  makeModule(dir);
  let want = run(dir, { GOROOT: goroot.dir });
  while (removeUnloadable(dir, want)) want = run(dir, { GOROOT: goroot.dir });
  const count = readdirSync(dir).filter((name) => name !== "go.mod").length;
  const have = run(dir, { GOROOT: "off" });
  let lines = 0;
  let wrong = 0;
  let different = 0;
  for (const [name, text] of want) {
    if (!name.startsWith("m")) continue;
    const wanted = text.split("\n");
    lines += wanted.length - 1;
    const other = have.get(name) ?? "";
    if (other === text) continue;
    different++;
    const left = other.split("\n");
    const missing = wanted.filter((line) => {
      const i = left.indexOf(line);
      if (i >= 0) left.splice(i, 1);
      return i < 0;
    });
    wrong += Math.max(missing.length, left.length);
    if (different <= Number(values.samples)) {
      console.log(`# ${name} ${readdirSync(join(dir, name.slice(2))).join(" ")}`);
      for (const line of missing.slice(0, 3)) console.log(`- ${line}`);
      for (const line of left.slice(0, 3)) console.log(`+ ${line}`);
    }
  }
  const share = (100 * (lines - wrong)) / lines;
  console.log(
    `goesc ${values.flags}: ${count} programs, ${want.size - 1} with output, ${different} differ without Go; ` +
      `${wrong} of ${lines} lines, ${share.toFixed(2)} % agree`,
  );
  process.exitCode = share >= (/-l\b/.test(values.flags) ? 99.9 : 98) ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
