/** A digest of what importers can see of a package: as long as it stays the same, so do their analyses, whatever else
 *  has changed in the package. The go command has nothing of the kind: there, importers depend on all of the object.
 *
 *  What importers can see is the summary of the visible objects (summary-format.ts), with lines and columns instead of
 *  offsets, the text of bodies that are inlined or instantiated elsewhere, and what these mention. */
import { hashHex } from "../base/hash.ts";
import type { Pos } from "../base/pos.ts";
import { CheckedOrigin, type OriginFile, type SummaryInput, type SummaryOrigin } from "./summary-origin.ts";
import type { DeclRange } from "./summary-read.ts";
import { writeVisible } from "./summary-write.ts";
import type { Func, FuncSummary, Obj, Package } from "./types.ts";

/** The digest, in hexadecimal. `readFile` gives the sources of the package as they were checked. */
export function interfaceDigest(pkg: Package, input: SummaryInput, readFile: (name: string) => Uint8Array): string {
  const origin = new VisibleOrigin(new CheckedOrigin(pkg, input), readFile);
  const parts = [writeVisible(pkg, origin), ...origin.bodies];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return hashHex(all);
}

/** Columns are smaller. */
const lineUnit = 2 ** 24;

class VisibleOrigin implements SummaryOrigin {
  readonly files: readonly OriginFile[];
  /** Texts of the bodies that importers read. */
  readonly bodies: Uint8Array[] = [];
  private readonly sources = new Map<number, Uint8Array>();

  constructor(
    private readonly origin: CheckedOrigin,
    private readonly readFile: (name: string) => Uint8Array,
  ) {
    this.files = origin.files.map((file) => ({ ...file, size: 0, lines: [0] }));
  }

  fileIndex(pos: Pos): number {
    return this.origin.fileIndex(pos);
  }

  /** Tells line and column. */
  offset(pos: Pos, file: number): number {
    return this.place(this.origin.offset(pos, file), file);
  }

  private place(offset: number, file: number): number {
    const line = this.origin.lineIndex(offset, file);
    return line * lineUnit + offset - this.origin.files[file].lines[line];
  }

  facts(fn: Func): FuncSummary | null {
    return this.origin.facts(fn);
  }

  decl(fn: Func, bodyNeeded: boolean): DeclRange | null {
    const range = this.origin.decl(fn, bodyNeeded);
    if (range === null) return null;
    const { file, start, end, localTypesBefore } = range;
    // Where a body ends that nobody reads does not matter.
    if (!bodyNeeded) return { file, start: 0, end: 0, localTypesBefore };
    let source = this.sources.get(file);
    if (source === undefined) {
      source = this.readFile(this.files[file].name);
      this.sources.set(file, source);
    }
    this.bodies.push(source.subarray(start, end));
    const place = this.place(start, file);
    return { file, start: place, end: place + end - start, localTypesBefore };
  }

  /** Bodies that are checked again look up constants as well. */
  mentions(fn: Func, reached: (obj: Obj) => void): void {
    this.origin.mentionsAll(fn, reached);
  }
}
