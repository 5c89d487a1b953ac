/** Edits packages at random. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../bench/lsp-edits.ts";
import { makeModule } from "../../bench/module.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { loadPackages } from "../../src/load/load.ts";
import { edit } from "./edit.ts";
import { EditedModule } from "./module.ts";

export interface FuzzOptions {
  /** Packages of the standard library; copies of those that need nothing of its inside are edited. */
  readonly patterns: readonly string[];
  /** In each package. */
  readonly edits: number;
  readonly seed: number;
  /** So many lines at most, of all packages. */
  readonly lines: number;
  /** Analyse what they import, too: otherwise it is what comes with goesc. */
  readonly go: boolean;
  wrong(where: string, difference: string, before: string, after: string): void;
}

export async function fuzzEdits(options: FuzzOptions) {
  const work = mkdtempSync(join(tmpdir(), "goesc-edits-"));
  const count = { edits: 0, alone: 0, errors: 0, wrong: 0 };
  try {
    const load = loadPackages(nodeHost(), { patterns: options.patterns });
    const dir = join(work, "module");
    makeModule(
      dir,
      options.patterns[0] === "std" ? load.packages : load.requested,
      options.lines,
      load.env.goroot.minor,
    );
    const module = await EditedModule.open(dir, join(work, "cache"), options.go);
    const random = new Random(options.seed);
    for (const pkg of module.packages) {
      const texts = new Map(pkg.goFiles.map((file) => [file, readFileSync(file, "utf8")]));
      module.analyze(pkg, texts);
      for (let n = 0; n < options.edits; n++) {
        const file = pkg.goFiles[random.below(pkg.goFiles.length)];
        const before = texts.get(file)!;
        const after = random.below(12) === 0 ? readFileSync(file, "utf8") : edit(before, random, n);
        texts.set(file, after);
        const { isAlone, errors, difference } = module.analyze(pkg, texts);
        count.edits++;
        if (isAlone) count.alone++;
        if (errors !== "") count.errors++;
        if (difference !== "") {
          count.wrong++;
          options.wrong(`${pkg.importPath}, edit ${n} of ${file}`, difference, before, after);
        }
        // What does not compile is taken back.
        if (errors !== "") texts.set(file, before);
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return count;
}
