/** Helpers: read a piece of Go source and say in short lines what came of it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { FileSet } from "../../src/base/pos.ts";
import type { File } from "../../src/syntax/ast.ts";
import { type CstResult, TreeSitterReader } from "../../src/syntax/cst.ts";
import { dump } from "../../src/syntax/dump.ts";
import { type ParseOptions, type ParseResult, parseFile } from "../../src/syntax/parse.ts";

export interface Reading {
  readonly fset: FileSet;
  readonly file: File | null;
  /** `line:col: message`, in the order of reporting; with the file name where `//line` changed it. */
  readonly errors: string[];
  /** Tree with all positions. */
  readonly tree: string;
}

export function bytesOf(source: string | Uint8Array): Uint8Array {
  return typeof source === "string" ? new TextEncoder().encode(source) : source;
}

export function read(source: string | Uint8Array, options: ParseOptions = {}): Reading {
  const fset = new FileSet();
  return reading(fset, parseFile(fset, "p.go", bytesOf(source), options));
}

function reading(fset: FileSet, result: ParseResult): Reading {
  const errors = result.errors.map((error) => {
    const at = fset.position(error.pos);
    const place = at.col > 0 ? `${at.line}:${at.col}` : `${at.line}`;
    return `${at.filename === "p.go" ? "" : `${at.filename}:`}${place}: ${error.msg}`;
  });
  const tree = result.file === null ? "" : dump(fset, result.file, { ends: true });
  return { fset, file: result.file, errors, tree };
}

const require = createRequire(import.meta.url);

export function createReader(): Promise<TreeSitterReader> {
  return TreeSitterReader.create(
    readFileSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm")),
    readFileSync(require.resolve("tree-sitter-go/tree-sitter-go.wasm")),
  );
}

export interface CstReading extends Reading {
  readonly fallback: CstResult["fallback"];
}

export function readCst(reader: TreeSitterReader, source: string | Uint8Array, options: ParseOptions = {}): CstReading {
  const fset = new FileSet();
  const result = reader.parse(fset, "p.go", bytesOf(source), options);
  return { ...reading(fset, result), fallback: result.fallback };
}
