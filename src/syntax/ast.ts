/** The syntax tree: one class per node kind, shaped after cmd/compile/internal/syntax/nodes.go.
 *
 *  `pos` is the place that the compiler gives a node in messages, not always its first byte:
 *  call `(` · binary operation, assignment and send: the operator · selector and type assertion `.` ·
 *  index and slice expression `[` · composite literal `{` · everything else its first token
 *  (a func declaration's is the token after `func`). `end` is exclusive. The first byte of a node is
 *  `startPos(node)` (positions.ts).
 *
 *  Expressions carry what the checker found out about them (`mode`, `type`, `val`), names their object, so later
 *  stages need no side tables. Lists are never null: an absent list is empty, an absent child is null. */

import type { Value } from "../base/constant.ts";
import type { Pos } from "../base/pos.ts";
import type { Linkname } from "./pragma.ts";
import type { Op, TokenKind } from "./tokens.ts";

/** What the checker writes into the tree. The types layer declares the members (`declare module`), so the tree
 *  need not import the layer to its right. */
// biome-ignore lint/suspicious/noEmptyInterface: merged with its members in types/types.ts
export interface Checked {}

export const enum Kind {
  // declarations
  ImportDecl,
  ConstDecl,
  TypeDecl,
  VarDecl,
  FuncDecl,
  // expressions
  BadExpr,
  Name,
  BasicLit,
  CompositeLit,
  KeyValueExpr,
  FuncLit,
  ParenExpr,
  SelectorExpr,
  IndexExpr,
  SliceExpr,
  AssertExpr,
  TypeSwitchGuard,
  Operation,
  CallExpr,
  ListExpr,
  ArrayType,
  SliceType,
  DotsType,
  StructType,
  InterfaceType,
  FuncType,
  MapType,
  ChanType,
  // statements
  EmptyStmt,
  LabeledStmt,
  BlockStmt,
  ExprStmt,
  SendStmt,
  DeclStmt,
  AssignStmt,
  BranchStmt,
  CallStmt,
  ReturnStmt,
  IfStmt,
  ForStmt,
  SwitchStmt,
  SelectStmt,
  // parts
  RangeClause,
  CaseClause,
  CommClause,
  Field,
  File,
}

/** What an expression denotes, as the checker found (types2/operand.go operandMode). 0 until checked. */
export const enum Mode {
  Unchecked,
  Invalid,
  NoValue,
  Builtin,
  TypExpr,
  Constant,
  Variable,
  MapIndex,
  Value,
  NilValue,
  CommaOk,
  CommaErr,
  CgoFunc,
}

export abstract class NodeBase {
  abstract readonly kind: Kind;
  pos: Pos;
  /** First position after the node. */
  end: Pos;
  constructor(pos: Pos, end: Pos) {
    this.pos = pos;
    this.end = end;
  }
}

/** Fields the checker fills in. The recorded type of an untyped expression is its final (converted) type. */
export abstract class ExprBase extends NodeBase {
  mode: Mode = 0;
  type: Checked["type"] | null = null;
  val: Value | null = null;
  // Spelled out: an implied constructor passes its arguments through an array.
  constructor(pos: Pos, end: Pos) {
    super(pos, end);
  }
}

// ---------------------------------------------------------------------------------------------------- file

/** `//go:` and similar directives that stand before a declaration (noder/lex.go). */
export interface Directive {
  readonly pos: Pos;
  /** The text without `//`, e.g. `go:noinline`. */
  readonly text: string;
  /** `PragmaFlag` bits (pragma.ts). */
  readonly flag: number;
  /** The patterns of a `go:embed`, otherwise empty. */
  readonly embeds: readonly string[];
}

export interface Comment {
  readonly pos: Pos;
  readonly end: Pos;
  /** With its `//` or `/*`. */
  readonly text: string;
}

