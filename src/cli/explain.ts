/** `goesc explain`: why values are where they are, and what would keep them on the stack. */
import { writeFileSync } from "node:fs";
import { rewriteOutput } from "../load/display.ts";
import { LoadError } from "../load/env.ts";
import type { LoadedPackage } from "../load/package.ts";
import { type Decision, decisionsAt, decisionsIn, type Place } from "../report/explain/decisions.ts";
import { decisionRecord } from "../report/explain/json.ts";
import type { Scene } from "../report/explain/scene.ts";
import { ExplainText } from "../report/explain/text.ts";
import { type Suggestion, suggestions } from "../report/fix/suggest.ts";
import { whyNoEdit } from "../report/fix/unhelped.ts";
import type { Remark } from "../report/remark.ts";
import { UsageError } from "./args.ts";
import { type OpenedRequest, openRequest } from "./run.ts";
import type { Settings } from "./settings.ts";
import { Workbench } from "./workbench.ts";

/** What is to be explained. */
export type Target =
  | { readonly kind: "place"; readonly file: string; readonly line: number; readonly col: number | null }
  | { readonly kind: "function"; readonly pattern: string; readonly name: string };

/** Throws a {@link UsageError}. */
export function parseTarget(text: string): Target {
  const place = /^(.+\.go):(\d+)(?::(\d+))?$/.exec(text);
  if (place !== null) {
    const [, file, line, col] = place;
    return { kind: "place", file, line: Number(line), col: col === undefined ? null : Number(col) };
  }
  if (/\.go(:|$)/.test(text)) throw new UsageError(`explain ${text}: the place is FILE.go:LINE or FILE.go:LINE:COL`);
  // The package ends at the first dot after its last slash: net/http.(*Client).Do, ./sub.F; a slash in a type's
  // parentheses cannot be.
  const slash = text.lastIndexOf("/", text.indexOf("(") < 0 ? text.length : text.indexOf("("));
  const dot = text.indexOf(".", slash + 1);
  if (text.startsWith("(") || dot < 0) return { kind: "function", pattern: ".", name: text.slice(slash + 1) };
  return { kind: "function", pattern: text.slice(0, dot), name: text.slice(dot + 1) };
}

interface Opened {
  readonly request: OpenedRequest;
  readonly bench: Workbench;
  readonly pkg: LoadedPackage;
  readonly scene: Scene;
}

/** Returns the exit code. */
export async function runExplain(settings: Settings): Promise<number> {
  const [text, ...patterns] = settings.patterns;
  if (text === undefined) throw new UsageError("explain: name a place, FILE.go:LINE, or a function, pkg.Func");
  const target = parseTarget(text);
  const opened = await open(settings, target, patterns);
  if (typeof opened === "string") {
    process.stderr.write(opened);
    return 1;
  }
  const decisions = find(opened, target);
  if (decisions === null) {
    process.stderr.write(`goesc: ${describe(target)}: there is no such function\n`);
    return 1;
  }
  const json = settings.json || settings.outputs.some(({ format }) => format.name === "json");
  if (decisions.length === 0) {
    if (json) return 0;
    process.stdout.write(`${describe(target)}: nothing there is allocated, declared or passed on.\n`);
    return 0;
  }
  const writer = new ExplainText();
  const paragraphs: string[] = [];
  let count = 0;
  for (const decision of decisions) {
    const found = decision.verdict === "heap" && decision.remark !== null ? suggest(opened, decision.remark) : [];
    const chosen = found[settings.fix - 1 - count];
    if (settings.fix > 0 && chosen !== undefined) return applyFix(opened, chosen, settings.write);
    if (json) {
      paragraphs.push(decisionRecord(opened.scene, decision, found, count + 1));
    } else {
      let text = writer.decision(opened.scene, decision);
      if (found.length > 0) text += writer.suggestions(opened.scene, found, count + 1);
      else if (decision.verdict === "heap" && decision.remark !== null) {
        text += writer.noSuggestion(whyNoEdit(opened.scene, decision.remark));
      }
      paragraphs.push(text);
    }
    count += found.length;
  }
  if (settings.fix > 0) {
    process.stderr.write(`goesc: ${describe(target)}: there is no suggestion ${settings.fix}, but ${count} in all\n`);
    return 1;
  }
  if (json) process.stdout.write(paragraphs.join(""));
  else process.stdout.write(rewriteOutput(opened.request.host, opened.pkg.dir, paragraphs.join("\n")));
  return 0;
}

