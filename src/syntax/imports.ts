/** What the head of a Go file says: package name, imports, build constraint. Reads no further than the imports,
 *  except for the `//go:embed` patterns of a file that imports "embed" (go/build/read.go). */
import { Interner } from "../base/intern.ts";
import { SourceFile } from "../base/pos.ts";
import { Kind } from "./ast.ts";
import { parseHead } from "./parse.ts";
import { parseGoEmbed } from "./pragma.ts";
import { unquote } from "./quote.ts";
import { Scanner } from "./scanner.ts";
import { TokenKind } from "./tokens.ts";

export interface ImportScan {
  readonly pkgName: string;
  /** As written, "C" included; `offset` is the byte offset of the import's first token. */
  readonly imports: readonly { readonly path: string; readonly offset: number }[];
  /** The `//go:build` line before the package clause, without `//`; "" without one. */
  readonly buildConstraint: string;
  /** The file imports "C". */
  readonly cgo: boolean;
  readonly embeds: readonly { readonly pattern: string; readonly offset: number }[];
  /** The first syntax error up to the end of the imports. */
  readonly error: { readonly msg: string; readonly offset: number } | null;
}

/** Heads are rarely longer than this; a longer one is read again in full. */
const usualHead = 1 << 14;

export function scanImports(source: Uint8Array): ImportScan {
  if (source.length > usualHead) {
    const scan = scanHead(source.subarray(0, usualHead), source);
    if (scan !== null) return scan;
  }
  return scanHead(source, source)!;
}

/** Reads `head`, the whole of `source` or its start; null if that may be too little. */
function scanHead(head: Uint8Array, source: Uint8Array): ImportScan | null {
  const { file, errors, atEnd } = parseHead(head);
  const error = errors.find((e) => file === null || e.pos < file.end);
  if (head !== source && (atEnd || error !== undefined)) return null;
  const imports: { path: string; offset: number }[] = [];
  for (const decl of file?.decls ?? []) {
    if (decl.kind !== Kind.ImportDecl || decl.path.bad) continue;
    imports.push({ path: unquote(decl.path.value) ?? "", offset: decl.pos });
  }
  return {
    pkgName: file?.pkgName.value ?? "",
    imports,
    buildConstraint: file?.directives.find((d) => /^go:build(\s|$)/.test(d.text))?.text ?? "",
    cgo: imports.some((spec) => spec.path === "C"),
    embeds: imports.some((spec) => spec.path === "embed") ? embedPatterns(source) : [],
    error: error === undefined ? null : { msg: error.msg, offset: error.pos },
  };
}

/** The `//go:debug` lines before the package clause, without `//`. */
export function debugLines(source: Uint8Array): { text: string; offset: number }[] {
  const { file } = parseHead(source);
  return (file?.directives ?? [])
    .filter(({ text }) => /^go:debug([ \t]|$)/.test(text))
    .map(({ text, pos }) => ({ text, offset: pos - 2 }));
}

function embedPatterns(source: Uint8Array): { pattern: string; offset: number }[] {
  const scanner = new EmbedScanner(new SourceFile("", 0, source.length, [0]), source, new Interner(), false);
  do scanner.next();
  while (scanner.tok !== TokenKind.EOF);
  return scanner.patterns;
}

class EmbedScanner extends Scanner {
  readonly patterns: { pattern: string; offset: number }[] = [];

  protected override directive(start: number, end: number): void {
    const prefix = "//go:embed";
    const text = this.slice(start, end);
    if (!/^\/\/go:embed(\s|$)/.test(text)) return;
    const args = text.slice(prefix.length);
    const { list, offsets } = parseGoEmbed(args); // the compiler reports malformed ones
    const encoder = new TextEncoder();
    for (let i = 0; i < list.length; i++) {
      const before = encoder.encode(args.slice(0, offsets[i])).length;
      this.patterns.push({ pattern: list[i], offset: start + prefix.length + before });
    }
  }
}
