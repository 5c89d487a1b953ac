/** `goesc diff OLD NEW`, `-baseline`, `-write-baseline`: what changed on the heap. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { nodeHost } from "../host/node-host.ts";
import type { LoadHost } from "../load/fs.ts";
import {
  baselineText,
  type Changes,
  changesJson,
  changesText,
  compareFindings,
  type Finding,
  readFindings,
} from "../report/diff.ts";
import { UsageError } from "./args.ts";
import { collectOutput } from "./run.ts";
import type { Settings } from "./settings.ts";

/** Returns the exit code: 1 if there is something new on the heap. */
export async function runDiff(settings: Settings): Promise<number> {
  const [before, after, ...rest] = settings.patterns;
  if (after === undefined || rest.length > 0)
    throw new UsageError("diff: name two saved outputs or two directories, OLD and NEW");
  const old = await side(settings, before);
  const now = await side(settings, after);
  if (old === null || now === null) return 2;
  return report(settings, compareFindings(old, now));
}

/** Analyses what the settings name, compares it with the baseline and writes one, as asked. */
export async function runBaseline(settings: Settings): Promise<number> {
  const findings = await analyzed(settings);
  if (findings === null) return 2;
  let code = 0;
  if (settings.baseline !== "") {
    const old = saved(settings, settings.baseline);
    code = report(settings, compareFindings(old, findings));
  }
  if (settings.writeBaseline !== "")
    writeFileSync(resolve(settings.chdir, settings.writeBaseline), baselineText(findings));
  return code;
}

function report(settings: Settings, changes: Changes): number {
  process.stdout.write(settings.json ? changesJson(changes) : changesText(changes));
  return changes.added.length > 0 ? 1 : 0;
}

/** A directory is analysed with all below it, a file was saved before. */
async function side(settings: Settings, name: string): Promise<Finding[] | null> {
  const path = resolve(settings.chdir, name);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return analyzed({ ...settings, chdir: path, patterns: ["./..."] });
  }
  return saved(settings, name);
}

function saved(settings: Settings, name: string): Finding[] {
  let text: string;
  try {
    text = readFileSync(resolve(settings.chdir, name), "utf8");
  } catch {
    throw new UsageError(`${name}: no such file or directory`);
  }
  const findings = readFindings(text);
  if (findings === null) throw new UsageError(`${name} is no output of goesc`);
  const host = nodeHost({ chdir: settings.chdir });
  return findings.map((finding) => ({ ...finding, file: shorten(host, finding.file) }));
}

/** Null if the source has errors: they are on standard error. */
async function analyzed(settings: Settings): Promise<Finding[] | null> {
  const { out, failed, host } = await collectOutput({ ...settings, json: true, view: null, debug: null, dump: null });
  if (failed) return null;
  return (readFindings(out) ?? []).map((finding) => ({ ...finding, file: shorten(host, finding.file) }));
}

function shorten(host: LoadHost, file: string): string {
  if (file === "" || !host.paths.isAbs(file)) return file.replace(/^\.\//, "");
  const rel = host.paths.rel(host.cwd, file);
  return rel === null || rel.startsWith("..") ? file : host.paths.toSlash(rel);
}
