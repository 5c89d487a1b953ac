/** Names in the text of a package: who could mention whom, as far as the text tells. */
import { Interner } from "../../base/intern.ts";
import { type Outline, type OutlineDecl, outlineFile } from "../../syntax/outline.ts";

/** Whether `name` stands as a word in `chars` (a character for each byte), outside of `except`, of lines that are
 *  nothing but comments, and of the package clause. */
export function mentions(chars: string, name: string, except: readonly (readonly [number, number])[] = []): boolean {
  for (let at = chars.indexOf(name); at >= 0; at = chars.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (isPartOfName(chars.charCodeAt(at - 1)) || isPartOfName(chars.charCodeAt(end))) continue;
    if (!except.some(([from, to]) => from <= at && end <= to) && !isNoCode(chars, at)) return true;
  }
  return false;
}

/** Whether the line begins with a comment that is no directive, or is the package clause. */
function isNoCode(chars: string, at: number): boolean {
  const line = chars.slice(chars.lastIndexOf("\n", at) + 1, at);
  return /^\s*\/\/(?!go:)|^package /.test(line);
}

/** Of ASCII letters only: other names may count as mentioned when they are not. */
function isPartOfName(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95;
}

/** Who mentions whom by name. */
export class NameGraph {
  private readonly names = new Interner();
  private readonly decls: OutlineDecl[];
  private readonly byName = new Map<number, OutlineDecl[]>();

  constructor(sources: readonly Uint8Array[]) {
    const outlines: Outline[] = sources.map((source) => outlineFile(source, this.names));
    this.decls = outlines.flatMap(({ decls }) => decls);
    for (const decl of this.decls) {
      for (const name of decl.name < 0 ? decl.vars : [decl.name, ...decl.vars]) {
        const known = this.byName.get(name);
        if (known === undefined) this.byName.set(name, [decl]);
        else known.push(decl);
      }
    }
  }

  /** Whether something of that name may lead to something of that name again. */
  isInCycle(name: string): boolean {
    const start = this.names.numberOf(name);
    return this.reached(this.byName.get(start) ?? []).has(start);
  }

  /** Whether variables, constants or types lead to something of that name. */
  isReachedByOthers(name: string): boolean {
    const target = this.names.numberOf(name);
    return this.reached(this.decls.filter((decl) => !decl.isFunc)).has(target);
  }

  /** The names that the declarations mention, and all that these lead to. */
  private reached(from: readonly OutlineDecl[]): Set<number> {
    const seen = new Set<number>();
    const queue = [...from];
    for (let decl = queue.pop(); decl !== undefined; decl = queue.pop()) {
      for (const name of [...decl.plain, ...decl.selectors, ...decl.qualified]) {
        if (seen.has(name)) continue;
        seen.add(name);
        queue.push(...(this.byName.get(name) ?? []));
      }
    }
    return seen;
  }
}
