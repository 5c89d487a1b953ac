/** The architecture holds: folders import only folders before them, and only the outermost touch the machine. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const src = join(root, "src");

/** The order of docs/architecture.md. */
const layers = [
  "base",
  "syntax",
  "load",
  "types",
  "ir",
  "inline",
  "escape",
  "report",
  "ssa",
  "wasm",
  "runtime",
  "host",
  "lsp",
  "cli",
];
/** May use `node:` modules and globals of the process. */
const outer = new Set(["host", "cli", "lsp"]);

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sourceFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(dir, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const pattern = /^(?:import|export)\s+(type\s)?[^;"']*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    target: match[2] ?? match[3] ?? match[4],
    typeOnly: match[1] !== undefined,
  }));
}

function layerOf(file: string): string {
  return relative(src, file).split(sep)[0];
}

const files = sourceFiles(src);
const imports = files.flatMap(importsOf);

describe("layers", () => {
  it("are those of docs/architecture.md", () => {
    const text = readFileSync(join(root, "docs", "architecture.md"), "utf8");
    expect(text).toContain(layers.join(" → "));
    for (const file of files) expect(layers.concat([...outer]), relative(root, file)).toContain(layerOf(file));
  });

  it("import only layers to their left", () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!target.startsWith(".")) return false;
      const from = layers.indexOf(layerOf(file));
      const to = layers.indexOf(layerOf(join(dirname(file), target)));
      return from >= 0 && to > from;
    });
    expect(wrong.map(({ file, target }) => `${relative(root, file)} imports ${target}`)).toEqual([]);
  });

  it("name files with their extension", () => {
    const wrong = imports.filter(({ target }) => target.startsWith(".") && !/\.(?:ts|json)$/.test(target));
    expect(wrong.map(({ file, target }) => `${relative(root, file)} imports ${target}`)).toEqual([]);
  });

  it("touch the machine only in host and cli", () => {
    const wrong: string[] = [];
    for (const { file, target, typeOnly } of imports) {
      if (target.startsWith("node:") && !typeOnly && !outer.has(layerOf(file)))
        wrong.push(`${relative(root, file)} imports ${target}`);
    }
    for (const file of files) {
      if (outer.has(layerOf(file))) continue;
      const code = readFileSync(file, "utf8").replace(
        /\/\*[\s\S]*?\*\/|\/\/.*|`(?:\\.|[^`\\])*`|"(?:\\.|[^"\\\n])*"/g,
        "",
      );
      const used = /(?<![.\w])(?:process\.(?:env|cwd|exit|std\w+|argv|platform)|console\.\w+|require\()/.exec(code);
      if (used !== null) wrong.push(`${relative(root, file)} uses ${used[0]}`);
    }
    expect(wrong).toEqual([]);
  });
});