function suggest({ bench, pkg, scene }: Opened, remark: Remark): Suggestion[] {
  return suggestions(scene, remark, (drafts) => bench.examine(pkg, drafts));
}

function applyFix({ request, pkg }: Opened, { files }: Suggestion, write: boolean): number {
  for (const [name, text] of files) {
    if (!write) {
      if (files.size > 1) process.stdout.write(rewriteOutput(request.host, pkg.dir, `// ${name}`));
      process.stdout.write(text);
      continue;
    }
    writeFileSync(name, text);
    process.stdout.write(rewriteOutput(request.host, pkg.dir, name));
  }
  return 0;
}

function describe(target: Target): string {
  if (target.kind === "function") return target.pattern === "." ? target.name : `${target.pattern}.${target.name}`;
  return `${target.file}:${target.line}${target.col === null ? "" : `:${target.col}`}`;
}

function find({ request, bench, scene }: Opened, target: Target): Decision[] | null {
  if (target.kind === "place") {
    const { paths, cwd } = request.host;
    const place: Place = { file: paths.abs(target.file, cwd), line: target.line, col: target.col };
    return decisionsAt(bench, scene, place);
  }
  const decl = scene.decl(target.name) ?? scene.decl(target.name.replace(/^(\w+)\.(\w+)$/, "(*$1).$2"));
  return decl === null ? null : decisionsIn(bench, scene, decl);
}

/** Analyses the package that holds the target: for a place the package of its directory, or the file on its own if it
 *  is no part of that, or if that cannot be built. */
async function open(settings: Settings, target: Target, patterns: readonly string[]): Promise<Opened | string> {
  const candidates: string[][] = [];
  if (patterns.length > 0) candidates.push([...patterns]);
  else if (target.kind === "function") candidates.push([target.pattern]);
  else {
    const slash = Math.max(target.file.lastIndexOf("/"), target.file.lastIndexOf("\\"));
    const dir = slash < 0 ? "." : target.file.slice(0, slash + 1);
    candidates.push([/^[/.]|^\w:/.test(dir) ? dir : `./${dir}`], [target.file]);
  }
  let failure = "";
  for (const candidate of candidates) {
    let request: OpenedRequest;
    try {
      request = openRequest({ ...settings, patterns: candidate }, true); // what is wrong is said below
    } catch (error) {
      // A file needs no module around it.
      if (!(error instanceof LoadError)) throw error;
      failure ||= `${error.message}\n`;
      continue;
    }
    if (request.load.errors.length > 0) {
      failure ||= request.load.errors.map((error) => (error.endsWith("\n") ? error : `${error}\n`)).join("");
      continue;
    }
    const pkg = holder(request, target);
    if (pkg === null) continue;
    const bench = await Workbench.open(request);
    if (typeof bench === "string") {
      failure ||= bench;
      continue;
    }
    const scene = bench.scene(pkg.importPath);
    if (scene !== null) return { request, bench, pkg, scene };
  }
  return failure === "" ? `goesc: ${describe(target)}: no package of this build holds it\n` : failure;
}

function holder({ load, host }: OpenedRequest, target: Target): LoadedPackage | null {
  if (target.kind === "function") return load.requested[0] ?? null;
  const file = host.paths.abs(target.file, host.cwd);
  return load.requested.find((pkg) => pkg.goFiles.includes(file)) ?? null;
}
