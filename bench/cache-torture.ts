/** `npm run cache-torture -- [--seed N] [--kills N] [--packages PATH,… | --std | --module N] [--flags='-m -l']
 *  [--bundle FILE] [--keep]`
 *
 *  Torments the cache of a run over many packages, those that a program imports, all of the standard library or made up, and checks after each blow that the next run is right. First a run
 *  without a cache says what is right: its output, and every summary that it leaves. Then, by a seeded generator:
 *
 *      kill      runs are ended with SIGKILL at random moments, and a part of the cache is removed so that there is
 *                always something to write
 *      two       two runs at once, over what is left
 *      damage    files are cut, flipped, emptied, swapped, replaced by directories
 *      evict     a limit far below what the run needs, while another run reads
 *      full      a disk that takes no more (a file system of 256 kB, or a limit on the size of files)
 *
 *  Exits 1 at the first wrong output, wrong entry or leftover draft. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { SummaryStore } from "../src/host/summary-store.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    kills: { type: "string", default: "200" },
    packages: { type: "string", default: "net/http,go/types" },
    std: { type: "boolean", default: false },
    module: { type: "string" },
    flags: { type: "string", default: "-m -l" },
    bundle: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
const root = process.env.GOESC_ROOT ?? process.cwd();
const bundle = resolve(values.bundle ?? join(root, "dist", "goesc.js"));
const work = mkdtempSync(join(tmpdir(), "goesc-torture-"));
const cache = join(work, "cache");

/** mulberry32 */
let state = Number(values.seed) >>> 0;
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
function below(n: number): number {
  return Math.floor(random() * n);
}

/** A program that imports the packages and shows what is known of their functions. */
function makeProgram(): string {
  const file = join(work, "x.go");
  const imports = values.packages.split(",").map((path) => `\t_ ${JSON.stringify(path)}\n`);
  writeFileSync(
    file,
    `package main

import (
	"bytes"
	"fmt"
	"os"
	"sort"
	"strings"
${imports.join("")})

type list []string

func (l list) Len() int           { return len(l) }
func (l list) Less(i, j int) bool { return l[i] < l[j] }
func (l list) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }

func main() {
	words := strings.Fields("b a")
	sort.Sort(list(words))
	var buf bytes.Buffer
	fmt.Fprintln(&buf, words)
	os.Stdout.Write(buf.Bytes())
	f, err := os.Open(words[0])
	if err != nil {
		fmt.Println(err)
	}
	defer f.Close()
}
`,
  );
  return file;
}

/** Packages in layers: what is known of a function depends on those below. */
function makeModule(count: number): string {
  writeFileSync(join(work, "go.mod"), "module m\n\ngo 1.24\n");
  for (let i = 0; i < count; i++) {
    const below3 = [...new Set([below(i), below(i), below(i)])].filter((k) => k < i);
    const funcs: string[] = [];
    for (let f = 0; f < 40; f++) {
      const callee = below3.length > 0 && f % 4 !== 0 ? `p${below3[f % below3.length]}.F${(f * 7) % 40}` : "";
      const body = ["sink = t", "return t", "return t.next", "return nil"][(i + f) % 4];
      funcs.push(
        callee === ""
          ? `func F${f}(t *[4]*int) *[4]*int { ${body.replace("t.next", "&[4]*int{t[0]}").replace("sink = t", "sink = t; return nil")} }`
          : `func F${f}(t *[4]*int) *[4]*int { x := [4]*int{t[1]}; ${callee}(&x); return ${callee}(t) }`,
      );
    }
    const imports = below3.map((k) => `import "m/p${k}"\n`).join("");
    mkdirSync(join(work, `p${i}`));
    writeFileSync(
      join(work, `p${i}`, "p.go"),
      `package p${i}\n\n${imports}\nvar sink *[4]*int\n\n${funcs.join("\n\n")}\n`,
    );
  }
  const all = Array.from({ length: count }, (_, i) => i);
  const calls = all.map((i) => `\tx${i} := [4]*int{}\n\tp${i}.F${below(40)}(&x${i})\n`).join("");
  const imports = all.map((i) => `import "m/p${i}"\n`).join("");
  writeFileSync(join(work, "main.go"), `package main\n\n${imports}\nfunc main() {\n${calls}}\n`);
  return ".";
}

