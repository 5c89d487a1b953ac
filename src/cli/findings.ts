/** `-format` and `-out`: findings instead of the compiler's lines, in the formats of other tools. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { GitRepository } from "../host/git.ts";
import { packageHeader, rewriteOutput } from "../load/display.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { ChangedLines } from "../report/findings/changed.ts";
import {
  compareFindings,
  type Failure,
  type Finding,
  type Rendered,
  type Report,
  type SourceRange,
} from "../report/findings/model.ts";
import type { FindingsOptions } from "../report/findings/package.ts";
import { relativeName } from "../report/findings/places.ts";
import { overlayProfile, readHeapProfile } from "../report/findings/profile.ts";
import { UsageError } from "./args.ts";
import { type FindingsRequest, type OpenedRequest, openRequest, runRequest } from "./run.ts";
import type { OutputSetting, Settings } from "./settings.ts";
import { goescVersion } from "./version.ts";

/** Returns the exit code. */
export async function runFindings(settings: Settings): Promise<number> {
  const request = openRequest(settings);
  const groups = settings.view?.only ?? ["escape"];
  const report = await reportOf(request, {
    options: findingsOptions(request, { groups, promises: false }),
    callees: false,
  });
  writeReport(settings, report);
  return report.failures.length > 0 ? 1 : 0;
}

/** What the formats that are asked for need to know. */
export function findingsOptions(
  { settings, host }: OpenedRequest,
  wanted: Pick<FindingsOptions, "groups" | "promises">,
): FindingsOptions {
  return {
    ...wanted,
    root: host.cwd,
    fixes: settings.fixes,
    sources: settings.outputs.some(({ format }) => format.sources === true),
    graphs: settings.outputs.some(({ format }) => format.graphs === true),
  };
}

/** Analyses the packages; their errors also go to standard error. */
export async function reportOf(request: OpenedRequest, findings: FindingsRequest): Promise<Report> {
  const { load, host } = request;
  const failures: Failure[] = load.errors.map((text) => ({ package: failedPackage(text), text }));
  const found: Finding[] = [];
  const analysed = new Set<LoadedPackage>();
  const sources = new Map<string, string>();
  const graphs: Report["graphs"][number][] = [];
  let promises = 0;
  await runRequest({ ...request, findings }, ({ pkg, errors, findings: own }) => {
    if (errors !== "") {
      const text = rewriteOutput(host, pkg.dir, errors);
      process.stderr.write(packageHeader(pkg.importPath) + text);
      failures.push({ package: pkg.importPath, text });
      found.push(...sourceErrors(pkg.importPath, errors, host.cwd));
    }
    if (!own) return;
    analysed.add(pkg);
    found.push(...own.findings);
    promises += own.promises;
    for (const { file, text } of own.sources) sources.set(file, text);
    graphs.push(...own.graphs);
  });
  for (const pkg of load.requested) {
    if (analysed.has(pkg) || failures.some((f) => f.package === pkg.importPath || f.text.includes(pkg.importPath)))
      continue;
    if (pkg.goFiles.length === 0) continue;
    failures.push({ package: pkg.importPath, text: "a package that it imports could not be analysed\n" });
  }
  return {
    tool: { version: goescVersion(), goVersion: `go${load.env.goroot.version}` },
    command: ["goesc", ...process.argv.slice(2)].join(" "),
    packages: [...analysed].map((pkg) => pkg.importPath),
    findings: overlay(request.settings, found).sort(compareFindings),
    failures,
    promises,
    sources,
    graphs,
    changed: changedLines(request.settings, host.cwd),
    root: host.cwd,
  };
}

