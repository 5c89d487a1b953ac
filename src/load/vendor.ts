/** vendor/modules.txt: which vendored package belongs to which module. Mirrors cmd/go/internal/modload/vendor.go. */
import { LoadError } from "./env.ts";
import { type LoadHost, readText, shortPath } from "./fs.ts";
import { compareGoVersions } from "./gover.ts";
import type { Modules } from "./modules.ts";
import { checkImportPath, isValidSemver, type ModuleVersion, moduleKey } from "./semver.ts";

interface VendorMeta {
  explicit: boolean;
  replacement: ModuleVersion | null;
}

export interface VendorList {
  readonly dir: string;
  /** Modules that provide packages, in the order of the file. */
  readonly modules: readonly ModuleVersion[];
  /** Import path → module. */
  readonly packages: ReadonlyMap<string, ModuleVersion>;
  /** Module path → version, as far as the module provides packages. */
  readonly versions: ReadonlyMap<string, string>;
  /** Module key → go line. */
  readonly goVersions: ReadonlyMap<string, string>;
  readonly meta: ReadonlyMap<string, VendorMeta>;
}

/** Reports whether `go work vendor` made the directory. */
export function isWorkspaceVendor(host: LoadHost, dir: string): boolean {
  const first = (readText(host.fs, host.paths.join(dir, "modules.txt")) ?? "").split("\n", 1)[0];
  return (
    first.startsWith("## ") &&
    first
      .slice(3)
      .split(";")
      .some((entry) => entry.trim() === "workspace")
  );
}

export function readVendorList(host: LoadHost, dir: string): VendorList {
  const modules: ModuleVersion[] = [];
  const packages = new Map<string, ModuleVersion>();
  const versions = new Map<string, string>();
  const goVersions = new Map<string, string>();
  const meta = new Map<string, VendorMeta>();
  const metaOf = (mod: ModuleVersion): VendorMeta => {
    const entry = meta.get(moduleKey(mod)) ?? { explicit: false, replacement: null };
    meta.set(moduleKey(mod), entry);
    return entry;
  };

  let mod: ModuleVersion | null = null;
  for (const line of (readText(host.fs, host.paths.join(dir, "modules.txt")) ?? "").split("\n")) {
    if (line.startsWith("# ")) {
      const fields = line.trim().split(/\s+/);
      if (fields.length < 3) continue;
      let rest: string[];
      if (isValidSemver(fields[2])) {
        mod = { path: fields[1], version: fields[2] };
        rest = fields.slice(3);
      } else if (fields[2] === "=>") {
        mod = { path: fields[1], version: "" };
        rest = fields.slice(2);
      } else {
        mod = null;
        continue;
      }
      if (rest[0] === "=>" && rest.length === 2) metaOf(mod).replacement = { path: rest[1], version: "" };
      if (rest[0] === "=>" && rest.length === 3) metaOf(mod).replacement = { path: rest[1], version: rest[2] };
      continue;
    }
    if (mod === null) continue;
    if (line.startsWith("## ")) {
      for (const entry of line.slice(3).split(";")) {
        const word = entry.trim();
        if (word === "explicit") metaOf(mod).explicit = true;
        if (word.startsWith("go ")) goVersions.set(moduleKey(mod), word.slice(3));
      }
      continue;
    }
    const path = line.trim();
    if (path === "" || /\s/.test(path) || checkImportPath(path) !== null) continue;
    packages.set(path, mod);
    if (!versions.has(mod.path)) {
      modules.push(mod);
      versions.set(mod.path, mod.version);
    }
  }
  return { dir, modules, packages, versions, goVersions, meta };
}

/** Throws a {@link LoadError} if modules.txt contradicts the main modules' requirements and replacements. */
export function checkVendorConsistency(modules: Modules, vendor: VendorList): void {
  const { host, work, main } = modules;
  const pre114 = work === null && compareGoVersions(main[0].file.go, "1.14") < 0;
  const problems: string[] = [];
  const report = (mod: ModuleVersion, detail: string): void => {
    problems.push(`\n\t${moduleKey(mod)}: ${detail}`);
  };

  const required = new Set<string>();
  for (const { file } of main) {
    for (const { mod } of file.require) {
      required.add(moduleKey(mod));
      if (vendor.meta.get(moduleKey(mod))?.explicit) continue;
      const version = vendor.versions.get(mod.path);
      if (!pre114) {
        report(mod, "is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt");
      } else if (version !== undefined && version !== mod.version) {
        report(mod, `is explicitly required in go.mod, but vendor/modules.txt indicates ${mod.path}@${version}`);
      }
    }
  }

  const files = work === null ? main.map((module) => module.file) : [...main.map((module) => module.file), work];
  const seen = new Set<string>();
  for (const file of files) {
    for (const { old, new: target } of file.replace) {
      if (seen.has(moduleKey(old)) || modules.replacement(old) === null) continue;
      seen.add(moduleKey(old));
      const marked = vendor.meta.get(moduleKey(old))?.replacement ?? null;
      const source = shortPath(host, work !== null ? modules.workPath : host.paths.join(main[0].dir, "go.mod"));
      if (marked === null) {
        if (pre114 && (old.version === "" || vendor.versions.get(old.path) !== old.version)) continue;
        report(old, `is replaced in ${source}, but not marked as replaced in vendor/modules.txt`);
      } else if (
        work === null &&
        (marked.path !== host.paths.toSlash(target.path) || marked.version !== target.version)
      ) {
        const by = moduleKey(target);
        report(
          old,
          `is replaced by ${by} in ${source}, but marked as replaced by ${moduleKey(marked)} in vendor/modules.txt`,
        );
      }
    }
  }

  for (const mod of vendor.modules) {
    if (vendor.meta.get(moduleKey(mod))?.explicit && !required.has(moduleKey(mod))) {
      const article = work === null ? "" : "a ";
      report(mod, `is marked as explicit in vendor/modules.txt, but not explicitly required in ${article}go.mod`);
    }
  }
  for (const [key, { replacement }] of vendor.meta) {
    if (replacement === null) continue;
    const at = key.indexOf("@");
    const mod = at < 0 ? { path: key, version: "" } : { path: key.slice(0, at), version: key.slice(at + 1) };
    if (modules.replacement(mod) === null) {
      report(
        mod,
        `is marked as replaced in vendor/modules.txt, but not replaced in ${work === null ? "go.mod" : "the workspace"}`,
      );
    }
  }
  if (problems.length === 0) return;
  throw new LoadError(
    `go: inconsistent vendoring in ${host.paths.dir(vendor.dir)}:${problems.join("")}\n\n` +
      "\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n" +
      `\tTo sync the vendor directory, run:\n\t\tgo ${work === null ? "mod" : "work"} vendor`,
  );
}
