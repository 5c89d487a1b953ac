/** The modules of a run: what the main ones (main-modules.ts) require and replace, -mod, and where each module lies.
 *
 *  Mirrors cmd/go/internal/modload/init.go (setDefaultBuildMod) and the reading half of modfile.go. Nothing
 *  is fetched: a module is in the vendor directory, in the module cache, or missing. */
import { type GoEnv, LoadError } from "./env.ts";
import { isDir, type LoadHost, readText, shortPath } from "./fs.ts";
import type { MainSettings } from "./godebug.ts";
import { Checksums } from "./gosum.ts";
import { compareGoVersions, DefaultGoModVersion, DefaultGoWorkVersion, ExplicitIndirectVersion } from "./gover.ts";
import {
  findMainModules,
  findModuleRoot,
  goModPath,
  type MainModule,
  type MainModules,
  type ModuleSettings,
} from "./main-modules.ts";
import { type ModFile, parseModFile } from "./modfile.ts";
import { ModFileError } from "./modfile-syntax.ts";
import { compareModuleVersions, escapeModulePath, type ModuleVersion, moduleKey } from "./semver.ts";
import { checkVendorConsistency, isWorkspaceVendor, readVendorList, type VendorList } from "./vendor.ts";

export type BuildMod = "readonly" | "vendor" | "mod";

/** How much of a module's requirements counts (https://go.dev/ref/mod#graph-pruning). */
export const enum Pruning {
  Pruned,
  Unpruned,
  Workspace,
}

/** What matters of a dependency's go.mod. */
export interface ModSummary {
  /** "" without a go line. */
  readonly goVersion: string;
  readonly pruning: Pruning;
  readonly require: readonly ModuleVersion[];
  readonly ignore: readonly string[];
}

/** Where a module lies; `error` instead if it is not here. */
export interface ModulePlace {
  readonly dir: string;
  /** On disk outside the module cache: directories with a go.mod of their own are other modules. */
  readonly isLocal: boolean;
  readonly error: string;
  /** go.sum says nothing of it, which is the error. */
  readonly lacksSum?: boolean;
}

/** Why the go.mod of a dependency cannot be read. */
export interface SummaryError {
  /** The module that was read, which may be a replacement; its version is "" for a directory. */
  readonly actual: ModuleVersion;
  readonly msg: string;
  readonly lacksSum: boolean;
}

export function isSummaryError(summary: ModSummary | SummaryError): summary is SummaryError {
  return (summary as SummaryError).msg !== undefined;
}

/** The error with the module that it is about, as the go command names it. */
export function summaryErrorText({ actual, msg }: SummaryError): string {
  if (actual.version === "") return `module ${actual.path}: ${msg}`;
  const key = moduleKey(actual);
  return msg.startsWith(`${key} `) ? msg : `${key}: ${msg}`;
}

export function pruningForGoVersion(version: string): Pruning {
  return compareGoVersions(version, ExplicitIndirectVersion) < 0 ? Pruning.Unpruned : Pruning.Pruned;
}

export class Modules {
  readonly host: LoadHost;
  readonly env: GoEnv;
  readonly main: MainModules["main"];
  readonly work: MainModules["work"];
  readonly workPath: string;
  readonly buildMod: BuildMod;
  /** Set by a flag, not by default. */
  readonly buildModExplicit: boolean;
  readonly buildModReason: string;
  readonly pruning: Pruning;
  /** Requirements of the main module, the highest version of each path. */
  readonly roots = new Map<string, string>();
  readonly vendor: VendorList | null;
  private readonly replacements = new Map<string, { to: ModuleVersion; base: string }>();
  private readonly excluded = new Set<string>();
  private readonly summaries = new Map<string, ModSummary | SummaryError>();
  private checksums: Checksums | null = null;
  private readonly settings: ModuleSettings;