/** The lines of the change that the settings name, or that a pull request on GitHub is about. */
function changedLines({ changed, outputs }: Settings, cwd: string): ChangedLines | null {
  if (changed !== "") {
    const repository = GitRepository.open(cwd);
    if (repository === null) throw new UsageError(`-changed: ${cwd} is in no git repository`);
    const lines = repository.changedLines(changed);
    if (lines !== null) return lines;
    throw new UsageError(`-changed: there is no revision ${changed} here (a shallow clone?)`);
  }
  const { GITHUB_ACTIONS: isGithub, GITHUB_BASE_REF: base } = process.env;
  if (isGithub !== "true" || !base || !outputs.some(({ format }) => format.isForGithub)) return null;
  const lines = GitRepository.open(cwd)?.changedLines(`origin/${base}`) ?? null;
  if (lines === null)
    process.stderr.write(
      `goesc: origin/${base} is not in this checkout (fetch-depth: 0): changed lines are not known\n`,
    );
  return lines;
}

/** Findings with what the profile that is asked for knows of them. */
function overlay(settings: Settings, findings: Finding[]): Finding[] {
  if (settings.profile === "") return findings;
  const { profile: name, chdir } = settings;
  let content: Uint8Array;
  try {
    content = readFileSync(resolve(chdir, name));
    if (content[0] === 0x1f && content[1] === 0x8b) content = gunzipSync(content);
  } catch (error) {
    throw new UsageError(`-profile: ${name}: ${(error as Error).message}`);
  }
  const profile = readHeapProfile(content);
  if (profile === null) throw new UsageError(`-profile: ${name} is no heap profile`);
  const overlaid = overlayProfile(findings, profile);
  const lines = new Map(
    overlaid.map((f) => [`${f.range.file}:${f.range.line}:${f.inlinedFrom?.line ?? 0}`, Math.max(f.profiled, 0)]),
  );
  const known = [...lines.values()].reduce((sum, bytes) => sum + bytes, 0);
  const percent = profile.total === 0 ? 0 : Math.round((100 * known) / profile.total);
  process.stderr.write(`goesc: ${percent} % of the ${profile.total} bytes in ${name} were allocated at findings\n`);
  return overlaid;
}

/** The package that the go command names in an error, if it does. */
function failedPackage(text: string): string {
  return /^package (\S+)/.exec(text)?.[1]?.replace(/:$/, "") ?? "command-line-arguments";
}

/** Errors of a package as findings, so that they show where findings show. */
function sourceErrors(importPath: string, errors: string, root: string): Finding[] {
  const found: Finding[] = [];
  for (const line of errors.split("\n")) {
    const match = /^(.+?):(\d+)(?::(\d+))?: (.*)$/.exec(line);
    if (match === null) continue;
    const [, file, at, col, message] = match;
    const range: SourceRange = pointRange(relativeName(root, file), Number(at), Number(col ?? 1));
    found.push({
      rule: "not-analysed",
      level: "error",
      message,
      package: importPath,
      func: "",
      range,
      at: { line: range.line, col: range.col },
      inlinedFrom: null,
      source: "",
      size: -1,
      loopDepth: 0,
      count: 1,
      profiled: -1,
      flow: [],
      related: [],
      fixes: [],
      fingerprint: `not-analysed:${importPath}:${message}`,
    });
  }
  return found;
}

/** A place without extent. */
export function pointRange(file: string, line: number, col: number): SourceRange {
  return { file, line, col, endLine: line, endCol: col, col16: col, endCol16: col };
}

/** Writes the report in every format that is asked for. */
export function writeReport(settings: Settings, report: Report): void {
  for (const output of settings.outputs) writeText(settings, output, output.format.render(report));
}

/** Writes what a format has made to where it is to go. */
export function writeText(settings: Settings, { file }: OutputSetting, { text, note }: Rendered): void {
  if (note !== "") process.stderr.write(`goesc: ${note}\n`);
  if (file === "-") process.stdout.write(text);
  else writeTextFile(settings, file, text);
}

/** Throws a {@link UsageError} where that cannot be done. */
export function writeTextFile({ chdir }: Settings, file: string, text: string): void {
  try {
    writeFileSync(resolve(chdir, file), text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such directory" : code === "EISDIR" ? "it is a directory" : `${code}`;
    throw new UsageError(`${file} cannot be written: ${why}`);
  }
}
