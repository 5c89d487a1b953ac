/** `npm run load-diff -- [-C DIR] [--env K=V] PATTERN…`
 *
 *  Compares the loader with `go list -deps -json`. Prints every package that differs in directory, files, imports,
 *  language version or order, and exits 1 if any does. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeHost } from "../src/host/node-host.ts";
import { loadPackages } from "../src/load/load.ts";

interface ListedPackage {
  ImportPath: string;
  Dir: string;
  Name: string;
  GoFiles?: string[];
  Imports?: string[];
  ImportMap?: Record<string, string>;
  Module?: { Path: string; Version?: string; GoVersion?: string };
  Standard?: boolean;
  Error?: { Err: string; Pos: string };
}

function parseStream(text: string): ListedPackage[] {
  return text
    .split(/^(?=\{)/m)
    .filter((part) => part.trim() !== "")
    .map((part) => JSON.parse(part) as ListedPackage);
}

const patterns: string[] = [];
const extraEnv: Record<string, string> = { CGO_ENABLED: "0" };
let chdir = process.cwd();
for (let i = 2; i < process.argv.length; i++) {
  const arg = process.argv[i];
  if (arg === "-C") {
    chdir = process.argv[++i];
  } else if (arg === "--env") {
    const [name, value] = process.argv[++i].split("=", 2);
    extraEnv[name] = value;
  } else {
    patterns.push(arg);
  }
}

const env = { ...process.env, ...extraEnv, PWD: chdir };
mkdirSync(join(tmpdir(), "goesc-bench"), { recursive: true });
const listed = parseStream(
  execFileSync(
    "go",
    [
      "list",
      "-deps",
      "-e",
      "-pgo=off",
      "-json=ImportPath,Dir,Name,GoFiles,Imports,ImportMap,Module,Standard,Error",
      ...patterns,
    ],
    {
      cwd: chdir,
      env: { ...env, GOCACHE: join(tmpdir(), "goesc-bench", "gocache"), GOPROXY: "off" },
      maxBuffer: 1 << 30,
      encoding: "utf8",
    },
  ),
).filter((pkg) => pkg.ImportPath !== "unsafe");

const start = performance.now();
const result = loadPackages(nodeHost({ chdir, env }), { patterns });
const elapsed = performance.now() - start;

let differences = 0;
function differ(path: string, what: string, want: unknown, have: unknown): void {
  if (JSON.stringify(want) === JSON.stringify(have)) return;
  differences++;
  if (differences <= 40) console.log(`${path}: ${what}\n\tgo    ${only(want, have)}\n\tgoesc ${only(have, want)}`);
}

/** Of a list, what the other does not have. */
function only(list: unknown, other: unknown): string {
  if (!Array.isArray(list) || !Array.isArray(other)) return JSON.stringify(list);
  const rest = list.filter((item) => !other.includes(item));
  return rest.length === 0 ? "(the same in another order)" : JSON.stringify(rest);
}

const loaded = new Map(result.packages.map((pkg) => [pkg.importPath, pkg]));
const wanted = new Map(listed.map((pkg) => [pkg.ImportPath, pkg]));
const linkerOnly = new Set<string>();
for (const want of listed) {
  const have = loaded.get(want.ImportPath);
  if (have === undefined) {
    linkerOnly.add(want.ImportPath); // commands depend on the runtime without importing it
    continue;
  }
  if (want.Error !== undefined || have.errors.length > 0) {
    differ(want.ImportPath, "has an error", want.Error !== undefined, have.errors.length > 0);
    continue;
  }
  differ(want.ImportPath, "directory", want.Dir, have.dir);
  differ(want.ImportPath, "name", want.Name, have.name);
  differ(
    want.ImportPath,
    "files",
    want.GoFiles ?? [],
    have.goFiles.map((file) => file.slice(have.dir.length + 1)),
  );
  const mapped = (want.Imports ?? []).filter((path) => path !== "unsafe" && path !== "C");
  differ(
    want.ImportPath,
    "imports",
    [...mapped].sort(),
    [...have.imports.values()].map((pkg) => pkg.importPath).sort(),
  );
  const module = want.Standard
    ? ""
    : `${want.Module?.Path ?? ""} ${want.Module?.Version ?? ""} ${want.Module?.GoVersion ?? ""}`
        .trim()
        .replace(/ +/g, " ");
  differ(
    want.ImportPath,
    "module",
    module,
    have.module === null
      ? ""
      : `${have.module.path} ${have.module.version} ${have.module.goVersion}`.trim().replace(/ +/g, " "),
  );
}
for (const pkg of result.packages)
  if (!wanted.has(pkg.importPath)) differ(pkg.importPath, "surplus package", "", pkg.dir);
const order = listed.map((pkg) => pkg.ImportPath).filter((path) => loaded.has(path));
differ("(all)", "order", order, linkerOnly.size > 0 ? order : result.packages.map((pkg) => pkg.importPath));

console.log(
  `${listed.length} packages listed, ${result.packages.length} loaded in ${elapsed.toFixed(0)} ms, ` +
    `${linkerOnly.size} only for the linker, ${differences} differences`,
);
for (const error of result.errors.slice(0, 5)) console.log(error);
process.exitCode = differences === 0 ? 0 : 1;
