/** Positions as findings have them: names relative to a directory, columns in bytes and in UTF-16 units. */
import type { FileSet, Pos, SourceFile } from "../../base/pos.ts";
import type { Scene } from "../explain/scene.ts";
import { Ranges } from "../ranges.ts";
import type { SourceRange } from "./model.ts";

const decoder = new TextDecoder();

/** The name with slashes, relative to `root` if it lies below. */
export function relativeName(root: string, file: string): string {
  const name = file.replaceAll("\\", "/");
  const base = root.replaceAll("\\", "/").replace(/\/$/, "");
  return base !== "" && name.startsWith(`${base}/`) ? name.slice(base.length + 1) : name;
}

export class Places {
  private readonly fset: FileSet;
  private readonly ranges: Ranges;
  private readonly texts = new Map<string, Uint8Array | null>();

  constructor(
    private readonly scene: Scene,
    private readonly root: string,
  ) {
    this.fset = scene.session.fset;
    this.ranges = new Ranges(this.fset, scene.result.files);
  }

  /** What stands at `pos`; of inlined code what stands at the call. Null for places without source. */
  of(pos: Pos): SourceRange | null {
    const { start, end } = this.ranges.of(this.fset.outermost(pos));
    return this.between(start, end);
  }

  between(start: Pos, end: Pos): SourceRange | null {
    const file = this.fset.file(start);
    if (file === null) return null;
    const from = start - file.base;
    const to = Math.min(Math.max(end - file.base, from), file.size);
    const first = this.split(file, from);
    const last = this.split(file, to);
    return {
      file: relativeName(this.root, file.name),
      line: first.line,
      col: first.col,
      endLine: last.line,
      endCol: last.col,
      col16: first.col16,
      endCol16: last.col16,
    };
  }

  private split(file: SourceFile, offset: number): { line: number; col: number; col16: number } {
    const index = file.lineIndex(offset);
    const start = file.lines[index];
    const text = this.bytes(file.name);
    const col16 = text === null ? offset - start : decoder.decode(text.subarray(start, offset)).length;
    return { line: index + 1, col: offset - start + 1, col16: col16 + 1 };
  }

  /** The text from `start` to `end`. */
  text(start: Pos, end: Pos): string {
    const file = this.fset.file(start);
    const bytes = file === null ? null : this.bytes(file.name);
    return file === null || bytes === null ? "" : decoder.decode(bytes.subarray(start - file.base, end - file.base));
  }

  /** The first line of what stands at `pos`. */
  snippet(pos: Pos): string {
    const { start, end } = this.ranges.of(this.fset.outermost(pos));
    const line = this.text(start, end).split("\n", 1)[0].trim();
    return line.length > maxSnippet ? `${line.slice(0, maxSnippet - 1)}…` : line;
  }

  private bytes(name: string): Uint8Array | null {
    let text = this.texts.get(name);
    if (text === undefined) {
      try {
        text = this.scene.session.host.readFile(name);
      } catch {
        text = null;
      }
      this.texts.set(name, text);
    }
    return text;
  }
}

const maxSnippet = 120;
