/** The tree-sitter reader: a concrete syntax tree by the grammar of tree-sitter-go, turned into the same tree as
 *  parse.ts gives.
 *
 *  Holds    the result equals that of {@link parseFile}, positions, directives and errors of branches included. What
 *           the grammar cannot read, reads differently, or reads although the compiler rejects it, is given to the
 *           recursive-descent parser: files with ERROR or MISSING nodes, with tokens that differ from the compiler's
 *           (cst-flat.ts), or with one of the forms that the cst-*.ts files call unsupported. */
import { Language, type Tree, Parser as TreeSitter } from "web-tree-sitter";
import { type FileSet, lineStarts, type SourceFile } from "../base/pos.ts";
import { fileOf } from "./cst-decl.ts";
import { FlatTree, Unsupported } from "./cst-flat.ts";
import { Cst, cstKind } from "./cst-kinds.ts";
import { CstState } from "./cst-state.ts";
import { type ParseOptions, type ParseResult, parseSource, pragmaContext } from "./parse.ts";
import { TokenTable } from "./token-table.ts";

export interface CstResult extends ParseResult {
  /** Why the recursive-descent parser read the file; null if the CST did. */
  readonly fallback: string | null;
}

export class TreeSitterReader {
  private readonly flat = new FlatTree();

  private constructor(
    private readonly parser: TreeSitter,
    private readonly kindOf: Uint8Array,
  ) {}

  /** `core` is web-tree-sitter.wasm, its contents or where to load it from; `grammar` holds tree-sitter-go.wasm. */
  static async create(core: Uint8Array | string, grammar: Uint8Array): Promise<TreeSitterReader> {
    const init =
      typeof core === "string" ? { locateFile: () => core } : { wasmBinary: core as Uint8Array<ArrayBuffer> };
    await TreeSitter.init(init);
    const language = await Language.load(grammar);
    const kindOf = new Uint8Array(0x10000).fill(Cst.Unknown); // ERROR is the last id
    for (let id = 0; id < language.nodeTypeCount; id++) {
      const name = language.nodeTypeForId(id);
      if (name !== null) kindOf[id] = cstKind(name, language.nodeTypeIsNamed(id));
    }
    const parser = new TreeSitter();
    parser.setLanguage(language);
    return new TreeSitterReader(parser, kindOf);
  }

  /** Reads a file and adds it to `fset`. */
  parse(fset: FileSet, name: string, source: Uint8Array, options: ParseOptions = {}): CstResult {
    const file = fset.addFile(name, source.length, lineStarts(source));
    try {
      return { ...this.read(fset, file, source, options), fallback: null };
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      file.lines = lineStarts(source); // reading the tokens may have changed them
      return { ...parseSource(fset, file, source, options), fallback: error.message };
    }
  }

  /** The tree as an S-expression, named nodes only. */
  sexp(source: string): string {
    return this.withTree(source, (tree) => tree.rootNode.toString());
  }

  private read(fset: FileSet, file: SourceFile, source: Uint8Array, options: ParseOptions): ParseResult {
    const context = pragmaContext(file, options, (pos, msg) => tokens.report(pos, msg));
    const tokens: TokenTable = new TokenTable(fset, file, source, options.comments === true, context);
    tokens.readAll();
    if (tokens.errcnt > 0) throw new Unsupported("lexical error");
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(source);
    const byteOf = text.length === source.length ? null : byteOffsets(source, text.length);
    this.withTree(text, (tree) => {
      if (tree.rootNode.hasError) throw new Unsupported("ERROR in the tree");
      const cursor = tree.walk();
      try {
        this.flat.read(cursor, this.kindOf, tokens, byteOf);
      } finally {
        cursor.delete();
      }
    });
    const state = new CstState(fset, this.flat, tokens);
    const result = fileOf(state);
    if (state.lineEnds !== this.flat.lineEnds) throw new Unsupported("line end");
    return { file: result, errors: tokens.errors, source: file };
  }

  private withTree<T>(text: string, use: (tree: Tree) => T): T {
    const tree = this.parser.parse(text);
    if (tree === null) throw new Unsupported("no tree");
    try {
      return use(tree);
    } finally {
      tree.delete();
    }
  }
}

/** The byte offset of each UTF-16 unit of a valid UTF-8 text, and of its end. */
function byteOffsets(source: Uint8Array, length: number): Int32Array {
  const offsets = new Int32Array(length + 1);
  let unit = 0;
  for (let i = 0; i < source.length; ) {
    const lead = source[i];
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    offsets[unit++] = i;
    if (size === 4) offsets[unit++] = i;
    i += size;
  }
  offsets[unit] = source.length;
  return offsets;
}
