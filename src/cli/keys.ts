/** Keys of package summaries: what a package's analysis depends on, in one hash. Builds of goesc keep their
 *  summaries apart (host/cache.ts), so that the program itself is no part of it. */

import { defaultSwitches } from "../base/switches.ts";
import { contentHash } from "../host/content-hash.ts";
import { summaryKey } from "../host/summary-store.ts";
import type { FileSystem } from "../load/fs.ts";
import type { LoadResult } from "../load/load.ts";
import type { LoadedPackage } from "../load/package.ts";
import { type CompilerFlags, noCompilerFlags } from "./args.ts";

/** By import path. */
export interface PackageKeys {
  readonly summaries: Map<string, string>;
  /** What the packages consist of themselves, with their flags, but without their imports. */
  readonly contents: Map<string, string>;
  /** What goes into that, but for what their files hold; not yet a hash, since few runs ask for one. */
  readonly identities: Map<string, readonly string[]>;
}

/** Packages of the installation are identified by its version, others by their content and the
 *  keys of what they import; a package whose files cannot be read has none. */
export function packageKeys(
  load: LoadResult,
  tags: readonly string[],
  flags: (pkg: LoadedPackage) => CompilerFlags,
  /** The release 1.N whose rules hold. */
  minor: number,
  /** Serialised profiles by file name. */
  profiles: ReadonlyMap<string, string>,
  fs: FileSystem,
): PackageKeys {
  const { env } = load;
  const { goroot } = env;
  const build = [
    goroot.dir,
    goroot.version,
    String(minor),
    goroot.embedded?.id ?? "",
    env.goos,
    env.goarch,
    env.toolTags.join(),
    tags.join(),
    String(env.cgo),
  ];
  const keys = new Map<string, string>();
  const contents = new Map<string, string>();
  const identities = new Map<string, readonly string[]>();
  const profileKeys = new Map<string, string>();
  for (const [file, text] of profiles) profileKeys.set(file, summaryKey([text]));
  /** Packages of the installation that are compiled, with all they import, as it comes. */
  const plain = new Set<LoadedPackage>();
  for (const pkg of load.packages) {
    const given = flags(pkg);
    const text = flagsText(given) + (pkg.profile === "" ? "" : profileText(given, profileKeys.get(pkg.profile) ?? ""));
    const imported = [...pkg.imports.values()];
    if (pkg.isStd && pkg.variant === "" && text === plainFlags && imported.every((p) => plain.has(p))) plain.add(pkg);
    const parts = [...build, text, pkg.importPath, pkg.compilerPath, pkg.variant];
    if (!pkg.isStd) identities.set(pkg.importPath, [...parts, pkg.goVersion, String(pkg.complete)]);
    if (!pkg.isStd && !addContent(pkg, load.hashes, fs, parts)) continue;
    const content = summaryKey(parts);
    contents.set(pkg.importPath, content);
    const imports: string[] = [];
    if (!plain.has(pkg))
      for (const [path, p] of pkg.imports) imports.push(path, keys.get(p.importPath) ?? p.importPath);
    keys.set(pkg.importPath, imports.length === 0 ? content : summaryKey([content, ...imports]));
  }
  return { summaries: keys, contents, identities };
}

/** The flags that change what importers see. */
export function flagsText({ l, N, smallFrames, lang, switches }: CompilerFlags): string {
  const others = switches === defaultSwitches ? "" : ` d=${JSON.stringify(switches)}`;
  return `l=${l} N=${N} smallframes=${smallFrames} lang=${lang}${others}`;
}

function profileText({ pgo }: CompilerFlags, key: string): string {
  return ` profile=${key} ${JSON.stringify(pgo)}`;
}

const plainFlags = flagsText(noCompilerFlags);

/** Adds what the package consists of; false if a file cannot be read. */
function addContent(pkg: LoadedPackage, hashes: ReadonlyMap<string, string>, fs: FileSystem, parts: string[]): boolean {
  parts.push(pkg.goVersion, String(pkg.complete));
  try {
    for (const file of pkg.goFiles) parts.push(file, hashes.get(file) ?? contentHash(fs.readFile(file)));
    return true;
  } catch {
    return false;
  }
}
