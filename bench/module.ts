/** A module of a given size for measurements: packages of the standard library that need nothing of its inside, copied
 *  under another path, each importing the one that a binary heap would put above it. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { LoadedPackage } from "../src/load/package.ts";

export interface ModuleMade {
  readonly packages: number;
  readonly lines: number;
  /** Changes a file, for other numbers mostly one of another package. */
  change(n: number): void;
}

const forbidden = /(?:^|\/)(?:internal|vendor)(?:\/|$)/;

export function makeModule(dir: string, std: readonly LoadedPackage[], lines: number, minor: number): ModuleMade {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "go.mod"), `module bench\n\ngo 1.${minor}\n`);
  const paths: string[] = [];
  let total = 0;
  for (const pkg of std) {
    if (total >= lines) break;
    const texts = copyable(pkg);
    if (texts === null) continue;
    const path = `p${paths.length}`;
    mkdirSync(join(dir, path));
    for (const [name, text] of texts) {
      writeFileSync(join(dir, path, name), text);
      total += text.split("\n").length - 1;
    }
    const above = paths.length === 0 ? "" : `import _ "bench/${paths[(paths.length - 1) >> 1]}"\n`;
    writeFileSync(join(dir, path, "above.go"), `package ${pkg.name}\n\n${above}`);
    paths.push(path);
  }
  return {
    packages: paths.length,
    lines: total,
    change: (n) => {
      const path = paths[(Math.abs(n) * 7) % paths.length];
      appendFileSync(
        join(dir, path, "above.go"),
        `\nfunc changed${paths.length + n}() *int { x := ${n}; return &x }\n`,
      );
    },
  };
}

/** The files of a package that compile anywhere; null if it is no such package. */
function copyable(pkg: LoadedPackage): Map<string, string> | null {
  if (pkg.name === "main" || pkg.importPath === "unsafe" || pkg.asmFiles.length > 0) return null;
  if (forbidden.test(pkg.importPath) || pkg.goFiles.length === 0) return null;
  for (const { importPath } of pkg.imports.values()) if (forbidden.test(importPath)) return null;
  const texts = new Map<string, string>();
  for (const file of pkg.goFiles) {
    const text = readFileSync(file, "utf8");
    if (/^\/\/go:(?:linkname|embed)/m.test(text)) return null;
    texts.set(basename(file), text);
  }
  return texts;
}
