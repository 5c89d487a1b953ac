/** What a summary is written from besides the objects of the package: its files, and where things stand in them. */
import type { FileSet, Pos, SourceFile } from "../base/pos.ts";
import { NoPos } from "../base/pos.ts";
import { type File, type FuncDecl, Kind } from "../syntax/ast.ts";
import { unquote } from "../syntax/quote.ts";
import { crawl } from "../syntax/walk.ts";
import type { FileImport } from "./recheck.ts";
import type { DeclRange } from "./summary-read.ts";
import { type Func, type FuncSummary, type Obj, ObjKind, type Package } from "./types.ts";

/** A file as its record holds it. */
export interface OriginFile {
  readonly name: string;
  readonly size: number;
  readonly goVersion: string;
  readonly imports: readonly FileImport[];
  /** Offsets of the lines. */
  readonly lines: ArrayLike<number>;
}

export interface SummaryOrigin {
  readonly files: readonly OriginFile[];
  /** The index of the file that `pos` lies in; -1 outside the package. */
  fileIndex(pos: Pos): number;
  /** The byte offset of `pos` in that file. */
  offset(pos: Pos, file: number): number;
  /** What is known about a function or method of the package; null if nothing. */
  facts(fn: Func): FuncSummary | null;
  /** Where it is declared; `localTypesBefore` counts only if the body will be read again. */
  decl(fn: Func, bodyNeeded: boolean): DeclRange | null;
  /** Tells the package-level objects of the package that the body mentions; constants are known by their values. */
  mentions(fn: Func, reached: (obj: Obj) => void): void;
}

export interface SummaryInput {
  readonly fset: FileSet;
  /** The checked files of the package. */
  readonly files: readonly File[];
  /** What is known about a function or method of the package; null if nothing. */
  readonly facts: (fn: Func) => FuncSummary | null;
  /** The package that a path in an import declaration stands for. By default the one of `pkg.imports` with that path,
   *  vendored or not. */
  readonly resolveImport?: (path: string) => Package | null;
}

/** A package that was checked from its source. */
export class CheckedOrigin implements SummaryOrigin {
  readonly files: readonly OriginFile[];
  readonly facts: (fn: Func) => FuncSummary | null;
  private readonly sources: (SourceFile | null)[] = [];
  private readonly indices = new Map<SourceFile, number>();
  private readonly decls = new Map<Func, FuncDecl>();

  constructor(
    private readonly pkg: Package,
    private readonly input: SummaryInput,
  ) {
    this.facts = input.facts;
    this.files = input.files.map((file) => this.addFile(file));
  }

  private addFile(file: File): OriginFile {
    const source = this.input.fset.file(file.pos);
    if (source !== null) this.indices.set(source, this.sources.length);
    this.sources.push(source);
    for (const decl of file.decls) {
      if (decl.kind !== Kind.FuncDecl) continue;
      const obj = decl.name.obj;
      if (obj !== null && obj.kind === ObjKind.Func) this.decls.set(obj, decl);
    }
    return {
      name: source?.name ?? "",
      size: source?.size ?? 0,
      goVersion: file.goVersion,
      imports: this.fileImports(file),
      lines: source?.lines ?? [0],
    };
  }

  private fileImports(file: File): FileImport[] {
    const list: FileImport[] = [];
    for (const decl of file.decls) {
      if (decl.kind !== Kind.ImportDecl) continue;
      const path = unquote(decl.path.value);
      if (path === null || path === "C") continue;
      const imported = path === "unsafe" ? null : this.resolveImport(path);
      const name = decl.localPkgName?.value ?? imported?.name ?? path;
      list.push({ name, path: imported?.path ?? path });
    }
    return list;
  }

  private resolveImport(path: string): Package | null {
    if (this.input.resolveImport !== undefined) return this.input.resolveImport(path);
    let vendored: Package | null = null;
    for (const p of this.pkg.imports) {
      if (p.path === path) return p;
      if (p.path.endsWith(`vendor/${path}`)) vendored = p;
    }
    return vendored;
  }

  fileIndex(pos: Pos): number {
    const file = pos === NoPos ? null : this.input.fset.file(pos);
    return file === null ? -1 : (this.indices.get(file) ?? -1);
  }

  offset(pos: Pos, file: number): number {
    return pos - this.sources[file]!.base;
  }

  decl(fn: Func, bodyNeeded: boolean): DeclRange | null {
    const decl = this.decls.get(fn);
    const file = decl === undefined ? -1 : this.fileIndex(decl.pos);
    if (decl === undefined || file < 0) return null;
    const start = this.offset(decl.pos, file);
    const end = start + decl.end - decl.pos;
    return { file, start, end, localTypesBefore: bodyNeeded ? localTypesBefore(decl) : 0 };
  }

  mentions(fn: Func, reached: (obj: Obj) => void): void {
    this.mentionsAll(fn, (obj) => {
      if (obj.kind !== ObjKind.Const) reached(obj);
    });
  }

  /** The same, with constants. */
  mentionsAll(fn: Func, reached: (obj: Obj) => void): void {
    const body = this.decls.get(fn)?.body ?? null;
    if (body === null) return;
    crawl(body, (node) => {
      if (node.kind === Kind.Name && node.obj !== null && node.obj.parent === this.pkg.scope) reached(node.obj);
      return false;
    });
  }

  /** The 0-based number of the line that holds a byte of a file. */
  lineIndex(offset: number, file: number): number {
    return this.sources[file]!.lineIndex(offset);
  }
}

/** How many types are declared in functions before the first one in `decl`; 0 if it declares none. */
function localTypesBefore(decl: FuncDecl): number {
  let first = 0;
  crawl(decl, (node) => {
    if (first === 0 && node.kind === Kind.TypeDecl) {
      const obj = node.name.obj;
      if (obj !== null && obj.kind === ObjKind.TypeName) first = obj.localIndex;
    }
    return first !== 0;
  });
  return first === 0 ? 0 : first - 1;
}
