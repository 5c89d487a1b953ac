/** Minimal version selection over the requirement graph. Mirrors cmd/go/internal/modload/buildlist.go (readModGraph).
 *
 *  The graph is read only when the main module's own requirements do not provide a package, or when the main module is
 *  older than go 1.17 and its requirements are not complete. */
import {
  isSummaryError,
  type ModSummary,
  type Modules,
  Pruning,
  type SummaryError,
  summaryErrorText,
} from "./modules.ts";
import { compareModuleVersions, isToolchainPath, type ModuleVersion, moduleKey } from "./semver.ts";

const mainModule: ModuleVersion = { path: "", version: "" };

export class ModuleGraph {
  private readonly selected = new Map<string, string>();
  private readonly loaded = new Map<string, ModSummary | null>();
  /** Who was the first to require a module. */
  private readonly requiredBy = new Map<string, ModuleVersion>();
  /** Why a part of the graph is missing: the first that was found. */
  error: string | null = null;
  /** The error is that go.sum says nothing of a module. */
  lacksSum = false;

  constructor(modules: Modules) {
    for (const module of modules.main) this.selected.set(module.path, "");
    const roots: ModuleVersion[] = [];
    if (modules.pruning === Pruning.Workspace) {
      for (const module of modules.main) roots.push({ path: module.path, version: "" });
    } else if (modules.vendor !== null) {
      for (const mod of modules.vendor.modules) this.select(mod);
    }
    if (modules.pruning !== Pruning.Workspace) {
      for (const [path, version] of modules.roots) {
        const mod = { path, version };
        this.select(mod);
        roots.push(mod);
      }
    }
    if (modules.vendor !== null) return;
    this.walk(modules, roots, modules.pruning);
    if (modules.pruning === Pruning.Workspace) this.completeWorkspace(modules, roots);
  }

  /** The version of `path` in the build; null if it takes no part. */
  version(path: string): string | null {
    return this.selected.get(path) ?? null;
  }

  /** All modules of the build, sorted by path, the main modules first. */
  buildList(): ModuleVersion[] {
    const list: ModuleVersion[] = [];
    for (const [path, version] of this.selected) list.push({ path, version });
    return list.sort((x, y) => {
      if ((x.version === "") !== (y.version === "")) return x.version === "" ? -1 : 1;
      return x.path < y.path ? -1 : 1;
    });
  }

  private select(mod: ModuleVersion): void {
    const have = this.selected.get(mod.path);
    if (have === undefined || compareModuleVersions(mod.path, have, mod.version) < 0)
      this.selected.set(mod.path, mod.version);
  }

  private load(modules: Modules, mod: ModuleVersion): ModSummary | null {
    const key = moduleKey(mod);
    const known = this.loaded.get(key);
    if (known !== undefined) return known;
    const summary = isToolchainPath(mod.path) ? null : modules.summary(mod);
    if (summary === null || isSummaryError(summary)) {
      if (summary !== null && this.error === null) {
        this.error = this.errorText(mod, summary);
        this.lacksSum = summary.lacksSum;
      }
      this.loaded.set(key, null);
      return null;
    }
    for (const required of summary.require) this.select(required);
    this.loaded.set(key, summary);
    return summary;
  }

  /** Says, too, how the module got into the build (the BuildListError of cmd/go/internal/mvs). */
  private errorText(mod: ModuleVersion, error: SummaryError): string {
    const { actual, msg } = error;
    let text =
      moduleKey(actual) === moduleKey(mod)
        ? summaryErrorText(error)
        : `${moduleKey(mod)} (replaced by ${moduleKey(actual)}): ${msg}`;
    for (let m = this.requiredBy.get(moduleKey(mod)); m?.version; m = this.requiredBy.get(moduleKey(m))) {
      text = `${moduleKey(m)} requires\n\t${text}`;
    }
    return text;
  }

  /** Visits the requirements of modules that do not prune theirs; a pruned module's count, but not theirs in turn. */
  private walk(modules: Modules, from: readonly ModuleVersion[], pruning: Pruning): void {
    const queue: { mod: ModuleVersion; pruning: Pruning }[] = [];
    const seen = new Set<string>();
    const enqueue = (mod: ModuleVersion, how: Pruning): void => {
      const key = `${how} ${moduleKey(mod)}`;
      if (mod.version === "none" || seen.has(key)) return;
      seen.add(key);
      queue.push({ mod, pruning: how });
    };
    for (const mod of from) {
      if (!this.requiredBy.has(moduleKey(mod))) this.requiredBy.set(moduleKey(mod), mainModule);
      enqueue(mod, pruning);
    }
    for (let i = 0; i < queue.length; i++) {
      const { mod, pruning: how } = queue[i];
      const summary = this.load(modules, mod);
      if (summary === null) continue;
      const next = how === Pruning.Unpruned ? Pruning.Unpruned : summary.pruning;
      if (how === Pruning.Pruned && summary.pruning === Pruning.Pruned) continue;
      for (const required of summary.require) {
        const key = moduleKey(required);
        if (!this.requiredBy.has(key)) this.requiredBy.set(key, mod);
        enqueue(required, next);
      }
    }
  }

  /** In a workspace the selected version of a module may be another than any member requires; its requirements count. */
  private completeWorkspace(modules: Modules, roots: readonly ModuleVersion[]): void {
    const paths = new Set(roots.map((mod) => mod.path));
    const seen = new Set<string>();
    for (;;) {
      const wanted: ModuleVersion[] = [];
      for (const path of paths) {
        const mod = { path, version: this.selected.get(path) ?? "" };
        if (!seen.has(moduleKey(mod))) {
          wanted.push(mod);
          continue;
        }
        for (const required of this.loaded.get(moduleKey(mod))?.require ?? []) {
          const chosen = { path: required.path, version: this.selected.get(required.path) ?? "" };
          if (
            compareModuleVersions(required.path, chosen.version, required.version) > 0 &&
            !seen.has(moduleKey(chosen))
          ) {
            wanted.push(chosen);
          }
        }
      }
      if (wanted.length === 0) return;
      for (const mod of wanted) {
        seen.add(moduleKey(mod));
        paths.add(mod.path);
      }
      this.walk(modules, wanted, Pruning.Workspace);
    }
  }
}
