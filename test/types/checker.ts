/** Helpers: check a piece of Go source without a file system, and say what is wrong in short lines. */
import { FileSet } from "../../src/base/pos.ts";
import type { File } from "../../src/syntax/ast.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { type CheckResult, type Config, checkPackage } from "../../src/types/check.ts";
import { sizesFor } from "../../src/types/sizes.ts";
import type { Package } from "../../src/types/types.ts";

export interface Checked {
  readonly result: CheckResult;
  readonly file: File;
  readonly fset: FileSet;
  readonly conf: Config;
  /** `line:col: message` for each diagnostic, by position. */
  readonly errors: string[];
}

/** Checks one file of a package; `imports` are the packages it may import, by path. */
export function check(source: string, options: Partial<Config> = {}, imports: Record<string, Package> = {}): Checked {
  const fset = new FileSet();
  const parsed = parseFile(fset, "p.go", new TextEncoder().encode(source));
  const conf: Config = {
    goVersion: "go1.26",
    fset,
    sizes: sizesFor("amd64")!,
    importer: { importPackage: (path) => imports[path] ?? null },
    ...options,
  };
  const result = checkPackage(conf, "p", parsed.file === null ? [] : [parsed.file]);
  const errors = [...parsed.errors, ...result.errors]
    .sort((a, b) => a.pos - b.pos)
    .map((d) => `${fset.position(d.pos).line}:${fset.position(d.pos).col}: ${d.msg}`);
  return { result, file: parsed.file!, fset, conf, errors };
}
