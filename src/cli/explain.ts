/** `goesc explain`: why values are where they are, and what would keep them on the stack. */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Pos } from "../base/pos.ts";
import { rewriteOutput } from "../load/display.ts";
import { LoadError } from "../load/env.ts";
import type { LoadedPackage } from "../load/package.ts";
import { type Decision, decisionsAt, decisionsIn, type Place } from "../report/explain/decisions.ts";
import { decisionRecord } from "../report/explain/json.ts";
import { type Offer, Offers } from "../report/explain/offers.ts";
import type { Scene } from "../report/explain/scene.ts";
import { ExplainText } from "../report/explain/text.ts";
import { type Suggestion, suggestions } from "../report/fix/suggest.ts";
import { whyNoEdit } from "../report/fix/unhelped.ts";
import { declName, isGeneric } from "../report/functions.ts";
import type { FuncDecl } from "../syntax/ast.ts";
import { UsageError } from "./args.ts";
import { alternatives, nearest } from "./near.ts";
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
  if (dot === 0) return { kind: "function", pattern: ".", name: text.slice(1) };
  if (text.startsWith("(") || dot < 0) return { kind: "function", pattern: ".", name: text.slice(slash + 1) };
  return { kind: "function", pattern: text.slice(0, dot), name: text.slice(dot + 1) };
}

interface Opened {
  readonly target: Target;
  readonly request: OpenedRequest;
  readonly bench: Workbench;
  readonly pkg: LoadedPackage;
  readonly scene: Scene;
}

/** Returns the exit code. */
export async function runExplain(settings: Settings): Promise<number> {
  const [text, ...patterns] = settings.patterns;
  if (text === undefined) throw new UsageError("explain: name a place, FILE.go:LINE, or a function, pkg.Func");
  const opened = await open(settings, parseTarget(text), patterns);
  if (typeof opened === "string") {
    process.stderr.write(opened);
    return 1;
  }
  const { target } = opened;
  const decisions = find(opened);
  if (decisions === null) {
    process.stderr.write(noFunction(opened));
    return 1;
  }
  const json = settings.json || settings.outputs.some(({ format }) => format.name === "json");
  const without = decisions.every(({ remark }) => remark === null) ? withoutInstance(opened) : null;
  if (decisions.length === 0 || (without !== null && !json)) {
    if (json) return 0;
    const lines = target.kind === "place" ? linesOf(opened, target.file) : 0;
    if (target.kind === "place" && lines > 0 && target.line > lines) {
      process.stderr.write(`goesc: ${describe(target)}: the file has only ${lines} line${lines === 1 ? "" : "s"}\n`);
      return 1;
    }
    const why = without ?? "nothing there is allocated, declared or passed on";
    process.stdout.write(`${describe(target)}: ${why}.\n`);
    return 0;
  }
  const offers = new Offers();
  const explained: { decision: Decision; found: Offer[] }[] = [];
  for (const decision of decisions) {
    explained.push({ decision, found: offers.add(decision, suggest(opened, decision)) });
    if (settings.fix > 0 && settings.fix <= offers.count) break;
  }
  if (settings.fix > 0) {
    const chosen = offers.find(settings.fix);
    if (chosen !== null) return applyFix(opened, chosen, settings.write);
    const { count } = offers;
    process.stderr.write(`goesc: ${describe(target)}: there is no suggestion ${settings.fix}, but ${count} in all\n`);
    return 1;
  }
  const { scene } = opened;
  const writer = new ExplainText();
  const paragraphs = explained.map(({ decision, found }) => {
    if (json) return decisionRecord(scene, decision, found);
    const text = writer.decision(scene, decision);
    if (found.length > 0) return text + writer.offers(scene, decision, found);
    if (decision.verdict !== "heap" || decision.remark === null) return text;
    return text + writer.noSuggestion(whyNoEdit(scene, decision.remark));
  });
  if (json) process.stdout.write(paragraphs.join(""));
  else process.stdout.write(rewriteOutput(opened.request.host, opened.pkg.dir, paragraphs.join("\n")));
  return 0;
}