function pattern(): string {
  if (values.std) return "std";
  return values.module === undefined ? makeProgram() : makeModule(Number(values.module));
}

const flags = [`-gcflags=${values.flags}`, pattern()];

function environment(dir: string, size = ""): NodeJS.ProcessEnv {
  return { ...process.env, GOESC_CACHE: dir, GOESC_CACHE_SIZE: size, CGO_ENABLED: "0" };
}

function outputOf(dir: string, size = ""): string {
  const result = spawnSync(process.execPath, [bundle, ...flags], {
    cwd: work,
    env: environment(dir, size),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return `${result.stdout}${result.stderr}exit ${result.status}\n`;
}

function start(dir: string, size = ""): { child: ChildProcess; done: Promise<string> } {
  const child = spawn(process.execPath, [bundle, ...flags], { cwd: work, env: environment(dir, size) });
  let text = "";
  child.stdout?.on("data", (chunk) => (text += chunk));
  child.stderr?.on("data", (chunk) => (text += chunk));
  const done = new Promise<string>((resolve) => child.on("close", (code) => resolve(`${text}exit ${code}\n`)));
  return { child, done };
}

/** Entries of a cache: name → file. */
function entries(dir: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    if (/(?:^|[/\\])[0-9a-f]{32}$/.test(name)) found.set(name, join(dir, name));
  }
  return found;
}

/** Without the engine's code (src/host/code-cache.ts), which is another one each time, and without what is damaged: that is
 *  told to `damaged`, and goes when it is read. */
function summaries(dir: string, damaged: (name: string) => void): Map<string, string> {
  const found = entries(dir);
  for (const [name, file] of found) {
    if (statSync(file).isDirectory()) continue;
    const content = new SummaryStore(dirname(dirname(file))).read(basename(file));
    if (content === null) {
      damaged(name);
      found.delete(name);
      continue;
    }
    const head = Buffer.from(content.subarray(0, 200)).toString("latin1");
    if (/^[a-z]+( [a-z]+)*\n/.test(head)) found.delete(name);
  }
  return found;
}

function fail(what: string): never {
  console.error(`cache-torture: seed ${values.seed}: ${what}; the directory is ${work}`);
  process.exit(1);
}

/** What every later run must say, and every entry be. */
const reference = join(work, "reference");
let started = performance.now();
const right = outputOf(reference);
const runTime = performance.now() - started;
if (!right.endsWith("exit 0\n")) fail(`the first run fails:\n${right}`);
const rightEntries = new Map<string, Buffer>();
for (const [name, file] of summaries(reference, fail)) rightEntries.set(name, readFileSync(file));
console.log(`${rightEntries.size} entries, ${right.split("\n").length - 2} lines, ${(runTime / 1000).toFixed(1)} s`);

function checkRun(what: string, output: string): void {
  if (output === right) return;
  writeFileSync(join(work, "wrong.txt"), output);
  writeFileSync(join(work, "right.txt"), right);
  fail(`wrong output ${what}`);
}

/** Entries under their names are whole and right, whoever was killed while writing them. After damage, those that no
 *  run has asked for are still damaged. */
function checkEntries(what: string, afterDamage = false): void {
  const damaged = (name: string): void => {
    if (!afterDamage) fail(`damaged entry ${name} ${what}`);
  };
  for (const [name, file] of summaries(cache, damaged)) {
    if (rightEntries.get(name)?.equals(readFileSync(file)) !== true) fail(`wrong entry ${name} ${what}`);
  }
}

/** Not so what imports have said, which is made anew only if somebody asks for it. */
function isSummary(bytes: Buffer): boolean {
  return bytes.toString("latin1", 16, 20) === "GESS";
}

function removeSome(share: number): void {
  for (const file of entries(cache).values()) if (random() < share) rmSync(file);
}

async function kills(count: number): Promise<void> {
  let hits = 0;
  let unfinished = 0;
  for (let i = 0; i < count; i++) {
    const { child, done } = start(cache);
    const delay = random() * Math.min(runTime, 4000);
    const timer = setTimeout(() => child.kill("SIGKILL"), delay);
    const output = await done;
    clearTimeout(timer);
    if (child.signalCode === "SIGKILL") hits++;
    else checkRun(`of run ${i}, which was not killed`, output);
    checkEntries(`after kill ${i}`);
    unfinished += drafts(cache);
    // The next run: only now and then to its end, as it takes long; the others are killed in turn.
    if (i % 10 === 9) {
      checkRun(`after kill ${i}`, outputOf(cache));
      checkEntries(`after the run after kill ${i}`);
      const there = summaries(cache, fail);
      for (const [name, bytes] of rightEntries)
        if (isSummary(bytes) && !there.has(name)) fail(`${name} is missing after kill ${i}`);
      removeSome(random());
      process.stdout.write(`\r${i + 1} kills`);
    }
  }
  checkRun("after all kills", outputOf(cache));
  console.log(`\rkill    ${hits} of ${count} runs killed, ${unfinished} drafts seen: right`);
}

function drafts(dir: string): number {
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" });
  return names.filter((name) => /[0-9a-f]{32}\.\d+/.test(name)).length;
}

async function two(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    removeSome(0.7);
    const runs = [start(cache), start(cache)];
    for (const { done } of runs) checkRun(`of two runs at once, round ${i}`, await done);
    checkEntries(`after two runs at once, round ${i}`);
  }
  console.log(`two     ${count} pairs of runs: right`);
}

