/** Text to syntax tree: the entry point of the recursive-descent reader.
 *
 *  Mirrors  Parse of cmd/compile/internal/syntax/syntax.go, Go 1.26, with the directives of noder/noder.go.
 *  Reads    UTF-8 bytes.  Gives  a tree also for a broken file, unless its package clause is at fault.
 *  Known difference: nesting is limited ({@link MaxNesting}), as the JavaScript stack is. */
import type { Diagnostic } from "../base/diag.ts";
import { FileSet, lineStarts, type Pos, type Position, SourceFile } from "../base/pos.ts";
import type { File, FuncDecl } from "./ast.ts";
import { fileOrNil, funcDecl } from "./parse-decl.ts";
import { Parser, TooDeep } from "./parser.ts";
import type { PragmaContext } from "./pragma.ts";
import { TokenKind } from "./tokens.ts";

export interface ParseOptions {
  /** Fill `File.comments`. */
  readonly comments?: boolean;
  /** Stop at the first declaration that is no import. */
  readonly onlyImports?: boolean;
  /** The package belongs to the standard library, which may use more directives. */
  readonly std?: boolean;
  /** The package is runtime or one of those that it rests on, which may use still more. */
  readonly compilingRuntime?: boolean;
  readonly goarch?: string;
  /** How deep the source may be nested, for callers with a small stack; {@link MaxNesting} if absent. */
  readonly maxNesting?: number;
  /** Methods may have type parameters, as from Go 1.27 on. */
  readonly genericMethods?: boolean;
}

export interface ParseResult {
  readonly file: File | null;
  /** In the order in which they were found; their code is "syntax". */
  readonly errors: Diagnostic[];
  readonly source: SourceFile;
}

/** Reads a file and adds it to `fset`. */
export function parseFile(fset: FileSet, name: string, source: Uint8Array, options: ParseOptions = {}): ParseResult {
  const file = fset.addFile(name, source.length, lineStarts(source));
  return parseSource(fset, file, source, options);
}

/** Reads a file up to the end of its imports, without a file set: positions are byte offsets. `atEnd` says that nothing
 *  follows. */
export function parseHead(source: Uint8Array): { file: File | null; errors: Diagnostic[]; atEnd: boolean } {
  const file = new SourceFile("", 0, source.length, [0]);
  const context = pragmaContext(file, {}, () => {}); // the compiler reports what is wrong with directives
  const parser = new Parser(new FileSet(), file, source, false, context);
  parser.next();
  const tree = fileOrNil(parser, true);
  return { file: tree, errors: parser.errors, atEnd: parser.is(TokenKind.EOF) };
}

/** Reads the declaration of a function that is known to be correct: `file`, whose bytes are `source`, has the token after
 *  `func` at offset `start`. What stands before it has been checked, too; directives are part of the declaration if it
 *  is read from `from` on (see {@link commentsBefore}). */
export function parseFuncDecl(
  fset: FileSet,
  file: SourceFile,
  source: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  { from = start, genericMethods = false }: { readonly from?: number; readonly genericMethods?: boolean } = {},
): FuncDecl {
  const part = new SourceFile(file.name, file.base + from, end - from, [0]);
  const context = pragmaContext(part, { std: true, compilingRuntime: true }, () => {});
  const text = source.subarray(from, end);
  const parser = new Parser(fset, part, text, false, context, undefined, genericMethods);
  parser.top = false;
  parser.next();
  if (from < start) parser.next(); // func
  return funcDecl(parser);
}

/** Where the comments begin that stand before the declaration whose token after `func` is at offset `start`; -1 if that
 *  cannot be told from the lines before it. */
export function commentsBefore(source: Uint8Array, start: number): number {
  let at = start;
  while (at > 0 && (source[at - 1] === 32 || source[at - 1] === 9)) at--;
  at -= 4;
  if (at < 0 || textOf(source, at, at + 4) !== "func" || (at > 0 && source[at - 1] !== 10)) return -1;
  while (at > 0) {
    const lineStart = at < 2 ? 0 : source.lastIndexOf(10, at - 2) + 1;
    const line = textOf(source, lineStart, at - 1).trim();
    // The line may belong to a longer comment or string, or have a directive at its end.
    if (/`|\*\/|.\/\/go:/.test(line)) return -1;
    if (line !== "" && !line.startsWith("//")) break;
    at = lineStart;
  }
  return at;
}

function textOf(source: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(source[i]);
  return text;
}

/** The place of an offset in a file, whatever is wrong there; `//line` directives count. */
export function placeInFile(name: string, source: Uint8Array, offset: number): Position {
  const fset = new FileSet();
  const file = fset.addFile(name, source.length, lineStarts(source));
  // Most files have none.
  if (/[/][/*]line /.test(new TextDecoder("latin1").decode(source))) parseSource(fset, file, source);
  return fset.position(file.base + offset);
}

/** Reads a file that `fset` knows already. */
export function parseSource(
  fset: FileSet,
  file: SourceFile,
  source: Uint8Array,
  options: ParseOptions = {},
): ParseResult {
  const parser: Parser = new Parser(
    fset,
    file,
    source,
    options.comments === true,
    pragmaContext(file, options, (pos, msg) => parser.report(pos, msg)),
    options.maxNesting,
    options.genericMethods,
  );
  let tree: File | null = null;
  try {
    parser.next();
    tree = fileOrNil(parser, options.onlyImports === true);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
  }
  return { file: tree, errors: parser.errors, source: file };
}

export function pragmaContext(
  file: SourceFile,
  options: ParseOptions,
  report: (pos: Pos, msg: string) => void,
): PragmaContext {
  return {
    std: options.std === true,
    compilingRuntime: options.compilingRuntime === true,
    wasm: options.goarch === "wasm",
    fileName: file.name.slice(file.name.lastIndexOf("/") + 1),
    linknames: [],
    report,
  };
}

/** Whether the compiler stops after parsing because of this error. Others, of labels, branches and directives,
 *  are printed together with type errors. */
export function isSyntaxError(diagnostic: Diagnostic): boolean {
  return diagnostic.msg.startsWith("syntax error");
}