export class File extends NodeBase {
  readonly kind = Kind.File;
  pkgName: Name;
  decls: Decl[];
  /** Directives before the package clause (`//go:build` among them). */
  directives: Directive[] = [];
  /** `//go:linkname` directives; they belong to the file, wherever they stand. */
  linknames: Linkname[] = [];
  /** All comments in source order; filled only on request. */
  comments: Comment[] = [];
  /** Position of the end of the file. */
  eof: Pos;
  /** `go1.N` of the file's `//go:build` line, "" when it implies none. */
  goVersion = "";
  constructor(pos: Pos, end: Pos, pkgName: Name, decls: Decl[], eof: Pos) {
    super(pos, end);
    this.pkgName = pkgName;
    this.decls = decls;
    this.eof = eof;
  }
}

// ---------------------------------------------------------------------------------------------------- declarations

/** Identity of a parenthesised group of declarations; `null` for a declaration on its own. */
export class Group {}

export class ImportDecl extends NodeBase {
  readonly kind = Kind.ImportDecl;
  directives: Directive[] = [];
  constructor(
    pos: Pos,
    end: Pos,
    readonly group: Group | null,
    /** Includes "." and "_". */
    readonly localPkgName: Name | null,
    readonly path: BasicLit,
  ) {
    super(pos, end);
  }
}

export class ConstDecl extends NodeBase {
  readonly kind = Kind.ConstDecl;
  directives: Directive[] = [];
  constructor(
    pos: Pos,
    end: Pos,
    readonly group: Group | null,
    readonly names: Name[],
    readonly type: Expr | null,
    /** One expression or a ListExpr; null to repeat the values before it. */
    readonly values: Expr | null,
  ) {
    super(pos, end);
  }
}

export class TypeDecl extends NodeBase {
  readonly kind = Kind.TypeDecl;
  directives: Directive[] = [];
  constructor(
    pos: Pos,
    end: Pos,
    readonly group: Group | null,
    readonly name: Name,
    readonly tparams: Field[],
    readonly alias: boolean,
    readonly type: Expr,
  ) {
    super(pos, end);
  }
}

export class VarDecl extends NodeBase {
  readonly kind = Kind.VarDecl;
  directives: Directive[] = [];
  constructor(
    pos: Pos,
    end: Pos,
    readonly group: Group | null,
    readonly names: Name[],
    readonly type: Expr | null,
    readonly values: Expr | null,
  ) {
    super(pos, end);
  }
}

export class FuncDecl extends NodeBase {
  readonly kind = Kind.FuncDecl;
  directives: Directive[] = [];
  constructor(
    pos: Pos,
    end: Pos,
    readonly recv: Field | null,
    readonly name: Name,
    readonly tparams: Field[],
    readonly type: FuncType,
    readonly body: BlockStmt | null,
  ) {
    super(pos, end);
  }
}

export type Decl = ImportDecl | ConstDecl | TypeDecl | VarDecl | FuncDecl;

// ---------------------------------------------------------------------------------------------------- expressions

export class BadExpr extends ExprBase {
  readonly kind = Kind.BadExpr;
}

export class Name extends ExprBase {
  readonly kind = Kind.Name;
  /** The object that the name declares or uses; null for `_` in some places and for unresolved names. */
  obj: Checked["obj"] | null = null;
  /** Type arguments where the name denotes an instantiated generic function or type (explicit and inferred). */
  targs: readonly Checked["type"][] | null = null;
  /** Names a runtime function, `runtime.` and its name, that the rewriting of range-over-func loops calls. */
  runtimeHelper = false;
  constructor(
    pos: Pos,
    end: Pos,
    readonly value: string,
  ) {
    super(pos, end);
  }
}

export const enum LitKind {
  Int,
  Float,
  Imag,
  Rune,
  String,
}

export class BasicLit extends ExprBase {
  readonly kind = Kind.BasicLit;
  /** Set when a syntax error was reported for the literal. */
  bad = false;
  constructor(
    pos: Pos,
    end: Pos,
    /** As it stands in the source. */
    readonly value: string,
    readonly litKind: LitKind,
  ) {
    super(pos, end);
  }
}

