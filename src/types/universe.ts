/** The universe scope, package unsafe and the predeclared types.
 *
 *  Mirrors cmd/compile/internal/types2/universe.go. This file must not import code that needs it: its constants are
 *  made while the program starts. */
import { NoPos } from "../base/pos.ts";
import { allTermlist, TypeSet, topTypeSet } from "./tset.ts";
import {
  Alias,
  Basic,
  BasicInfo,
  BasicKind,
  Builtin,
  Const,
  Func,
  Interface,
  Named,
  Nil,
  type Obj,
  Package,
  Scope,
  Signature,
  Tuple,
  type Type,
  TypeKind,
  TypeName,
  Var,
  VarKind,
} from "./types.ts";

/** The predeclared types by BasicKind. */
export const Typ: readonly Basic[] = [
  new Basic(BasicKind.Invalid, BasicInfo.None, "invalid type"),
  new Basic(BasicKind.Bool, BasicInfo.Boolean, "bool"),
  new Basic(BasicKind.Int, BasicInfo.Integer, "int"),
  new Basic(BasicKind.Int8, BasicInfo.Integer, "int8"),
  new Basic(BasicKind.Int16, BasicInfo.Integer, "int16"),
  new Basic(BasicKind.Int32, BasicInfo.Integer, "int32"),
  new Basic(BasicKind.Int64, BasicInfo.Integer, "int64"),
  new Basic(BasicKind.Uint, BasicInfo.Integer | BasicInfo.Unsigned, "uint"),
  new Basic(BasicKind.Uint8, BasicInfo.Integer | BasicInfo.Unsigned, "uint8"),
  new Basic(BasicKind.Uint16, BasicInfo.Integer | BasicInfo.Unsigned, "uint16"),
  new Basic(BasicKind.Uint32, BasicInfo.Integer | BasicInfo.Unsigned, "uint32"),
  new Basic(BasicKind.Uint64, BasicInfo.Integer | BasicInfo.Unsigned, "uint64"),
  new Basic(BasicKind.Uintptr, BasicInfo.Integer | BasicInfo.Unsigned, "uintptr"),
  new Basic(BasicKind.Float32, BasicInfo.Float, "float32"),
  new Basic(BasicKind.Float64, BasicInfo.Float, "float64"),
  new Basic(BasicKind.Complex64, BasicInfo.Complex, "complex64"),
  new Basic(BasicKind.Complex128, BasicInfo.Complex, "complex128"),
  new Basic(BasicKind.String, BasicInfo.String, "string"),
  new Basic(BasicKind.UnsafePointer, BasicInfo.None, "Pointer"),
  new Basic(BasicKind.UntypedBool, BasicInfo.Boolean | BasicInfo.Untyped, "untyped bool"),
  new Basic(BasicKind.UntypedInt, BasicInfo.Integer | BasicInfo.Untyped, "untyped int"),
  new Basic(BasicKind.UntypedRune, BasicInfo.Integer | BasicInfo.Untyped, "untyped rune"),
  new Basic(BasicKind.UntypedFloat, BasicInfo.Float | BasicInfo.Untyped, "untyped float"),
  new Basic(BasicKind.UntypedComplex, BasicInfo.Complex | BasicInfo.Untyped, "untyped complex"),
  new Basic(BasicKind.UntypedString, BasicInfo.String | BasicInfo.Untyped, "untyped string"),
  new Basic(BasicKind.UntypedNil, BasicInfo.Untyped, "untyped nil"),
];

/** Identical to uint8 and int32, with names of their own in messages. */
export const universeByte: Basic = new Basic(BasicKind.Uint8, BasicInfo.Integer | BasicInfo.Unsigned, "byte");
export const universeRune: Basic = new Basic(BasicKind.Int32, BasicInfo.Integer, "rune");
export const universeBool: Basic = Typ[BasicKind.Bool];

/** How a builtin call may be used (types2/expr.go exprKind). */
export const enum ExprKind {
  Conversion,
  Expression,
  Statement,
}

export const enum BuiltinId {
  Append,
  Cap,
  Clear,
  Close,
  Complex,
  Copy,
  Delete,
  Imag,
  Len,
  Make,
  Max,
  Min,
  New,
  Panic,
  Print,
  Println,
  Real,
  Recover,
  // package unsafe
  Add,
  Alignof,
  Offsetof,
  Sizeof,
  Slice,
  SliceData,
  String,
  StringData,
}

export interface PredeclaredFunc {
  readonly name: string;
  /** The fewest arguments it takes. */
  readonly nargs: number;
  readonly variadic: boolean;
  readonly kind: ExprKind;
}

function builtin(name: string, nargs: number, variadic: boolean, kind: ExprKind): PredeclaredFunc {
  return { name, nargs, variadic, kind };
}

