/** `npm run vet-compare [-- PATTERN...]`
 *
 *  The findings of `go vet -vettool=goesc-vettool -heap` against those of `goesc check -heap`, over the packages named, by
 *  default strings and net/http with all that they import; and how long go vet takes, the first time and the second.
 *  Test files, which only go vet looks at, are left out. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { findGoroot } from "../test/goroot.ts";

const root = process.env.GOESC_ROOT ?? process.cwd();
const tool = join(root, "dist", "goesc-vettool.js");
const goroot = findGoroot();
if (goroot === null || !existsSync(tool)) {
  console.error("vet-compare: needs a Go installation and dist/goesc-vettool.js (npm run build)");
  process.exit(2);
}
const src = join(goroot, "src");
const go = join(goroot, "bin", "go");
const work = mkdtempSync(join(tmpdir(), "goesc-vet-"));
const env: NodeJS.ProcessEnv = {
  ...process.env,
  GOCACHE: join(work, "go"),
  GOESC_CACHE: join(work, "goesc"),
  CGO_ENABLED: "0",
  GOFLAGS: "",
  GOWORK: "off",
  PWD: src,
};
const named = process.argv.slice(2);
const packages = named.length > 0 ? named : dependencies();

function dependencies(): string[] {
  const out = execFileSync(go, ["list", "-deps", "strings", "net/http"], { cwd: src, env, encoding: "utf8" });
  return out.split("\n").filter((path) => path !== "" && path !== "unsafe");
}

function timed(command: string, args: readonly string[]): { out: string; err: string; seconds: number } {
  const start = performance.now();
  const { stdout, stderr } = spawnSync(command, args, { cwd: src, env, encoding: "utf8", maxBuffer: 2 ** 30 });
  return { out: stdout, err: stderr, seconds: (performance.now() - start) / 1000 };
}

interface Diagnostic {
  readonly posn: string;
  readonly message: string;
}

/** `go vet -json` prints `# package` lines and one object for each package. */
function vetFindings(text: string): Map<string, Diagnostic[]> {
  const found = new Map<string, Diagnostic[]>();
  for (const chunk of text.replace(/^#.*$/gm, "").split(/^\}$/m)) {
    if (chunk.trim() === "") continue;
    const tree = JSON.parse(`${chunk}}`) as Record<string, { goesc: Diagnostic[] }>;
    for (const [id, { goesc }] of Object.entries(tree)) found.set(id, goesc);
  }
  return found;
}

const vet = ["vet", "-json", `-vettool=${tool}`, "-heap", ...packages];
const first = timed(go, vet);
const second = timed(go, vet);
const check = timed(process.execPath, [join(root, "dist", "goesc.js"), "check", "-heap", "-format=unix", ...packages]);

const ours = new Set(check.out.split("\n").filter((line) => line !== ""));
const theirs = new Set<string>();
for (const [id, list] of vetFindings(first.out)) {
  const pkg = id.replace(/(?:_test)?(?: .*)?$/, "");
  // From its cache go also prints what it was asked for earlier.
  if (!packages.includes(pkg)) continue;
  for (const { posn, message } of list) {
    if (!posn.includes("_test.go:")) theirs.add(`${relative(src, posn)}: ${message}`);
  }
}

const wrong = [...ours].filter((line) => !theirs.has(line)).concat([...theirs].filter((line) => !ours.has(line)));
for (const line of wrong) console.log(`${theirs.has(line) ? "only go vet" : "only goesc check"}: ${line}`);
console.log(`packages ${packages.length}; findings: check ${ours.size}, go vet ${theirs.size}`);
console.log(`differences: ${wrong.length}`);
const f = (seconds: number): string => `${seconds.toFixed(1)} s`;
console.log(
  `go vet, empty cache ${f(first.seconds)}; again ${f(second.seconds)}; goesc check, empty cache ${f(check.seconds)}`,
);
// Packages come in the order in which they are done.
const sorted = (text: string): string => text.split("\n").sort().join("\n");
console.log(
  `the second time go vet prints ${sorted(second.out) === sorted(first.out) ? "the same" : "SOMETHING ELSE"}`,
);
rmSync(work, { recursive: true, force: true });
process.exit(wrong.length > 0 ? 1 : 0);
