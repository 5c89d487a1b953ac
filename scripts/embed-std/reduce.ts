/** Writes a package's summary anew with nothing but what was reached, and the source text that goes with it.
 *
 *  Of each file there remain the package clause and the functions whose bodies are needed, at their lines and without
 *  comments. Every other line is cut behind the last column that a kept position points to; so all positions print as
 *  they do in the whole file. */
import { type FileSet, lineStarts, type Pos, type SourceFile } from "../../src/base/pos.ts";
import { embeddedSrc } from "../../src/host/std-archive.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { method, numMethods } from "../../src/types/named.ts";
import type { OriginFile, SummaryOrigin } from "../../src/types/summary-origin.ts";
import type { DeclRange, PackageReader } from "../../src/types/summary-read.ts";
import { writeSummary } from "../../src/types/summary-write.ts";
import { type Func, type Obj, ObjKind, type Package, TypeKind } from "../../src/types/types.ts";
import type { Mentions } from "./analyse.ts";
import { funcKey, type Reach } from "./reach.ts";

export interface ReducedPackage {
  readonly summary: Uint8Array;
  /** File name → text, of the files that bodies are read from. */
  readonly sources: Readonly<Record<string, string>>;
}

const space = 0x20;
const newline = 0x0a;

/** One file on its way to fewer bytes. */
class ReducedFile {
  readonly starts: Int32Array;
  private readonly text: Uint8Array;
  /** Lines that are kept as they are. */
  private readonly kept: Uint8Array;
  /** How many bytes of a line that is not kept are left. */
  private readonly columns: Int32Array;
  private newStarts: Int32Array | null = null;
  hasBodies = false;
  /** Packages that the bodies mention. */
  readonly packages = new Set<string>();

  constructor(source: Uint8Array, fset: FileSet, name: string) {
    this.starts = lineStarts(source);
    this.kept = new Uint8Array(this.starts.length);
    this.columns = new Int32Array(this.starts.length);
    this.text = new Uint8Array(source);
    const { file, source: place } = parseFile(fset, name, source, {
      std: true,
      compilingRuntime: true,
      comments: true,
    });
    for (const { pos, end, text } of file!.comments) {
      if (directive.test(text)) continue;
      for (let i = pos - place.base; i < end - place.base; i++) if (this.text[i] !== newline) this.text[i] = space;
    }
    this.kept[this.line(file!.pkgName.pos - place.base)] = 1;
  }

  private line(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const mid = (low + high) >> 1;
      if (this.starts[mid] <= offset) low = mid;
      else high = mid;
    }
    return low;
  }

  private lineText(line: number): string {
    const end = line + 1 < this.starts.length ? this.starts[line + 1] - 1 : this.text.length;
    return Buffer.from(this.text.subarray(this.starts[line], end)).toString("utf8");
  }

  keepBody(range: DeclRange): void {
    this.hasBodies = true;
    this.newStarts = null;
    const first = this.line(range.start);
    if (!/^func\s*$/.test(this.lineText(first).slice(0, range.start - this.starts[first]))) {
      throw new Error(`a function does not begin its line: ${this.lineText(first)}`);
    }
    for (let line = first - 1; line >= 0 && /^\/\/|^\s*$/.test(this.lineText(line)); line--) {
      if (this.lineText(line).trim() === "" && this.kept[line] === 1) break;
      if (directive.test(this.lineText(line))) this.kept[line] = 1;
    }
    for (let line = first; line <= this.line(range.end); line++) this.kept[line] = 1;
  }

  /** Notes that a position is kept. */
  point(offset: number): void {
    this.newStarts = null;
    const line = this.line(offset);
    this.columns[line] = Math.max(this.columns[line], offset - this.starts[line] + 1);
  }

  private width(line: number): number {
    const end = line + 1 < this.starts.length ? this.starts[line + 1] - 1 : this.text.length;
    const whole = end - this.starts[line];
    return this.kept[line] === 1 ? whole : Math.min(whole, this.columns[line]);
  }

  /** Offsets of the lines that are left. */
  lines(): Int32Array {
    if (this.newStarts !== null) return this.newStarts;
    const list = new Int32Array(this.starts.length);
    for (let line = 0; line + 1 < list.length; line++) list[line + 1] = list[line] + this.width(line) + 1;
    this.newStarts = list;
    return list;
  }

  /** Where `offset` is in the text that is left. */
  moved(offset: number): number {
    const line = this.line(offset);
    return this.lines()[line] + offset - this.starts[line];
  }

  reduced(): Uint8Array {
    const lines = this.lines();
    const last = lines.length - 1;
    const out = new Uint8Array(lines[last] + this.width(last)).fill(space);
    for (let line = 0; line <= last; line++) {
      const width = this.width(line);
      if (this.kept[line] === 1) out.set(this.text.subarray(this.starts[line], this.starts[line] + width), lines[line]);
      if (line < last) out[lines[line] + width] = newline;
    }
    return out;
  }
}

