/** `goesc diff OLD NEW`, `-baseline`, `-write-baseline`: what changed on the heap. */
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { GitRepository, withTemporaryDirectory } from "../host/git.ts";
import { nodeHost } from "../host/node-host.ts";
import type { LoadHost } from "../load/fs.ts";
import { baselineText, changesJson, changesText, compareFindings, type Finding, readFindings } from "../report/diff.ts";
import { heapOf, newFindings } from "../report/findings/heap.ts";
import {
  compareFindings as compareCost,
  type Report,
  type Finding as ReportFinding,
} from "../report/findings/model.ts";
import { changesMarkdown } from "../report/formats/changes.ts";
import { UsageError } from "./args.ts";
import { findingsOptions, reportOf, writeText, writeTextFile } from "./findings.ts";
import { openRequest } from "./run.ts";
import type { Settings } from "./settings.ts";

/** One side of a comparison. */
interface Side {
  /** How it is called. */
  readonly name: string;
  readonly heap: readonly Finding[];
  /** What stands behind entries of `heap`; none for saved output. */
  readonly entries: ReadonlyMap<Finding, ReportFinding>;
  readonly report: Report | null;
}

/** Returns the exit code: 1 if there is something new on the heap, 2 if it could not be compared. */
export async function runDiff(settings: Settings): Promise<number> {
  const revisions = parseRevisions(settings);
  if (revisions !== null) return diffRevisions(settings, revisions);
  const [before, after, ...rest] = settings.patterns;
  if (after === undefined || rest.length > 0)
    throw new UsageError("diff: name two revisions (main..HEAD), two saved outputs or two directories");
  const old = await side(settings, before);
  const now = await side(settings, after);
  return old === null || now === null ? 2 : report(settings, old, now);
}

/** Analyses what the settings name, compares it with the baseline and writes one, as asked. */
export async function runBaseline(settings: Settings): Promise<number> {
  const now = await analyzed(settings, "now");
  if (now === null) return 2;
  let code = 0;
  if (settings.baseline !== "") code = report(settings, saved(settings, settings.baseline), now);
  if (settings.writeBaseline !== "") writeTextFile(settings, settings.writeBaseline, baselineText(now.heap));
  return code;
}

function report(settings: Settings, old: Side, now: Side): number {
  const changes = compareFindings(old.heap, now.heap);
  if (settings.outputs.length === 0) process.stdout.write(settings.json ? changesJson(changes) : changesText(changes));
  const added = newFindings(now.entries, changes.added, old.name);
  for (const output of settings.outputs) {
    const { name } = output.format;
    if (name === "markdown") writeText(settings, output, changesMarkdown(changes, old.name, now.name));
    else if (name === "text") writeText(settings, output, { text: changesText(changes), note: "" });
    else if (now.report === null) throw new UsageError(`-format=${name} needs NEW to be a directory or a revision`);
    else writeText(settings, output, output.format.render({ ...now.report, findings: added.sort(compareCost) }));
  }
  return changes.added.length > 0 ? 1 : 0;
}

// ------------------------------------------------------------------------------------------------- revisions

interface Revisions {
  readonly git: GitRepository;
  readonly from: { readonly name: string; readonly commit: string };
  /** Null for the working tree. */
  readonly to: { readonly name: string; readonly commit: string } | null;
  readonly patterns: readonly string[];
}

/** `A..B`, `A...B` (since they parted), or `A` against the working tree, then packages; null if it is none of them. */
function parseRevisions({ chdir, patterns }: Settings): Revisions | null {
  const [range, ...rest] = patterns;
  if (range === undefined || statSync(resolve(chdir, range), { throwIfNoEntry: false }) !== undefined) return null;
  const git = GitRepository.open(resolve(chdir));
  if (git === null) return null;
  const commit = (name: string): { name: string; commit: string } => {
    const found = git.commit(name === "" ? "HEAD" : name);
    if (found === null) throw new UsageError(`diff: ${name} is no revision, file or directory`);
    return { name: name === "" ? "HEAD" : name, commit: found };
  };
  const match = /^(.*?)(\.{2,3})(.*)$/.exec(range);
  if (match === null) {
    // OLD NEW: with one name it can only be a revision.
    if (rest.some((word) => !isPattern(word))) return null;
    return { git, from: commit(range), to: null, patterns: rest };
  }
  const from = commit(match[1]);
  const to = commit(match[3]);
  if (match[2] === "..") return { git, from, to, patterns: rest };
  const base = git.mergeBase(from.commit, to.commit);
  if (base === null) {
    throw new UsageError(
      `diff: ${from.name} and ${to.name} have no common ancestor here (a shallow clone? fetch their history, or compare with ${from.name}..${to.name})`,
    );
  }
  return { git, from: { name: base.slice(0, 12), commit: base }, to, patterns: rest };
}

/** Words after a revision are packages: `./...`, `net/http`, never files. */
function isPattern(word: string): boolean {
  return !/\.(?:json|txt|go)$/.test(word);
}

function diffRevisions(settings: Settings, { git, from, to, patterns }: Revisions): Promise<number> {
  const packages = patterns.length > 0 ? patterns : ["./..."];
  return withTemporaryDirectory(async (dir) => {
    const made = new Set<string>();
    const tree = (commit: string): string => {
      const top = join(dir, commit);
      if (!made.has(commit)) git.checkOut(commit, top);
      made.add(commit);
      return join(top, git.prefix);
    };
    const old = await analyzed({ ...settings, chdir: tree(from.commit), patterns: packages }, from.name);
    const chdir = to === null ? settings.chdir : tree(to.commit);
    const now = await analyzed({ ...settings, chdir, patterns: packages }, to?.name ?? "the working tree");
    return old === null || now === null ? 2 : report(settings, old, now);
  });
}

// ------------------------------------------------------------------------------------------------- files and directories

/** A directory is analysed with all below it, a file was saved before. */
async function side(settings: Settings, name: string): Promise<Side | null> {
  const path = resolve(settings.chdir, name);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return analyzed({ ...settings, chdir: path, patterns: ["./..."] }, name);
  }
  return saved(settings, name);
}

function saved(settings: Settings, name: string): Side {
  let text: string;
  try {
    text = readFileSync(resolve(settings.chdir, name), "utf8");
  } catch {
    throw new UsageError(`${name}: no such file or directory`);
  }
  const findings = readFindings(text);
  if (findings === null) throw new UsageError(`${name} is no output of goesc`);
  const host = nodeHost({ chdir: settings.chdir });
  const heap = findings.map((finding) => ({ ...finding, file: shorten(host, finding.file) }));
  return { name, heap, entries: new Map(), report: null };
}

/** Null if the source has errors: they are on standard error. */
async function analyzed(settings: Settings, name: string): Promise<Side | null> {
  const request = openRequest({ ...settings, json: false, view: null, debug: null, dump: null });
  const options = findingsOptions(request, { groups: ["escape"], promises: false });
  const report = await reportOf(request, { options, callees: false });
  if (report.failures.length > 0) return null;
  const entries = heapOf(report.findings);
  return { name, heap: [...entries.keys()], entries, report };
}

function shorten(host: LoadHost, file: string): string {
  if (file === "" || !host.paths.isAbs(file)) return file.replace(/^\.\//, "");
  const rel = host.paths.rel(host.cwd, file);
  return rel === null || rel.startsWith("..") ? file : host.paths.toSlash(rel);
}
