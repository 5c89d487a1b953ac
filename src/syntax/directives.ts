/** A scanner that acts on `//line` and `//go:build` and passes on the other `//go:` directives (the handler that
 *  parser.init of cmd/compile/internal/syntax/parser.go installs). */
import type { Interner } from "../base/intern.ts";
import type { LineDirective, Pos, SourceFile } from "../base/pos.ts";
import { goVersion } from "./constraint.ts";
import { lineDirective } from "./line.ts";
import { Scanner } from "./scanner.ts";

export abstract class DirectiveScanner extends Scanner {
  /** Still before the package clause. */
  top = true;
  goVersion = "";
  private readonly lines: LineDirective[] = [];

  constructor(file: SourceFile, source: Uint8Array, names: Interner, wantComments: boolean) {
    super(file, source, names, wantComments);
    file.directives = this.lines;
  }

  /** A `//go:` directive, without its `//`. */
  protected abstract goDirective(pos: Pos, blank: boolean, text: string): void;

  protected override directive(start: number, end: number, blank: boolean): void {
    if (this.src[start + 2] === 108 /* l */) {
      this.lineDirective(start, end);
      return;
    }
    let text = this.slice(start + 2, end);
    if (text.endsWith("\r")) text = text.slice(0, -1);
    if (this.top && text.startsWith("go:build")) this.goVersion = goVersion(`//${text}`) ?? this.goVersion;
    this.goDirective(this.base + start + 2, blank, text);
  }

  private lineDirective(start: number, end: number): void {
    const isLineComment = this.src[start + 1] === 47;
    if (isLineComment && start > 0 && this.src[start - 1] !== 10) return; // only at the start of a line
    let raw = "";
    for (let i = start; i < end; i++) raw += String.fromCharCode(this.src[i]);
    const found = lineDirective(raw);
    if (found === null) return;
    if ("error" in found) {
      const at = start + found.at;
      const textEnd = isLineComment ? start + raw.trimEnd().length : end - 2;
      this.errorAt(this.base + at, `${found.error}: ${this.slice(at, Math.max(at, textEnd))}`);
      return;
    }
    const { line, col } = found;
    const name =
      found.nameLength === 0 ? "" : this.slice(start + found.nameAt, start + found.nameAt + found.nameLength);
    this.lines.push({
      offset: isLineComment ? end + 1 : end,
      filename: found.sameFile ? this.currentName() : name,
      line,
      col,
    });
  }

  private currentName(): string {
    return this.lines.length > 0 ? this.lines[this.lines.length - 1].filename : this.file.name;
  }
}