/** Directives in front of functions; those for other tools and those about symbols have done their work. */
const directive = /^\/\/go:(?!linkname|generate|build|embed|debug)[a-z]/;

export class PackageReducer {
  private readonly reader: PackageReader;
  private readonly sources: SourceFile[] = [];
  private readonly indices = new Map<SourceFile, number>();
  private readonly reduced: ReducedFile[] = [];

  constructor(
    private readonly pkg: Package,
    private readonly fset: FileSet,
    private readonly reach: Reach,
    private readonly mentions: ReadonlyMap<string, Mentions>,
    readFile: (path: string) => Uint8Array,
    private readonly goroot: string,
  ) {
    this.reader = pkg.summary!;
    const files = this.reader.files();
    for (let i = 0; i < files.length; i++) {
      const source = this.reader.sourceFile(i);
      this.sources.push(source);
      this.indices.set(source, i);
      this.reduced.push(new ReducedFile(readFile(source.name), fset, source.name));
    }
  }

  run(): ReducedPackage {
    for (const fn of this.functions()) {
      if (!this.reach.bodies.has(fn)) continue;
      const range = this.reader.declRange(fn)!;
      const file = this.reduced[range.file];
      file.keepBody(range);
      for (const path of this.mentions.get(funcKey(fn))?.packages ?? []) file.packages.add(path);
    }
    const keep = (obj: Obj): boolean => this.reach.objects.has(obj);
    // Once to learn which positions are kept, and once to write them down.
    writeSummary(
      this.pkg,
      this.origin((file, offset) => this.note(file, offset)),
      keep,
    );
    const summary = writeSummary(
      this.pkg,
      this.origin((file, offset) => this.reduced[file].moved(offset)),
      keep,
    );
    const sources: Record<string, string> = {};
    for (let i = 0; i < this.sources.length; i++) {
      if (!this.reduced[i].hasBodies) continue;
      const { name } = this.sources[i];
      sources[name.slice(name.lastIndexOf("/") + 1)] = Buffer.from(this.reduced[i].reduced()).toString("utf8");
    }
    return { summary, sources };
  }

  private note(file: number, offset: number): number {
    this.reduced[file].point(offset);
    return offset;
  }

  /** Functions and methods that were reached. */
  private *functions(): Generator<Func> {
    for (const obj of this.pkg.scope.objects()) {
      if (!this.reach.objects.has(obj)) continue;
      if (obj.kind === ObjKind.Func) yield obj;
      const type = obj.kind === ObjKind.TypeName ? obj.type! : null;
      if (type === null || type.kind !== TypeKind.Named || type.obj !== obj) continue;
      for (let i = 0; i < numMethods(type); i++) yield method(type, i);
    }
  }

  private origin(move: (file: number, offset: number) => number): SummaryOrigin {
    const { fset, indices, sources, reader, reach, mentions, pkg } = this;
    return {
      files: reader.files().map((file, i) => this.fileRecord(file, i)),
      fileIndex: (pos: Pos) => indices.get(fset.file(pos)!) ?? -1,
      offset: (pos: Pos, file: number) => move(file, pos - sources[file].base),
      facts: (fn: Func) => fn.summary,
      decl: (fn: Func) => {
        const range = reach.bodies.has(fn) ? reader.declRange(fn) : null;
        if (range === null) return null;
        return { ...range, start: move(range.file, range.start), end: move(range.file, range.end) };
      },
      mentions: (fn: Func, reached: (obj: Obj) => void) => {
        for (const [path, name] of mentions.get(funcKey(fn))?.objects ?? []) {
          const obj = path === pkg.path ? pkg.scope.lookup(name) : null;
          if (obj !== null && obj.kind !== ObjKind.Const) reached(obj);
        }
      },
    };
  }

  private fileRecord(
    file: { readonly name: string; readonly goVersion: string; readonly imports: OriginFile["imports"] },
    i: number,
  ): OriginFile {
    const reduced = this.reduced[i];
    const lines = reduced.lines();
    return {
      name: file.name.replace(`${this.goroot}/src/`, embeddedSrc),
      size: reduced.reduced().length,
      goVersion: file.goVersion,
      imports: file.imports.filter(({ name, path }) => name === "." || reduced.packages.has(path)),
      lines,
    };
  }
}
