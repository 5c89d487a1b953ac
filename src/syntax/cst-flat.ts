/** A tree-sitter tree as arrays in pre-order, its leaves matched one by one with the tokens of the file.
 *
 *  The grammar leaves line ends that act as semicolons out of the tree; their tokens are skipped and counted, and the
 *  reader accounts for each one at a place where a semicolon may stand. So a tree that is accepted has exactly the
 *  tokens that the compiler sees. */
import type { TreeCursor } from "web-tree-sitter";
import { Cst, leafToken } from "./cst-kinds.ts";
import type { TokenTable } from "./token-table.ts";
import { TokenKind } from "./tokens.ts";

/** Deeper trees are left to the other reader, which says so if they are too deep. */
const MaxDepth = 1000;

/** The tree is not one that the CST reader can vouch for. */
export class Unsupported extends Error {
  constructor(what: string) {
    super(what);
    this.name = "Unsupported";
  }
}

export class FlatTree {
  count = 0;
  /** {@link Cst} or, for tokens without a name, TokenKind. */
  kinds = new Uint8Array(1024);
  /** Index of the first token of a node, and of its last. */
  firsts = new Int32Array(1024);
  lasts = new Int32Array(1024);
  /** Index of the node after this one and all its descendants. */
  nexts = new Int32Array(1024);
  /** Line ends that act as semicolons. */
  lineEnds = 0;

  private add(kind: number, first: number): number {
    const node = this.count++;
    if (node === this.kinds.length) this.grow();
    this.kinds[node] = kind;
    this.firsts[node] = first;
    return node;
  }

  private close(node: number, last: number): void {
    this.lasts[node] = last;
    this.nexts[node] = this.count;
  }

  private grow(): void {
    const size = this.kinds.length * 2;
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
    const firsts = new Int32Array(size);
    firsts.set(this.firsts);
    this.firsts = firsts;
    const lasts = new Int32Array(size);
    lasts.set(this.lasts);
    this.lasts = lasts;
    const nexts = new Int32Array(size);
    nexts.set(this.nexts);
    this.nexts = nexts;
  }

  /** Copies the tree under `cursor`. `kindOf` numbers the node types, `byteOf` maps the tree's offsets (UTF-16 units)
   *  to bytes, null where they are the same. */
  read(cursor: TreeCursor, kindOf: Uint8Array, tokens: TokenTable, byteOf: Int32Array | null): void {
    this.count = 0;
    this.lineEnds = 0;
    const open: number[] = [];
    const { kinds, starts, texts } = tokens;
    let token = 0;
    for (;;) {
      const kind = kindOf[cursor.nodeTypeId];
      if (kind === Cst.Unknown) throw new Unsupported(cursor.nodeType);
      if (kind !== Cst.Comment) {
        while (kinds[token] === TokenKind.Semi && texts[token] !== "semicolon") {
          this.lineEnds++;
          token++;
        }
        const node = this.add(kind, token);
        if (kind > Cst.FallthroughStatement) {
          open.push(node);
          if (open.length > MaxDepth) throw new Unsupported("nesting");
          if (cursor.gotoFirstChild()) continue;
          this.close(open.pop()!, token - 1);
        } else {
          if (leafToken(kind) !== kinds[token]) throw new Unsupported("tokens");
          if (kind >= Cst.Named) {
            const start = cursor.startIndex;
            if ((byteOf === null ? start : byteOf[start]) !== starts[token]) throw new Unsupported("token boundaries");
          }
          this.close(node, token++);
        }
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) {
          this.finish(tokens, token);
          return;
        }
        this.close(open.pop()!, token - 1);
      }
    }
  }

  private finish(tokens: TokenTable, next: number): void {
    let token = next;
    while (tokens.kinds[token] === TokenKind.Semi && tokens.texts[token] !== "semicolon") {
      this.lineEnds++;
      token++;
    }
    if (tokens.kinds[token] !== TokenKind.EOF) throw new Unsupported("tokens at the end");
  }
}
