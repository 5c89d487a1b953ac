/** Latency, memory and correctness of the language server, over its protocol.
 *
 *      npm run bench:lsp [-- --edits 500] [--compare 20] [--long 5000] [--file FILE.go] [--part edits|compare|module] [--cpu-prof DIR]
 *
 *  The file is demangle.go of github.com/ianlancetaylor/demangle, 3,700 lines, and the module of 50,000 lines is
 *  golang.org/x/tools with what it needs: both as GOROOT/src/cmd/vendor has them, so nothing is downloaded. Each edit
 *  (lsp-edits.ts) is timed from the moment when it is sent until diagnostics for that version of the text arrive, and until
 *  all of them are decisions about that text. Then the edits are made once more, and after every so many that leave the file
 *  valid (`--compare 1`: after each of them) what the server says is compared with what `goesc -m` prints for the text.
 *  A file given with `--file` is only edited in the server, so there is nothing to compare then. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { FileSet } from "../src/base/pos.ts";
import { nodeHost } from "../src/host/node-host.ts";
import { loadPackages } from "../src/load/load.ts";
import { parseFile } from "../src/syntax/parse.ts";
import { buildServer, Client, type Published, removeServer } from "../test/lsp/client.ts";
import { differences, freshRemarks, type Remark } from "../test/lsp/compare.ts";
import { edits, Random } from "./lsp-edits.ts";

const { values } = parseArgs({
  options: {
    file: { type: "string", default: "" },
    edits: { type: "string", default: "500" },
    compare: { type: "string", default: "20" },
    long: { type: "string", default: "0" },
    seed: { type: "string", default: "7" },
    part: { type: "string", default: "" },
    "cpu-prof": { type: "string", default: "" },
  },
});

const root = process.env.GOESC_ROOT ?? process.cwd();
const bundle = join(root, "dist", "goesc.js");
if (!existsSync(bundle)) {
  console.error("bench: dist/goesc.js is missing: npm run build");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "goesc-lsp-bench-"));
const goroot = loadPackages(nodeHost(), { patterns: ["std"] }).env.goroot.dir;
const vendored = join(goroot, "src", "cmd", "vendor");

function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** Of all threads of a process, in ms. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

/** Nothing in it is from before the last edit. */
function isFresh({ diagnostics }: Published): boolean {
  return diagnostics.every(({ data }) => (data as { fresh: boolean }).fresh);
}

interface Opened {
  readonly client: Client;
  readonly uri: string;
  /** Until the first diagnostics, from the start of the server and from the opening of the document. */
  readonly ms: number;
  readonly fromOpening: number;
  readonly cpu: number;
}