/** By BuiltinId. */
export const predeclaredFuncs: readonly PredeclaredFunc[] = [
  builtin("append", 1, true, ExprKind.Expression),
  builtin("cap", 1, false, ExprKind.Expression),
  builtin("clear", 1, false, ExprKind.Statement),
  builtin("close", 1, false, ExprKind.Statement),
  builtin("complex", 2, false, ExprKind.Expression),
  builtin("copy", 2, false, ExprKind.Statement),
  builtin("delete", 2, false, ExprKind.Statement),
  builtin("imag", 1, false, ExprKind.Expression),
  builtin("len", 1, false, ExprKind.Expression),
  builtin("make", 1, true, ExprKind.Expression),
  builtin("max", 1, true, ExprKind.Expression),
  builtin("min", 1, true, ExprKind.Expression),
  builtin("new", 1, false, ExprKind.Expression),
  builtin("panic", 1, false, ExprKind.Statement),
  builtin("print", 0, true, ExprKind.Statement),
  builtin("println", 0, true, ExprKind.Statement),
  builtin("real", 1, false, ExprKind.Expression),
  builtin("recover", 0, false, ExprKind.Statement),
  builtin("Add", 2, false, ExprKind.Expression),
  builtin("Alignof", 1, false, ExprKind.Expression),
  builtin("Offsetof", 1, false, ExprKind.Expression),
  builtin("Sizeof", 1, false, ExprKind.Expression),
  builtin("Slice", 2, false, ExprKind.Expression),
  builtin("SliceData", 1, false, ExprKind.Expression),
  builtin("String", 2, false, ExprKind.Expression),
  builtin("StringData", 1, false, ExprKind.Expression),
];

export const Universe: Scope = new Scope(null, NoPos, NoPos);
/** The package of the import path "unsafe". */
export const Unsafe: Package = new Package("unsafe", "unsafe", Universe);
Unsafe.complete = true;

function define(obj: Obj): void {
  Universe.insert(obj);
}

for (const type of Typ) {
  if (type.name.includes(" ")) continue; // cannot be named in source
  if (type.basic === BasicKind.UnsafePointer) Unsafe.scope.insert(new TypeName(NoPos, Unsafe, type.name, type));
  else define(new TypeName(NoPos, null, type.name, type));
}
define(new TypeName(NoPos, null, universeByte.name, universeByte));
define(new TypeName(NoPos, null, universeRune.name, universeRune));

/** `type any = interface{}`; messages recognise this very Interface and say `any`. */
const anyInterface = new Interface();
anyInterface.complete = true;
anyInterface.typeSet = topTypeSet;
export const universeAnyAlias: TypeName = new TypeName(NoPos, null, "any", null);
new Alias(universeAnyAlias, anyInterface).actual = anyInterface;
define(universeAnyAlias);

function predeclaredInterface(name: string, fill: (type: Interface, named: Named) => void): TypeName {
  const obj = new TypeName(NoPos, null, name, null);
  const named = new Named(obj);
  const type = new Interface();
  type.complete = true;
  fill(type, named);
  named.fromRHS = type;
  define(obj);
  return obj;
}

/** `type error interface{ Error() string }` */
export const universeError: Type = predeclaredInterface("error", (type, named) => {
  const signature = new Signature();
  signature.recv = new Var(NoPos, null, "", named, VarKind.RecvVar);
  signature.results = new Tuple([new Var(NoPos, null, "", Typ[BasicKind.String], VarKind.ResultVar)]);
  type.methods = [new Func(NoPos, null, "Error", signature)];
  type.typeSet = new TypeSet(type.methods, allTermlist, false);
}).type!;

/** `type comparable interface{}`, marked as comparable. */
export const universeComparable: TypeName = predeclaredInterface("comparable", (type) => {
  type.typeSet = new TypeSet([], allTermlist, true);
});

export const universeIota: Const = new Const(NoPos, null, "iota", Typ[BasicKind.UntypedInt], 0n);
define(new Const(NoPos, null, "true", Typ[BasicKind.UntypedBool], true));
define(new Const(NoPos, null, "false", Typ[BasicKind.UntypedBool], false));
define(universeIota);
define(new Nil(NoPos, null, "nil", Typ[BasicKind.UntypedNil]));

for (let id = 0; id < predeclaredFuncs.length; id++) {
  const obj = new Builtin(predeclaredFuncs[id].name, id);
  obj.type = Typ[BasicKind.Invalid];
  if (id < BuiltinId.Add) define(obj);
  else {
    obj.pkg = Unsafe;
    Unsafe.scope.insert(obj);
  }
}

/** The Interface that `any` stands for. */
export function isUniverseAny(t: Type): boolean {
  return t === anyInterface;
}

/** The Interface under `comparable`. */
export function isUniverseComparable(t: Type): boolean {
  const type = universeComparable.type;
  return type?.kind === TypeKind.Named && t === type.fromRHS;
}
