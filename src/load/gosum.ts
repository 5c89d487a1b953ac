/** Checksums of modules, as far as it matters that there are any: without one the go command reads nothing of a module.
 *
 *  Mirrors HaveSum of cmd/go/internal/modfetch. What a checksum says is the go command's business, which has put the
 *  module into its cache. */
import type { ModuleVersion } from "./semver.ts";

export class Checksums {
  private readonly known = new Set<string>();

  constructor(goSum: string) {
    for (const line of goSum.split("\n")) {
      const [path, version, hash] = line.trim().split(/\s+/);
      if (hash?.startsWith("h1:")) this.known.add(`${path}@${version}`);
    }
  }

  /** Of the module's tree. */
  has({ path, version }: ModuleVersion): boolean {
    return this.known.has(`${path}@${version}`);
  }

  /** Of its go.mod alone, which is all that most modules of a graph are needed for. */
  hasGoMod({ path, version }: ModuleVersion): boolean {
    return this.known.has(`${path}@${version}/go.mod`);
  }
}