  /** Throws a {@link LoadError}. */
  constructor(host: LoadHost, env: GoEnv, settings: ModuleSettings) {
    this.host = host;
    this.env = env;
    this.settings = settings;
    const { main, work, workPath } = findMainModules(host, env, settings);
    this.main = main;
    this.work = work;
    this.workPath = workPath;
    const { mod, explicit, reason } = this.defaultBuildMod();
    this.buildMod = mod;
    this.buildModExplicit = explicit;
    this.buildModReason = reason;
    this.pruning = this.work !== null ? Pruning.Workspace : this.mainPruning();
    this.collectReplacements();
    this.collectRoots();
    this.vendor = mod === "vendor" ? readVendorList(host, this.vendorDir()) : null;
    if (this.vendor !== null) checkVendorConsistency(this, this.vendor);
  }

  get hasMain(): boolean {
    return this.main.length > 0;
  }

  isMain(path: string): boolean {
    return this.main.some((module) => module.path === path);
  }

  /** What decides the default of GODEBUG. */
  mainSettings(): MainSettings {
    const file = this.work ?? (this.main.length === 1 ? this.main[0].file : null);
    if (file === null)
      return { goVersion: this.hasMain ? DefaultGoModVersion : this.env.goroot.version, godebug: new Map() };
    return {
      goVersion: file.go || (this.work === null ? DefaultGoModVersion : DefaultGoWorkVersion),
      godebug: file.godebug,
    };
  }

  /** The main module whose tree holds the current directory. */
  mainAtCwd(): MainModule | null {
    const root = findModuleRoot(this.host, this.host.cwd);
    return this.main.find((module) => module.dir === root) ?? null;
  }

  vendorDir(): string {
    const base = this.work !== null ? this.host.paths.dir(this.workPath) : this.main[0].dir;
    return this.host.paths.join(base, "vendor");
  }

  private mainPruning(): Pruning {
    if (!this.hasMain) return pruningForGoVersion(this.env.goroot.version);
    return pruningForGoVersion(this.main[0].file.go || DefaultGoModVersion);
  }

  private defaultBuildMod(): { mod: BuildMod; explicit: boolean; reason: string } {
    const { mod } = this.settings;
    if (mod !== "") {
      if (mod !== "readonly" && mod !== "vendor" && mod !== "mod") {
        throw new LoadError(`-mod=${mod} not supported (can be '', 'mod', 'readonly', or 'vendor')`);
      }
      if (mod === "mod" && this.work !== null) {
        throw new LoadError(
          'go: -mod may only be set to readonly or vendor when in workspace mode, but it is set to "mod"\n' +
            "\tRemove the -mod flag to use the default readonly value, \n" +
            "\tor set GOWORK=off to disable workspace mode.",
        );
      }
      return { mod: mod === "vendor" && !this.hasMain ? "readonly" : mod, explicit: true, reason: "" };
    }
    if (!this.hasMain) return { mod: "readonly", explicit: false, reason: "" };
    const source = this.work !== null ? "go.work" : "go.mod";
    const version = (this.work ?? this.main[0].file).go;
    let reason = "";
    const vendorDir = this.vendorDir();
    if (isDir(this.host.fs, vendorDir)) {
      const forWorkspace = isWorkspaceVendor(this.host, vendorDir);
      if (version === "") {
        reason = `Go version in ${source} is unspecified, so vendor directory was not used.`;
      } else if (compareGoVersions(version, "1.14") < 0) {
        reason = `Go version in ${source} is ${version}, so vendor directory was not used.`;
      } else if (forWorkspace && this.work === null) {
        reason = "Outside workspace mode, but vendor directory is for a workspace.";
      } else if (!forWorkspace && this.work !== null) {
        reason = "In workspace mode, but vendor directory is not for a workspace";
      } else {
        reason = `Go version in ${source} is at least 1.14 and vendor directory exists.`;
        return { mod: "vendor", explicit: false, reason };
      }
    }
    return { mod: "readonly", explicit: false, reason };
  }