/** `typ{ elems }`; the type is null where the element type of an outer literal is implied. */
export class CompositeLit extends ExprBase {
  readonly kind = Kind.CompositeLit;
  constructor(
    pos: Pos,
    end: Pos,
    readonly typeExpr: Expr | null,
    readonly elems: Expr[],
    /** How many elements are KeyValueExprs. */
    readonly nkeys: number,
    readonly rbrace: Pos,
  ) {
    super(pos, end);
  }
}

export class KeyValueExpr extends ExprBase {
  readonly kind = Kind.KeyValueExpr;
  constructor(
    pos: Pos,
    end: Pos,
    readonly key: Expr,
    readonly value: Expr,
  ) {
    super(pos, end);
  }
}

export class FuncLit extends ExprBase {
  readonly kind = Kind.FuncLit;
  /** Made from the body of a range-over-func loop (ir/rangefunc). */
  rangeFuncBody = false;
  constructor(
    pos: Pos,
    end: Pos,
    readonly funcType: FuncType,
    readonly body: BlockStmt,
  ) {
    super(pos, end);
  }
}

export class ParenExpr extends ExprBase {
  readonly kind = Kind.ParenExpr;
  constructor(
    pos: Pos,
    end: Pos,
    readonly x: Expr,
  ) {
    super(pos, end);
  }
}

export class SelectorExpr extends ExprBase {
  readonly kind = Kind.SelectorExpr;
  /** Set by the checker unless the selector is a qualified identifier. */
  selection: Checked["selection"] | null = null;
  constructor(
    pos: Pos,
    end: Pos,
    readonly x: Expr,
    readonly sel: Name,
  ) {
    super(pos, end);
  }
}

/** `x[index]`; several type arguments are one ListExpr. */
export class IndexExpr extends ExprBase {
  readonly kind = Kind.IndexExpr;
  constructor(
    pos: Pos,
    end: Pos,
    readonly x: Expr,
    readonly index: Expr,
  ) {
    super(pos, end);
  }
}

export class SliceExpr extends ExprBase {
  readonly kind = Kind.SliceExpr;
  constructor(
    pos: Pos,
    end: Pos,
    readonly x: Expr,
    /** low, high, max. */
    readonly index: readonly [Expr | null, Expr | null, Expr | null],
    /** Two colons: a 3-index slice. */
    readonly full: boolean,
  ) {
    super(pos, end);
  }
}

export class AssertExpr extends ExprBase {
  readonly kind = Kind.AssertExpr;
  constructor(
    pos: Pos,
    end: Pos,
    readonly x: Expr,
    readonly typeExpr: Expr,
  ) {
    super(pos, end);
  }
}

/** `lhs := x.(type)`, only as the tag of a switch. */
export class TypeSwitchGuard extends ExprBase {
  readonly kind = Kind.TypeSwitchGuard;
  constructor(
    pos: Pos,
    end: Pos,
    readonly lhs: Name | null,
    readonly x: Expr,
  ) {
    super(pos, end);
  }
}

/** A unary (`y` null) or binary operation. `*x` is a unary `Mul`, `&x` a unary `And`, `<-x` a unary `Recv`. */
export class Operation extends ExprBase {
  readonly kind = Kind.Operation;
  constructor(
    pos: Pos,
    end: Pos,
    readonly op: Op,
    readonly x: Expr,
    readonly y: Expr | null,
  ) {
    super(pos, end);
  }
}

export class CallExpr extends ExprBase {
  readonly kind = Kind.CallExpr;
  constructor(
    pos: Pos,
    end: Pos,
    readonly fun: Expr,
    readonly args: Expr[],
    /** The last argument is followed by `...`. */
    readonly hasDots: boolean,
  ) {
    super(pos, end);
  }
}

/** `a, b, c` where several expressions stand for one. */
export class ListExpr extends ExprBase {
  readonly kind = Kind.ListExpr;
  constructor(
    pos: Pos,
    end: Pos,
    readonly elems: Expr[],
  ) {
    super(pos, end);
  }
}

export class ArrayType extends ExprBase {
  readonly kind = Kind.ArrayType;
  constructor(
    pos: Pos,
    end: Pos,
    /** null means `[...]T`. */
    readonly len: Expr | null,
    readonly elem: Expr,
  ) {
    super(pos, end);
  }
}

