/** Which files make up a package if there is to be no assembly: for running programs, which are compiled from Go alone.
 *
 *  Packages with assembly nearly always have the same functions in Go, for other architectures or under a tag such as
 *  `purego`. So the package is taken as if the machine were another one, as soon as that leaves nothing open: all
 *  functions have bodies, and all names that the files mention, or other packages may, are still declared. */
import { Interner } from "../base/intern.ts";
import { type Outline, type OutlineDecl, outlineFile } from "../syntax/outline.ts";
import type { BuildContext } from "./context.ts";
import type { LoadHost } from "./fs.ts";
import { declName } from "./reach.ts";

/** What to try: tags in use to leave assembly out, then other machines, with the same sizes and byte order. The first of
 *  these has no name: files that say `!amd64` belong to it. */
const variants: readonly (readonly [arch: string | null, ...tags: string[]])[] = [
  [null, "noasm", "nosimd"],
  [""],
  ["", "noasm", "nosimd"],
  ["wasm"],
  ["riscv64"],
  ["loong64"],
  ["mips64le"],
  ["ppc64le"],
];

/** Tells the rules above from those of other builds, for what is kept of their answers. */
export const variantsId = JSON.stringify(variants);

/** Which variant gives the package in `dir`, of these files, in Go alone: null if it is so already, or none does. */
export function variantWithoutAssembly(
  host: LoadHost,
  dir: string,
  files: readonly string[],
  goFiles: (variant: number) => readonly string[],
): number | null {
  const reader = new Reader(host, dir);
  const plain = reader.facts(files);
  if (!plain.hasBodiless) return null;
  for (let i = 0; i < variants.length; i++) {
    const other = reader.facts(goFiles(i));
    if (!other.hasBodiless && !other.isDouble && isWhole(plain, other)) return i;
  }
  return null;
}

export function variantContext(context: BuildContext, index: number): BuildContext {
  const [arch, ...tags] = variants[index];
  return context.elsewhere(arch, tags);
}

interface Facts {
  /** Bodies of functions are neither here nor, by a linkname, in another package. */
  readonly hasBodiless: boolean;
  /** `name` and `type.method`. */
  readonly declared: ReadonlySet<string>;
  /** Something is declared twice. */
  readonly isDouble: boolean;
  readonly mentioned: ReadonlySet<string>;
}

/** Nothing that can be asked for is gone. */
function isWhole(plain: Facts, other: Facts): boolean {
  for (const name of plain.declared) {
    if (other.declared.has(name)) continue;
    const last = name.slice(name.indexOf(".") + 1);
    if (other.mentioned.has(last) || /^\p{Lu}/u.test(last)) return false;
  }
  return true;
}

class Reader {
  private readonly names = new Interner();
  private readonly outlines = new Map<string, Outline>();

  constructor(
    private readonly host: LoadHost,
    private readonly dir: string,
  ) {}

  facts(files: readonly string[]): Facts {
    let hasBodiless = false;
    const declared = new Set<string>();
    const mentioned = new Set<string>();
    let isDouble = false;
    const linked = new Set<string>();
    for (const file of files) for (const { local } of this.outline(file).linknames) linked.add(local);
    for (const file of files) {
      for (const decl of this.outline(file).decls) {
        for (const name of this.declaredBy(decl)) {
          isDouble ||= declared.has(name);
          declared.add(name);
        }
        hasBodiless ||= decl.isFunc && decl.bodyStart < 0 && !linked.has(declName(this.names, decl));
        for (const n of [...decl.plain, ...decl.selectors, ...decl.qualified]) mentioned.add(this.names.strings[n]);
      }
    }
    return { hasBodiless, declared, isDouble, mentioned };
  }

  private declaredBy(decl: OutlineDecl): string[] {
    const { strings } = this.names;
    const names = decl.vars.map((name) => strings[name]);
    if (decl.name >= 0 && !decl.isVar && (decl.recv >= 0 || strings[decl.name] !== "init"))
      names.push(declName(this.names, decl));
    return names.filter((name) => name !== "_" && !name.endsWith("._"));
  }

  private outline(file: string): Outline {
    let outline = this.outlines.get(file);
    if (outline === undefined) {
      outline = outlineFile(this.host.fs.readFile(this.host.paths.join(this.dir, file)), this.names);
      this.outlines.set(file, outline);
    }
    return outline;
  }
}