/** Ways to spoil a file. */
const blows: readonly ((file: string, other: string) => void)[] = [
  (file) => truncateSync(file, below(statSync(file).size)),
  (file) => truncateSync(file, 0),
  (file) => {
    const bytes = readFileSync(file);
    bytes[below(bytes.length)] ^= 1 << below(8);
    writeFileSync(file, bytes);
  },
  (file) => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from("more")])),
  (file) => rmSync(file),
  (file) => {
    rmSync(file);
    mkdirSync(file);
  },
];

function damage(count: number): void {
  for (let i = 0; i < count; i++) {
    const all = [...entries(cache).values()];
    for (let n = 1 + below(20); n > 0; n--) {
      const file = all[below(all.length)];
      if (!existsSync(file) || statSync(file).isDirectory()) continue;
      blows[below(blows.length)](file, all[below(all.length)]);
    }
    const index = readdirSync(cache).find((name) => name.startsWith("std-index-"));
    if (index !== undefined && random() < 0.5) blows[below(3)](join(cache, index), "");
    checkRun(`after damage ${i}`, outputOf(cache));
    // A directory in the place of a summary stays; everything else is made again.
    for (const [name, file] of entries(cache))
      if (statSync(file).isDirectory()) rmSync(join(cache, name), { recursive: true });
    checkRun(`after damage ${i}, once more`, outputOf(cache));
    checkEntries(`after damage ${i}`, true);
  }
  console.log(`damage  ${count} times: right`);
}

async function evict(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const runs = [start(cache, "300k"), start(cache, "0"), start(cache)];
    for (const { done } of runs) checkRun(`while others evict, round ${i}`, await done);
    checkEntries(`after eviction ${i}`);
  }
  console.log(`evict   ${count} times three runs: right`);
}

function full(): void {
  const disk = join(work, "disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status === 0;
  try {
    if (mounted) {
      for (let i = 0; i < 2; i++) checkRun(`on a full disk, run ${i}`, outputOf(join(disk, "cache")));
      console.log("full    a file system of 256 kB: right");
    } else {
      const command = `ulimit -f 16; exec "$0" "$@"`;
      const result = spawnSync("sh", ["-c", command, process.execPath, bundle, ...flags], {
        cwd: work,
        env: environment(join(disk, "cache")),
        encoding: "utf8",
      });
      checkRun("where files stay short", `${result.stdout}${result.stderr}exit ${result.status}\n`);
      console.log("full    files of 16 blocks at most (no right to mount a small disk): right");
    }
  } finally {
    if (mounted) spawnSync("umount", [disk]);
  }
}

started = performance.now();
renameSync(reference, cache);
full();
damage(6);
await evict(3);
await two(4);
removeSome(0.8);
await kills(Number(values.kills));
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
if (!values.keep) rmSync(work, { recursive: true, force: true });