export class SliceType extends ExprBase {
  readonly kind = Kind.SliceType;
  constructor(
    pos: Pos,
    end: Pos,
    readonly elem: Expr,
  ) {
    super(pos, end);
  }
}

/** `...T` of a parameter. */
export class DotsType extends ExprBase {
  readonly kind = Kind.DotsType;
  constructor(
    pos: Pos,
    end: Pos,
    readonly elem: Expr,
  ) {
    super(pos, end);
  }
}

export class StructType extends ExprBase {
  readonly kind = Kind.StructType;
  constructor(
    pos: Pos,
    end: Pos,
    readonly fields: Field[],
    /** Parallel to `fields`; shorter when the last ones have no tag. */
    readonly tags: (BasicLit | null)[],
  ) {
    super(pos, end);
  }
}

/** Methods have a name and a FuncType, embedded elements have no name. */
export class InterfaceType extends ExprBase {
  readonly kind = Kind.InterfaceType;
  constructor(
    pos: Pos,
    end: Pos,
    readonly methods: Field[],
  ) {
    super(pos, end);
  }
}

export class FuncType extends ExprBase {
  readonly kind = Kind.FuncType;
  constructor(
    pos: Pos,
    end: Pos,
    readonly params: Field[],
    readonly results: Field[],
  ) {
    super(pos, end);
  }
}

export class MapType extends ExprBase {
  readonly kind = Kind.MapType;
  constructor(
    pos: Pos,
    end: Pos,
    readonly key: Expr,
    readonly value: Expr,
  ) {
    super(pos, end);
  }
}

export const enum ChanDir {
  Both,
  SendOnly,
  RecvOnly,
}

export class ChanType extends ExprBase {
  readonly kind = Kind.ChanType;
  constructor(
    pos: Pos,
    end: Pos,
    readonly dir: ChanDir,
    readonly elem: Expr,
  ) {
    super(pos, end);
  }
}

export type Expr =
  | BadExpr
  | Name
  | BasicLit
  | CompositeLit
  | KeyValueExpr
  | FuncLit
  | ParenExpr
  | SelectorExpr
  | IndexExpr
  | SliceExpr
  | AssertExpr
  | TypeSwitchGuard
  | Operation
  | CallExpr
  | ListExpr
  | ArrayType
  | SliceType
  | DotsType
  | StructType
  | InterfaceType
  | FuncType
  | MapType
  | ChanType;

/** A parameter, result, type parameter, struct field, method or embedded element: one name each.
 *  Fields of one group (`a, b int`) share the very same `type` node. */
export class Field extends NodeBase {
  readonly kind = Kind.Field;
  constructor(
    pos: Pos,
    end: Pos,
    readonly name: Name | null,
    readonly type: Expr,
  ) {
    super(pos, end);
  }
}

// ---------------------------------------------------------------------------------------------------- statements

export class EmptyStmt extends NodeBase {
  readonly kind = Kind.EmptyStmt;
}

export class LabeledStmt extends NodeBase {
  readonly kind = Kind.LabeledStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly label: Name,
    readonly stmt: Stmt,
  ) {
    super(pos, end);
  }
}

export class BlockStmt extends NodeBase {
  readonly kind = Kind.BlockStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly list: Stmt[],
    readonly rbrace: Pos,
  ) {
    super(pos, end);
  }
}

export class ExprStmt extends NodeBase {
  readonly kind = Kind.ExprStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly x: Expr,
  ) {
    super(pos, end);
  }
}

export class SendStmt extends NodeBase {
  readonly kind = Kind.SendStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly chan: Expr,
    readonly value: Expr,
  ) {
    super(pos, end);
  }
}

export class DeclStmt extends NodeBase {
  readonly kind = Kind.DeclStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly decls: Decl[],
  ) {
    super(pos, end);
  }
}

/** `lhs op= rhs`. `op` is 0 for plain `=`, `Op.Def` for `:=`. `x++` has `op` Add or Sub and `rhs` null. */
export class AssignStmt extends NodeBase {
  readonly kind = Kind.AssignStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly op: Op,
    readonly lhs: Expr,
    readonly rhs: Expr | null,
  ) {
    super(pos, end);
  }
}

