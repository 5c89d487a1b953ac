/** Latency and memory of the language server, over its protocol, on a file of a real module.
 *
 *      node scripts/run.mjs bench/lsp.ts FILE.go [-edits 500] [-compare 20] [-long 5000]
 *
 *  Each edit is timed from the moment when it is sent until diagnostics for that version of the text arrive. Edits type
 *  statements character by character, take them back, paste and remove blocks, and break and mend the syntax. After every
 *  so many edits that leave the file valid, what the server says is compared with an analysis from scratch. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Diagnostic } from "vscode-languageserver";
import { Engine } from "../src/lsp/engine/engine.ts";
import type { FileView } from "../src/lsp/engine/model.ts";
import { nodeEngineHost } from "../src/lsp/node-host.ts";
import { buildServer, Client, removeServer } from "../test/lsp/client.ts";

const encoder = new TextEncoder();

interface Options {
  readonly file: string;
  readonly edits: number;
  readonly compare: number;
  readonly long: number;
}

function readOptions(args: readonly string[]): Options {
  const value = (name: string, otherwise: number): number => {
    const at = args.indexOf(name);
    return at < 0 ? otherwise : Number(args[at + 1]);
  };
  const file = args.find((arg) => arg.endsWith(".go"));
  if (file === undefined) throw new Error("usage: node scripts/run.mjs bench/lsp.ts FILE.go");
  return { file, edits: value("-edits", 500), compare: value("-compare", 20), long: value("-long", 0) };
}

/** Numbers that look random and are the same in each run. */
class Random {
  constructor(private state: number) {}
  below(n: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }
}