  private collectReplacements(): void {
    const { host, work } = this;
    const byWork = new Set<string>();
    for (const replace of work?.replace ?? []) {
      byWork.add(replace.old.path);
      this.replacements.set(moduleKey(replace.old), { to: replace.new, base: host.paths.dir(this.workPath) });
    }
    for (const module of this.main) {
      for (const replace of module.file.replace) {
        if (byWork.has(replace.old.path)) continue;
        this.replacements.set(moduleKey(replace.old), { to: replace.new, base: module.dir });
      }
      for (const mod of module.file.exclude) this.excluded.add(moduleKey(mod));
    }
  }

  private collectRoots(): void {
    for (const module of this.main) {
      for (const { mod } of module.file.require) {
        if (this.excluded.has(moduleKey(mod))) continue;
        const have = this.roots.get(mod.path);
        if (have === undefined || compareModuleVersions(mod.path, have, mod.version) < 0)
          this.roots.set(mod.path, mod.version);
      }
    }
  }

  /** The version of `path` among the main modules ("") and their requirements; null if it is no root. */
  rootVersion(path: string): string | null {
    if (this.isMain(path)) return "";
    return this.roots.get(path) ?? null;
  }

  /** What a replace directive puts in the place of `mod`: directories are absolute. Null if nothing. */
  replacement(mod: ModuleVersion): ModuleVersion | null {
    const found = this.directive(mod);
    if (found === undefined) return null;
    if (found.to.version !== "") return found.to;
    return { path: this.host.paths.abs(found.to.path, found.base), version: "" };
  }

  private directive(mod: ModuleVersion): { to: ModuleVersion; base: string } | undefined {
    return (mod.version === "" ? undefined : this.replacements.get(moduleKey(mod))) ?? this.replacements.get(mod.path);
  }

  /** The same as it is written. */
  replacedBy(mod: ModuleVersion): ModuleVersion | null {
    return this.directive(mod)?.to ?? null;
  }

  /** The files with the checksums of modules. */
  sumFiles(): string[] {
    if (this.vendor !== null) return [];
    const { paths } = this.host;
    const own = this.main.map(({ dir }) => paths.join(dir, "go.sum"));
    return this.work === null ? own : [...own, `${this.workPath}.sum`];
  }

  /** What go.sum holds; null where nobody asks for checksums. */
  private get sums(): Checksums | null {
    if (this.main.length === 0 || this.buildMod !== "readonly" || this.work !== null) return null;
    this.checksums ??= new Checksums(
      readText(this.host.fs, goModPath(this.host, this.settings, this.main[0].dir).replace(/mod$/, "sum")) ?? "",
    );
    return this.checksums;
  }

  /** Replaced module paths, for hints in errors. */
  replacedPaths(): string[] {
    const paths = new Set<string>();
    for (const key of this.replacements.keys()) paths.add(key.replace(/@.*$/, ""));
    return [...paths];
  }

  /** The directory of `mod` in the module cache. */
  private cacheDir(mod: ModuleVersion): string {
    const name = `${escapeModulePath(mod.path)}@${escapeModulePath(mod.version)}`;
    return this.host.paths.join(this.env.modCache, this.host.paths.fromSlash(name));
  }

  /** Where `mod`, or what replaces it, lies. */
  place(mod: ModuleVersion): ModulePlace {
    const { host } = this;
    const main = mod.version === "" ? this.main.find((module) => module.path === mod.path) : undefined;
    if (main !== undefined) return { dir: main.dir, isLocal: true, error: "" };
    const replaced = this.replacement(mod);
    if (replaced !== null && replaced.version === "") {
      const error = isDir(host.fs, replaced.path)
        ? ""
        : `${moduleKey(mod)}: replacement directory ${this.replacedBy(mod)?.path} does not exist`;
      return { dir: replaced.path, isLocal: true, error };
    }
    const actual = replaced ?? mod;
    const dir = this.cacheDir(actual);
    const { sums } = this;
    if (sums !== null && !sums.has(actual)) {
      return { dir, isLocal: false, error: `${moduleKey(actual)}: missing go.sum entry`, lacksSum: true };
    }
    const error = isDir(host.fs, dir)
      ? ""
      : `${moduleKey(actual)} is not in the module cache (${this.env.modCache}); to fetch it:\n\tgo mod download ${mod.path}`;
    return { dir, isLocal: false, error };
  }