export class BranchStmt extends NodeBase {
  readonly kind = Kind.BranchStmt;
  /** The labelled or enclosing statement that is left or continued (resolved while reading the function). */
  target: Stmt | null = null;
  constructor(
    pos: Pos,
    end: Pos,
    /** Break, Continue, Fallthrough or Goto. */
    readonly tok: TokenKind,
    readonly label: Name | null,
  ) {
    super(pos, end);
  }
}

/** `go call` or `defer call`. */
export class CallStmt extends NodeBase {
  readonly kind = Kind.CallStmt;
  /** Set by the rewriting of range-over-func: the `#defers` token that the deferred call is attached to. */
  deferAt: Expr | null = null;
  constructor(
    pos: Pos,
    end: Pos,
    /** Go or Defer. */
    readonly tok: TokenKind,
    readonly call: Expr,
  ) {
    super(pos, end);
  }
}

export class ReturnStmt extends NodeBase {
  readonly kind = Kind.ReturnStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly results: Expr | null,
  ) {
    super(pos, end);
  }
}

export class IfStmt extends NodeBase {
  readonly kind = Kind.IfStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly init: Stmt | null,
    readonly cond: Expr,
    readonly then: BlockStmt,
    /** An IfStmt or a BlockStmt. */
    readonly else_: IfStmt | BlockStmt | null,
  ) {
    super(pos, end);
  }
}

/** A range loop has its RangeClause as `init`. */
export class ForStmt extends NodeBase {
  readonly kind = Kind.ForStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly init: Stmt | RangeClause | null,
    readonly cond: Expr | null,
    readonly post: Stmt | null,
    readonly body: BlockStmt,
  ) {
    super(pos, end);
  }
}

export class SwitchStmt extends NodeBase {
  readonly kind = Kind.SwitchStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly init: Stmt | null,
    /** A TypeSwitchGuard for type switches. */
    readonly tag: Expr | null,
    readonly body: CaseClause[],
    readonly rbrace: Pos,
  ) {
    super(pos, end);
  }
}

export class SelectStmt extends NodeBase {
  readonly kind = Kind.SelectStmt;
  constructor(
    pos: Pos,
    end: Pos,
    readonly body: CommClause[],
    readonly rbrace: Pos,
  ) {
    super(pos, end);
  }
}

/** `lhs = range x` or `lhs := range x`; `pos` is the keyword `range`. */
export class RangeClause extends NodeBase {
  readonly kind = Kind.RangeClause;
  constructor(
    pos: Pos,
    end: Pos,
    readonly lhs: Expr | null,
    readonly def: boolean,
    readonly x: Expr,
  ) {
    super(pos, end);
  }
}

export class CaseClause extends NodeBase {
  readonly kind = Kind.CaseClause;
  /** The variable that a type switch declares for this clause. */
  implicit: Checked["variable"] | null = null;
  constructor(
    pos: Pos,
    end: Pos,
    /** null is `default`; several cases are a ListExpr. */
    readonly cases: Expr | null,
    readonly body: Stmt[],
    readonly colon: Pos,
  ) {
    super(pos, end);
  }
}

export class CommClause extends NodeBase {
  readonly kind = Kind.CommClause;
  constructor(
    pos: Pos,
    end: Pos,
    /** A send, a receive (ExprStmt or AssignStmt), or null for `default`. */
    readonly comm: Stmt | null,
    readonly body: Stmt[],
    readonly colon: Pos,
  ) {
    super(pos, end);
  }
}

export type Stmt =
  | EmptyStmt
  | LabeledStmt
  | BlockStmt
  | ExprStmt
  | SendStmt
  | DeclStmt
  | AssignStmt
  | BranchStmt
  | CallStmt
  | ReturnStmt
  | IfStmt
  | ForStmt
  | SwitchStmt
  | SelectStmt;

export type Node = File | Decl | Expr | Stmt | RangeClause | CaseClause | CommClause | Field;