/** Texts of a file while somebody works on it. */
function* work(original: string, random: Random): Generator<{ text: string; what: string }> {
  let text = original;
  for (let n = 0; ; n++) {
    const opens = [...text.matchAll(/^func .*\{\n/gm)];
    const open = opens[random.below(opens.length)];
    const at = open.index + open[0].length;
    const insert = (piece: string): string => text.slice(0, at) + piece + text.slice(at);
    const kind = random.below(10);
    if (kind < 6) {
      const statement = `\tgoescV${n} := new(int)\n\t_ = goescV${n}\n`;
      for (let i = 1; i <= statement.length; i++) yield { text: insert(statement.slice(0, i)), what: "type" };
      for (let i = statement.length - 1; i >= 0; i -= 4) yield { text: insert(statement.slice(0, i)), what: "delete" };
      yield { text, what: "cut" };
    } else if (kind < 8) {
      const block = `\tif goescP := []int{1, 2, ${n}}; len(goescP) > 5 {\n\t\tpanic(goescP)\n\t}\n`;
      yield { text: insert(block), what: "paste" };
      yield { text, what: "cut" };
    } else if (kind < 9) {
      yield { text: insert("\tif {\n"), what: "break" };
      yield { text: insert("\tif {\n\t// 世界 🎉\n"), what: "edit broken" };
      yield { text: insert("\tif true {\n\t}\n"), what: "mend" };
      yield { text, what: "cut" };
    } else {
      text = insert(`\t// ${n}: a comment\n`);
      yield { text, what: "comment" };
    }
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** Analyses from scratch; null if the text has errors. */
async function fresh(file: string, text: string): Promise<string[] | null> {
  let view: FileView | null = null;
  const engine = new Engine(
    nodeEngineHost(() => false),
    {
      view: (found) => {
        view = found;
      },
      progress: () => {},
      log: () => {},
    },
  );
  engine.setDocument(file, 1, encoder.encode(text));
  while (engine.delay() === 0) engine.step();
  const { functions, problem } = view as unknown as FileView;
  if (problem !== "") {
    console.log(problem);
    return null;
  }
  const list: string[] = [];
  for (const { start, findings } of functions) {
    for (const { kind, message, start: from } of findings ?? []) {
      if (kind === "moved" || kind === "escapes") list.push(`${start + from}: ${message}`);
    }
  }
  return list.sort();
}

function said(text: string, diagnostics: readonly Diagnostic[]): string[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return diagnostics
    .map(({ range: { start }, message }) => {
      const at = starts[start.line] + start.character;
      return `${encoder.encode(text.slice(0, at)).length}: ${String(message).replace(/ \([^()]*\)$/, "")}`;
    })
    .sort();
}

/** Of all threads of a process, in ms. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function main(): Promise<void> {
  const { file, edits, compare, long } = readOptions(process.argv.slice(2));
  const original = readFileSync(file, "utf8");
  const server = buildServer();
  const open = async (): Promise<{ client: Client; uri: string; ms: number; cpu: number }> => {
    const client = new Client(server);
    await client.initialize(dirname(file));
    const started = performance.now();
    const uri = await client.open(file, original);
    await client.diagnostics(uri, ({ diagnostics }) => diagnostics.length > 0, 120_000);
    return { client, uri, ms: performance.now() - started, cpu: processorTime(client.process.pid!) };
  };
  const cold = await open();
  await new Promise((resolve) => setTimeout(resolve, 3000)); // what it keeps for the next time
  await cold.client.close();
  const { client, uri, ms, cpu } = await open();
  console.log(`${file}: ${original.split("\n").length} lines`);
  console.log(`opened the first time in ${cold.ms.toFixed(0)} ms (${cold.cpu} ms of processor time with the start)`);
  console.log(`opened once more in ${ms.toFixed(0)} ms (${cpu} ms)`);
  await new Promise((resolve) => setTimeout(resolve, 3 * cold.ms)); // until it has been analysed

  const times: number[] = [];
  let compared = 0;
  let different = 0;
  let lost = 0;
  const steps = work(original, new Random(7));
  const step = async (): Promise<{ text: string; what: string }> => {
    const { text, what } = steps.next().value as { text: string; what: string };
    const started = performance.now();
    const version = await client.replaceByDifference(uri, text);
    const diagnostics = await client.diagnostics(uri, (published) => (published.version ?? 0) >= version);
    times.push(performance.now() - started);
    if (diagnostics.length === 0) lost++;
    return { text, what };
  };
  const complete = new Set(["paste", "cut", "mend", "comment"]);
  let due = compare;
  const used = processorTime(client.process.pid!);
  for (let i = 0; i < edits; i++) {
    const { text, what } = await step();
    if (compare === 0 || --due > 0 || !complete.has(what)) continue;
    due = compare;
    await new Promise((resolve) => setTimeout(resolve, 1500)); // what was put off
    const now = client.published.get(uri)!.diagnostics;
    const want = await fresh(file, text);
    if (want === null) {
      console.log(`edit ${i} (${what}): the text has errors`);
      continue;
    }
    compared++;
    const got = said(text, now);
    if (new Set(got).size === new Set(want).size && got.every((line) => want.includes(line))) continue;
    different++;
    const missing = want.filter((line) => !got.includes(line));
    const surplus = got.filter((line) => !want.includes(line));
    console.log(
      `edit ${i}: missing ${JSON.stringify(missing.slice(0, 3))}, surplus ${JSON.stringify(surplus.slice(0, 3))}`,
    );
  }
  const sorted = [...times].sort((a, b) => a - b);
  console.log(
    `${times.length} edits: median ${quantile(sorted, 0.5).toFixed(1)} ms, 95 % ${quantile(sorted, 0.95).toFixed(1)} ms, ` +
      `longest ${quantile(sorted, 1).toFixed(1)} ms; without diagnostics: ${lost}`,
  );
  const spent = processorTime(client.process.pid!) - used;
  console.log(`processor time of the server: ${(spent / times.length).toFixed(1)} ms an edit, work put off included`);
  console.log(`compared with a fresh analysis: ${compared}, different: ${different}`);
  const memory = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${client.process.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  if (long > 0) {
    const marks: string[] = [];
    for (let i = 0; i < long; i++) {
      await step();
      if (i % (long / 5) === 0) marks.push(`${memory().toFixed(0)}`);
    }
    console.log(`memory over ${long} edits, in MiB: ${marks.join(", ")}, ${memory().toFixed(0)}`);
  }
  await client.close();
  removeServer(server);
}

await main();