function suggest({ bench, pkg, scene }: Opened, { verdict, remark }: Decision): Suggestion[] {
  if (verdict !== "heap" || remark === null) return [];
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

/** 0 for a file that is no part of the package. */
function linesOf({ request: { host }, scene }: Opened, name: string): number {
  const path = host.paths.abs(name, host.cwd);
  const file = scene.session.fset.files.find((file) => file.name === path);
  if (file === undefined) return 0;
  const { lines, size } = file;
  return lines[lines.length - 1] === size ? lines.length - 1 : lines.length;
}

/** What there is to say of generic code that the package makes no instance of; null for all other code. */
function withoutInstance({ target, request: { host }, scene }: Opened): string | null {
  const { fset } = scene.session;
  const decls =
    target.kind === "function" ? [declOf(scene, target)] : [...scene.names()].map((name) => scene.decl(name));
  const decl = decls.find((decl) => {
    if (decl === null || target.kind === "function") return decl !== null;
    const start = fset.absolute(decl.pos);
    const file = host.paths.abs(target.file, host.cwd);
    return start.filename === file && start.line <= target.line && target.line <= fset.absolute(decl.end).line;
  });
  if (!decl || !isGeneric(decl)) return null;
  const { pos, end } = decl;
  const isInside = (at: Pos): boolean => at >= pos && at < end;
  if (scene.remarks.some((remark) => isInside(fset.outermost(remark.pos)))) return null;
  return `${declName(decl)} is generic, and ${scene.importPath} makes no instance of it: what its code does to values is decided in packages that do, with goesc -m there`;
}

function find({ target, request, bench, scene }: Opened): Decision[] | null {
  if (target.kind === "place") {
    const { paths, cwd } = request.host;
    const place: Place = { file: paths.abs(target.file, cwd), line: target.line, col: target.col };
    return decisionsAt(bench, scene, place);
  }
  const decl = declOf(scene, target);
  return decl === null ? null : decisionsIn(bench, scene, decl);
}

function declOf(scene: Scene, target: Target): FuncDecl | null {
  if (target.kind === "place") return null;
  return scene.decl(target.name) ?? scene.decl(target.name.replace(/^(\w+)\.(\w+)$/, "(*$1).$2"));
}

/** What the package has instead of a function that it has not. */
function noFunction({ target, pkg, scene }: Opened): string {
  const bare = (name: string): string => name.replace(/[(*)]/g, "");
  const names = new Map<string, string>();
  for (const name of scene.names()) names.set(bare(name), name);
  const wanted = target.kind === "function" ? bare(target.name) : "";
  const near = new Set(nearest(wanted, names.keys()));
  // The name alone may be right: the receiver is left out, or another one.
  const last = `.${wanted.slice(wanted.lastIndexOf(".") + 1)}`;
  for (const name of names.keys()) if (name.endsWith(last)) near.add(name);
  const shown = [...(near.size > 0 ? near : names.keys())].slice(0, 4).map((name) => names.get(name)!);
  let hint = "it declares none";
  if (near.size > 0) hint = `did you mean ${alternatives(shown)}?`;
  else if (names.size > 0) hint = `there are ${shown.join(", ")}${names.size > shown.length ? ", …" : ""}`;
  return `goesc: ${describe(target)}: there is no such function in ${pkg.importPath}; ${hint}\n`;
}

interface Candidate {
  readonly patterns: readonly string[];
  readonly target: Target;
  /** The name that the package must have; "" for any. */
  readonly named: string;
  /** Only if the package has the function. */
  readonly isGuess?: boolean;
}

/** Where the target may be, the likeliest first. A place is in the package of its directory, or in the file on its own if
 *  that is no part of it, or if that cannot be built. A package that is named without slashes may be the one of the
 *  current directory, one in the standard library, or a directory here; and the name may be that of a type. */
function candidatesFor(target: Target, patterns: readonly string[]): Candidate[] {
  if (patterns.length > 0) return [{ patterns, target, named: "" }];
  if (target.kind === "place") {
    const slash = Math.max(target.file.lastIndexOf("/"), target.file.lastIndexOf("\\"));
    const dir = slash < 0 ? "." : target.file.slice(0, slash + 1);
    return [[/^[/.]|^\w:/.test(dir) ? dir : `./${dir}`], [target.file]].map((list) => ({
      patterns: list,
      target,
      named: "",
    }));
  }
  const { pattern, name } = target;
  const plain: Candidate = { patterns: [pattern], target, named: "" };
  if (!/^\w+$/.test(pattern)) return [plain];
  const here: Target = { kind: "function", pattern: ".", name };
  return [
    { patterns: ["."], target: here, named: pattern },
    plain,
    { patterns: [`./${pattern}`], target: { ...here, pattern: `./${pattern}` }, named: "" },
    { patterns: ["."], target: { ...here, name: `${pattern}.${name}` }, named: "", isGuess: true },
  ];
}

/** Analyses the package that holds the target. */
async function open(settings: Settings, wanted: Target, patterns: readonly string[]): Promise<Opened | string> {
  if (wanted.kind === "place" && !existsSync(resolve(settings.chdir, wanted.file))) {
    return `goesc: ${describe(wanted)}: there is no such file\n`;
  }
  let failure = "";
  for (const { patterns: candidate, target, named, isGuess } of candidatesFor(wanted, patterns)) {
    let request: OpenedRequest;
    try {
      request = openRequest({ ...settings, patterns: candidate }, true); // what is wrong is said below
    } catch (error) {
      // A file needs no module around it.
      if (!(error instanceof LoadError)) throw error;
      if (named === "") failure ||= `${error.message}\n${filesHint(wanted, patterns)}`;
      continue;
    }
    if (named !== "" && request.load.requested[0]?.name !== named) continue;
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
    if (scene === null || (isGuess && declOf(scene, target) === null)) continue;
    return { target, request, bench, pkg, scene };
  }
  return failure === "" ? `goesc: ${describe(wanted)}: no package of this build holds it\n` : failure;
}

/** A function of files that are in no module is found in files that are named. */
function filesHint(target: Target, patterns: readonly string[]): string {
  if (target.kind === "place" || target.pattern !== "." || patterns.length > 0) return "";
  return `goesc: outside of a module, name the files: goesc explain ${target.name} FILE.go\n`;
}

function holder({ load, host }: OpenedRequest, target: Target): LoadedPackage | null {
  if (target.kind === "function") return load.requested[0] ?? null;
  const file = host.paths.abs(target.file, host.cwd);
  return load.requested.find((pkg) => pkg.goFiles.includes(file)) ?? null;
}