  /** The go.mod of a dependency, or why it cannot be read. */
  summary(mod: ModuleVersion): ModSummary | SummaryError {
    const key = moduleKey(mod);
    let summary = this.summaries.get(key);
    if (summary === undefined) {
      summary = this.readSummary(mod);
      this.summaries.set(key, summary);
    }
    return summary;
  }

  private readSummary(mod: ModuleVersion): ModSummary | SummaryError {
    const { host } = this;
    const main = mod.version === "" ? this.main.find((module) => module.path === mod.path) : undefined;
    if (main !== undefined) return this.summarize(main.file);
    const actual = this.replacement(mod) ?? mod;
    // A directory is named as it is written.
    const named = this.replacedBy(mod) ?? mod;
    const failed = (msg: string, lacksSum = false): SummaryError => ({ actual: named, msg, lacksSum });
    const { sums } = this;
    if (actual.version !== "" && sums !== null && !sums.hasGoMod(actual)) {
      return failed(`missing go.sum entry for go.mod file; to add it:\n\tgo mod download ${mod.path}`, true);
    }
    const own = host.paths.join(actual.path, "go.mod");
    const text = actual.version === "" ? readText(host.fs, own) : this.cachedGoMod(actual);
    if (text === null) {
      if (actual.version === "")
        return failed(`reading ${shortPath(host, own)}: open ${own}: no such file or directory`);
      return failed(this.place(mod).error || "no go.mod in the module cache");
    }
    try {
      const file = parseModFile(host.paths, "go.mod", "go.mod", text, false);
      if (file.module !== "" && actual.version !== "" && file.module !== mod.path && file.module !== actual.path) {
        return failed(
          `parsing go.mod:\n\tmodule declares its path as: ${file.module}\n` +
            `\t        but was required as: ${mod.path}`,
        );
      }
      return this.summarize(file);
    } catch (error) {
      if (error instanceof ModFileError) return failed(`parsing go.mod: ${error.message}`);
      throw error;
    }
  }

  private summarize(file: ModFile): ModSummary {
    const require = file.require.map((item) => item.mod);
    return {
      goVersion: file.go,
      pruning: file.go === "" ? Pruning.Unpruned : pruningForGoVersion(file.go),
      require: this.excluded.size === 0 ? require : require.filter((mod) => !this.excluded.has(moduleKey(mod))),
      ignore: file.ignore,
    };
  }

  /** The download cache has a go.mod even for modules without one; the unpacked tree has it otherwise. */
  private cachedGoMod(mod: ModuleVersion): string | null {
    const { fs, paths } = this.host;
    const download = paths.join(
      this.env.modCache,
      "cache",
      "download",
      paths.fromSlash(escapeModulePath(mod.path)),
      "@v",
    );
    const cached = readText(fs, paths.join(download, `${escapeModulePath(mod.version)}.mod`));
    if (cached !== null) return cached;
    const dir = this.cacheDir(mod);
    const own = readText(fs, paths.join(dir, "go.mod"));
    return own ?? (isDir(fs, dir) ? `module ${mod.path}\n` : null);
  }

  /** The language version of a module's packages: its go line. */
  goVersion(mod: ModuleVersion): string {
    if (this.vendor !== null && !(mod.version === "" && this.isMain(mod.path))) {
      return this.vendor.goVersions.get(moduleKey(mod)) ?? "";
    }
    const summary = this.summary(mod);
    return isSummaryError(summary) ? "" : summary.goVersion;
  }
}