async function open(server: string, file: string, text: string, settings: object | null = null): Promise<Opened> {
  const flags = values["cpu-prof"] === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${values["cpu-prof"]}`];
  const started = performance.now();
  const client = new Client(server, { GOROOT: goroot }, flags);
  await client.initialize(dirname(file), {}, settings);
  const opened = performance.now();
  const uri = await client.open(file, text);
  await client.diagnostics(uri, ({ diagnostics }) => diagnostics.length > 0, 300_000);
  const now = performance.now();
  return { client, uri, ms: now - started, fromOpening: now - opened, cpu: processorTime(client.process.pid!) };
}

// ---------------------------------------------------------------------------------------------------- edits

function demangle(): string {
  const dir = join(folder, "demangle");
  cpSync(join(vendored, "github.com/ianlancetaylor/demangle"), dir, { recursive: true });
  writeFileSync(join(dir, "go.mod"), "module github.com/ianlancetaylor/demangle\n\ngo 1.13\n");
  return join(dir, "demangle.go");
}

async function benchEdits(server: string, file: string): Promise<void> {
  const original = readFileSync(file, "utf8");
  const { client, uri } = await open(server, file, original);
  await client.idle();
  console.log(`editing ${basename(file)}, ${original.split("\n").length - 1} lines`);
  const pid = client.process.pid!;
  const shown = new Map<string, number[]>();
  const decided: number[] = [];
  const steps = edits(original, new Random(Number(values.seed)));
  let lost = 0;
  const step = async (): Promise<void> => {
    const { text, what } = steps.next().value;
    const started = performance.now();
    const version = await client.replaceByDifference(uri, text);
    const diagnostics = await client.diagnostics(uri, (published) => (published.version ?? 0) >= version);
    const times = shown.get(what) ?? [];
    shown.set(what, times);
    times.push(performance.now() - started);
    if (diagnostics.length === 0) lost++;
    if (isFresh(client.published.get(uri)!)) decided.push(performance.now() - started);
  };
  const count = Number(values.edits);
  const before = processorTime(pid);
  for (let i = 0; i < count; i++) await step();
  await client.idle();
  const spent = processorTime(pid) - before;
  const row = (name: string, times: readonly number[], note = ""): void => {
    const [median, most, longest] = [0.5, 0.95, 1].map((q) => quantile(times, q).toFixed(1));
    const number = String(times.length).padStart(5);
    console.log(
      `  ${name.padEnd(12)} ${number}   median ${median} ms   95 % ${most} ms   longest ${longest} ms${note}`,
    );
  };
  for (const [what, times] of shown) row(what, times);
  row("all edits", [...shown.values()].flat(), "   (at most 30 and 150, aim 10 and 50)");
  row("with all of it decided anew", decided);
  console.log(`  edits after which there were no diagnostics: ${lost}   (0)`);
  console.log(`  processor time of the server: ${(spent / count).toFixed(1)} ms an edit, what was put off included`);
  const long = Number(values.long);
  if (long > 0) {
    const marks: string[] = [];
    for (let i = 0; i < long; i++) {
      if (i % (long / 5) === 0) marks.push(residentMiB(pid).toFixed(0));
      await step();
    }
    await client.idle();
    console.log(`  memory over ${long} edits, in MiB: ${marks.join(", ")}, ${residentMiB(pid).toFixed(0)}`);
  }
  await client.close();
}

/** After edits that leave the file valid, the server says what `goesc -m` prints. */
async function compareEdits(server: string, file: string): Promise<void> {
  const original = readFileSync(file, "utf8");
  const every = Number(values.compare);
  const { client, uri } = await open(server, file, original, { diagnostics: "all" });
  const known = new Map<string, readonly Remark[] | null>();
  const steps = edits(original, new Random(Number(values.seed)));
  let valid = 0;
  let compared = 0;
  let different = 0;
  for (let i = 0; i < Number(values.edits); i++) {
    const { text, what } = steps.next().value;
    const version = await client.replaceByDifference(uri, text);
    await client.diagnostics(uri, (published) => (published.version ?? 0) >= version);
    if (parseFile(new FileSet(), file, new TextEncoder().encode(text)).errors.length > 0) continue;
    let remarks = known.get(text);
    if (remarks === undefined) {
      if (++valid % every !== 0) continue;
      writeFileSync(file, text);
      remarks = freshRemarks(bundle, file, { GOROOT: goroot });
      known.set(text, remarks);
    }
    if (remarks === null) continue; // it has errors
    await client.idle();
    compared++;
    const differing = differences(text, client.published.get(uri)!.diagnostics, remarks, "utf-16");
    if (differing.length === 0) continue;
    different++;
    console.log(`  edit ${i} (${what}) differs: ${differing.slice(0, 4).join(" | ")}`);
  }
  writeFileSync(file, original);
  console.log(`  compared with goesc -m after edits: ${compared} valid texts, ${different} different   (0)`);
  await client.close();
}

// ---------------------------------------------------------------------------------------------------- module

/** x/tools as a module, with a command that imports all of its packages. The result is the command's file. */
function tools(): { file: string; text: string; lines: number } {
  const dir = join(folder, "tools");
  const own = "golang.org/x/tools";
  cpSync(join(vendored, own), dir, { recursive: true });
  writeFileSync(
    join(dir, "go.mod"),
    `module ${own}\n\ngo 1.24.0\n\nrequire golang.org/x/mod v0.30.0\nrequire golang.org/x/sync v0.19.0\n`,
  );
  for (const name of ["golang.org/x/mod", "golang.org/x/sync"]) {
    cpSync(join(vendored, name), join(dir, "vendor", name), { recursive: true });
  }
  const packages: string[] = [];
  let lines = 0;
  const walk = (at: string, path: string): void => {
    const entries = readdirSync(at, { withFileTypes: true });
    for (const entry of entries) {
      if (entry.isDirectory()) walk(join(at, entry.name), `${path}/${entry.name}`);
      else if (entry.name.endsWith(".go")) lines += readFileSync(join(at, entry.name), "utf8").split("\n").length - 1;
    }
    const isImportable = !/\/vendor|\w\/\w.*\/internal\b/.test(path.slice(own.length - 1));
    if (isImportable && entries.some(({ name }) => name.endsWith(".go"))) packages.push(path);
  };
  walk(dir, own);
  const listed = (name: string): string => {
    const found: string[] = [];
    const look = (at: string, path: string): void => {
      const entries = readdirSync(at, { withFileTypes: true });
      if (entries.some((e) => e.name.endsWith(".go"))) found.push(path);
      for (const e of entries) if (e.isDirectory()) look(join(at, e.name), `${path}/${e.name}`);
    };
    look(join(dir, "vendor", name), name);
    return found.join("\n");
  };
  writeFileSync(
    join(dir, "vendor", "modules.txt"),
    `# golang.org/x/mod v0.30.0\n## explicit; go 1.24.0\n${listed("golang.org/x/mod")}\n# golang.org/x/sync v0.19.0\n## explicit; go 1.24.0\n${listed("golang.org/x/sync")}\n`,
  );
  const file = join(dir, "cmd", "all", "main.go");
  mkdirSync(dirname(file), { recursive: true });
  const text = `package main\n\nimport (\n${packages.map((path) => `\t_ "${path}"\n`).join("")})\n\nvar sink any\n\nfunc main() { sink = new(int) }\n`;
  writeFileSync(file, text);
  return { file, text, lines };
}

async function benchModule(server: string): Promise<void> {
  const { file, text, lines } = tools();
  rmSync(join(server, "cache"), { recursive: true, force: true });
  const cold = await open(server, file, text);
  await cold.client.idle();
  await cold.client.close();
  const warm = await open(server, file, text);
  await warm.client.close();
  console.log(`opening a command that imports all of golang.org/x/tools, ${lines} lines`);
  const show = (name: string, { ms, fromOpening, cpu }: Opened, limit: string): void =>
    console.log(
      `  ${name}: first diagnostics after ${fromOpening.toFixed(0)} ms (at most ${limit}), ${ms.toFixed(0)} ms from the start of the server, ${cpu} ms of processor time`,
    );
  show("the first time", cold, "3000");
  show("once more", warm, "500");
}

const server = buildServer();
try {
  const file = values.file === "" ? demangle() : values.file;
  const has = (part: string): boolean => values.part === "" || values.part === part;
  if (has("edits")) await benchEdits(server, file);
  if (has("compare") && values.compare !== "0" && values.file === "") await compareEdits(server, file);
  if (has("module")) await benchModule(server);
} finally {
  removeServer(server);
  rmSync(folder, { recursive: true, force: true });
}
