/** Keys of the summaries that the server keeps: what a package's analysis depends on, in one hash. */
import { hashHex } from "../../base/hash.ts";
import type { FileSystem } from "../../load/fs.ts";
import type { LoadResult } from "../../load/load.ts";
import type { LoadedPackage } from "../../load/package.ts";
import type { EngineSettings } from "./host.ts";

const encoder = new TextEncoder();

export class SummaryKeys {
  private readonly keys = new Map<LoadedPackage, string>();
  private readonly build: string;

  constructor(
    { env }: LoadResult,
    private readonly fs: FileSystem,
    settings: EngineSettings,
  ) {
    const { dir, version, embedded } = env.goroot;
    const parts = [dir, version, embedded?.id, env.goos, env.goarch, env.toolTags, env.cgo, settings];
    this.build = JSON.stringify(parts);
  }

  /** "" for a package whose files cannot be read. */
  of(pkg: LoadedPackage): string {
    let key = this.keys.get(pkg);
    if (key === undefined) {
      this.keys.set(pkg, ""); // in case of a cycle
      key = this.make(pkg);
      this.keys.set(pkg, key);
    }
    return key;
  }

  private make(pkg: LoadedPackage): string {
    const parts = [this.build, pkg.importPath, pkg.goVersion, String(pkg.complete)];
    for (const [path, imported] of pkg.imports) parts.push(path, this.of(imported));
    // A release does not change; its version is part of the key.
    if (!pkg.isStd) {
      try {
        for (const file of pkg.goFiles) parts.push(file, hashHex(this.fs.readFile(file)));
      } catch {
        return "";
      }
    }
    return hashHex(encoder.encode(JSON.stringify(parts)));
  }
}
