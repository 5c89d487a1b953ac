/** Types, objects, scopes and packages: the data of the checker, shaped after cmd/compile/internal/types2.
 *
 *  Only data and trivial accessors live here; what is computed from it lives in the file named after the notion
 *  (predicates, lookup, subst, infer, typeset, sizes …). A Named, Alias or Scope may be lazy: it then resolves
 *  through `underlying()`, `lookup()` and the like, so use those accessors, not the fields. */
import type { Value } from "../base/constant.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import type { ChanDir, FuncDecl } from "../syntax/ast.ts";
import type { Checker } from "./check.ts";
import type { Context } from "./context.ts";
import type { TypeCopies } from "./copies.ts";
import type { PackageReader } from "./summary-read.ts";
import type { TypeSet } from "./tset.ts";

declare module "../syntax/ast.ts" {
  interface Checked {
    type: Type;
    obj: Obj;
    selection: Selection;
    variable: Var;
  }
}

// ---------------------------------------------------------------------------------------------------- types

export const enum TypeKind {
  Basic,
  Array,
  Slice,
  Struct,
  Pointer,
  Tuple,
  Signature,
  Union,
  Interface,
  Map,
  Chan,
  Named,
  TypeParam,
  Alias,
}

export type Type =
  | Basic
  | ArrayT
  | Slice
  | Struct
  | Pointer
  | Tuple
  | Signature
  | Union
  | Interface
  | MapT
  | Chan
  | Named
  | TypeParam
  | Alias;

export const enum BasicKind {
  Invalid,
  Bool,
  Int,
  Int8,
  Int16,
  Int32,
  Int64,
  Uint,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Uintptr,
  Float32,
  Float64,
  Complex64,
  Complex128,
  String,
  UnsafePointer,
  UntypedBool,
  UntypedInt,
  UntypedRune,
  UntypedFloat,
  UntypedComplex,
  UntypedString,
  UntypedNil,
}

export const enum BasicInfo {
  None = 0,
  Boolean = 1,
  Integer = 2,
  Unsigned = 4,
  Float = 8,
  Complex = 16,
  String = 32,
  Untyped = 64,
  Ordered = Integer | Float | String,
  Numeric = Integer | Float | Complex,
  ConstType = Boolean | Numeric | String,
}

export class Basic {
  readonly kind = TypeKind.Basic;
  constructor(
    readonly basic: BasicKind,
    readonly info: BasicInfo,
    /** `byte` and `rune` are Basics of their own with the kinds of uint8 and int32. */
    readonly name: string,
  ) {}
}

export class ArrayT {
  readonly kind = TypeKind.Array;
  constructor(
    readonly elem: Type,
    /** Element count; -1 while unknown (an error was reported). */
    public len: number,
  ) {}
}

export class Slice {
  readonly kind = TypeKind.Slice;
  constructor(readonly elem: Type) {}
}

export class Struct {
  readonly kind = TypeKind.Struct;
  fields: Var[] = [];
  /** Field tags by index, unquoted; shorter when the last fields have none. */
  tags: string[] = [];
}

export class Pointer {
  readonly kind = TypeKind.Pointer;
  constructor(public base: Type) {}
}

export class Tuple {
  readonly kind = TypeKind.Tuple;
  constructor(readonly vars: readonly Var[]) {}
}

export const emptyTuple: Tuple = new Tuple([]);

export class Signature {
  readonly kind = TypeKind.Signature;
  /** Type parameters of the function; empty if none. */
  tparams: readonly TypeParam[] = [];
  /** Type parameters of the receiver. */
  rparams: readonly TypeParam[] = [];
  scope: Scope | null = null;
  recv: Var | null = null;
  params: Tuple = emptyTuple;
  results: Tuple = emptyTuple;
  variadic = false;
}

export class Union {
  readonly kind = TypeKind.Union;
  /** Computed on demand (typeset.ts, computeUnionTypeSet). */
  typeSet: TypeSet | null = null;
  constructor(readonly terms: readonly Term[]) {}
}

export class Term {
  constructor(
    readonly tilde: boolean,
    public type: Type,
  ) {}
}

export class Interface {
  readonly kind = TypeKind.Interface;
  /** Explicitly declared methods, in source order. */
  methods: Func[] = [];
  embeddeds: Type[] = [];
  embedPos: Pos[] = [];
  /** The wrapper of a type-set literal in a constraint: `[P ~int]`. */
  implicit = false;
  complete = false;
  /** Once computed; use `typeSet()` of typeset.ts. */
  typeSet: TypeSet | null = null;
  /** Reports the errors that the type set's computation finds; null once checked. */
  check: Checker | null = null;
}

export class MapT {
  readonly kind = TypeKind.Map;
  constructor(
    public key: Type,
    public elem: Type,
  ) {}
}

export class Chan {
  readonly kind = TypeKind.Chan;
  constructor(
    readonly dir: ChanDir,
    public elem: Type,
  ) {}
}

/** A defined type, generic or not, or an instance of a generic one. Instances of identical arguments are one
 *  object within a {@link Context}. How it expands lazily is the business of named.ts. */
export class Named {
  readonly kind = TypeKind.Named;
  /** Of an instance: a name of its own at the place of the instantiation; the declaration is `orig.obj`. */
  obj: TypeName;
  /** Right-hand side of the declaration, null until known. */
  fromRHS: Type | null = null;
  /** The underlying type once resolved; use `under()`. */
  underlyingType: Type | null = null;
  /** Use `typeParams()` of named.ts. */
  tparams: readonly TypeParam[] = [];
  /** Declared methods in source order; for instances filled on demand. Use methodAt/numMethods of named.ts. */
  methods: Func[] = [];
  /** Of an instance: its generic type, arguments and expansion state. */
  orig: Named;
  targs: readonly Type[] = [];
  /** Fills in `fromRHS`, `tparams` and `methods` of a lazily imported type; null once done. */
  loader: ((named: Named) => void) | null = null;
  /** Owned by named.ts (NamedState). */
  state = 0;
  /** Of an instance: where the instances made during its expansion are kept; null once it is fully expanded. */
  expansion: Context | null = null;
  /** Of an instance: how many of its methods are made. */
  expandedMethods = 0;
  /** Whether values have a finite size; valid once `state` says so. */
  finite = false;
  /** The checker of the type's package while that is being checked. */
  check: Checker | null = null;
  /** Dense number per process, used by hashing and as a stable key. */
  readonly id: number;
  constructor(obj: TypeName) {
    this.obj = obj;
    this.orig = this;
    this.id = nextTypeId++;
    if (obj.type === null) obj.type = this;
  }
}

let nextTypeId = 1;

export class TypeParam {
  readonly kind = TypeKind.TypeParam;
  readonly id: number;
  obj: TypeName;
  /** Position in its list; -1 until bound. */
  index = -1;
  /** Any type; its underlying Interface is the constraint interface. */
  bound: Type | null;
  check: Checker | null = null;
  constructor(obj: TypeName, bound: Type | null) {
    this.obj = obj;
    this.bound = bound;
    this.id = nextTypeId++;
    if (obj.type === null) obj.type = this;
  }
}

export class Alias {
  readonly kind = TypeKind.Alias;
  obj: TypeName;
  orig: Alias;
  tparams: readonly TypeParam[] = [];
  targs: readonly Type[] = [];
  fromRHS: Type | null;
  /** The type after following all aliases; null until computed (alias.ts, unalias). */
  actual: Type | null = null;
  loader: ((alias: Alias) => void) | null = null;
  constructor(obj: TypeName, rhs: Type | null) {
    this.obj = obj;
    this.orig = this;
    this.fromRHS = rhs;
    if (obj.type === null) obj.type = this;
  }
}

// ---------------------------------------------------------------------------------------------------- objects

export const enum ObjKind {
  PkgName,
  Const,
  TypeName,
  Var,
  Func,
  Label,
  Builtin,
  Nil,
}

export type Obj = PkgName | Const | TypeName | Var | Func | Label | Builtin | Nil;

abstract class ObjBase {
  abstract readonly kind: ObjKind;
  /** Scope that declares the object; null for methods and struct fields. */
  parent: Scope | null = null;
  /** Place of the identifier in its declaration. */
  pos: Pos;
  /** null for labels and universe objects. */
  pkg: Package | null;
  readonly name: string;
  type: Type | null;
  /** Source order of package-level objects, > 0; 0 for others. */
  order = 0;
  /** From here on the object is visible in its function scope. */
  scopePos: Pos = NoPos;
  constructor(pos: Pos, pkg: Package | null, name: string, type: Type | null) {
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.type = type;
  }
}

export class PkgName extends ObjBase {
  readonly kind = ObjKind.PkgName;
  used = false;
  constructor(
    pos: Pos,
    pkg: Package | null,
    name: string,
    readonly imported: Package,
  ) {
    super(pos, pkg, name, null);
  }
}

export class Const extends ObjBase {
  readonly kind = ObjKind.Const;
  constructor(
    pos: Pos,
    pkg: Package | null,
    name: string,
    type: Type | null,
    public val: Value | null,
  ) {
    super(pos, pkg, name, type);
  }
}

export class TypeName extends ObjBase {
  readonly kind = ObjKind.TypeName;
  /** Number of a type declared in a function, unique in the package: the `·N` of link strings; 0 otherwise. */
  localIndex = 0;
}

export const enum VarKind {
  PackageVar,
  LocalVar,
  RecvVar,
  ParamVar,
  ResultVar,
  FieldVar,
}

export class Var extends ObjBase {
  readonly kind = ObjKind.Var;
  varKind: VarKind;
  embedded = false;
  used = false;
  /** The field or parameter of the generic type that this one is an instance of; itself otherwise. */
  origin: Var;
  constructor(pos: Pos, pkg: Package | null, name: string, type: Type | null, varKind: VarKind) {
    super(pos, pkg, name, type);
    this.varKind = varKind;
    this.origin = this;
  }
}

export class Func extends ObjBase {
  readonly kind = ObjKind.Func;
  /** Only trustworthy once the receiver is known: a method declared on a pointer receiver. */
  hasPtrRecv = false;
  origin: Func;
  /** The declaration when its source is at hand. */
  decl: FuncDecl | null = null;
  /** What a package summary says of an imported function; null for functions of the package under analysis. */
  summary: FuncSummary | null = null;
  declare type: Signature | null;
  constructor(pos: Pos, pkg: Package | null, name: string, type: Signature | null) {
    super(pos, pkg, name, type);
    this.origin = this;
  }
}

/** Facts about an imported function that the analysis of its callers needs. */
export interface FuncSummary {
  /** Escape tag of each parameter, receiver first ("" is: leaks to the heap); escape/leaks.ts knows the form. */
  readonly tags: readonly string[];
  /** Pragma bits (ir/pragma.ts). */
  readonly pragma: number;
  /** What inlining the function costs, and whether its results can wait for its return statement to be declared; null
   *  if it cannot be inlined. */
  readonly inl: { readonly cost: number; readonly canDelayResults: boolean } | null;
}

export class Label extends ObjBase {
  readonly kind = ObjKind.Label;
  used = false;
}

export class Builtin extends ObjBase {
  readonly kind = ObjKind.Builtin;
  constructor(
    name: string,
    /** A BuiltinId of universe.ts. */
    readonly id: number,
  ) {
    super(NoPos, null, name, null);
  }
}

export class Nil extends ObjBase {
  readonly kind = ObjKind.Nil;
}

// ---------------------------------------------------------------------------------------------------- scopes

/** Makes the objects of a package scope when they are first looked up. */
export interface ObjectLoader {
  load(name: string): Obj | null;
  /** The object is exported, or exported ones lead to it. */
  visible(name: string): boolean;
  /** All names, in the order of declaration. */
  names(): readonly string[];
}

export class Scope {
  parent: Scope | null;
  readonly children: Scope[] = [];
  /** Extent in the source; NoPos for universe and package scopes. */
  pos: Pos;
  end: Pos;
  isFunc = false;
  /** null while empty, as most block scopes are. */
  private elems: Map<string, Obj | (() => Obj)> | null = null;
  /** Of the scope of an imported package: brings its objects one by one. */
  loader: ObjectLoader | null = null;
  constructor(parent: Scope | null, pos: Pos, end: Pos) {
    this.parent = parent;
    this.pos = pos;
    this.end = end;
  }

  get size(): number {
    return this.loader === null ? (this.elems?.size ?? 0) : this.loader.names().length;
  }

  lookup(name: string): Obj | null {
    const elems = this.elems;
    if (elems === null && this.loader === null) return null;
    const found = elems?.get(name);
    if (found !== undefined && typeof found !== "function") return found;
    const obj = found !== undefined ? found() : this.loader !== null ? this.loader.load(name) : null;
    if (obj === null) return null;
    this.set(name, obj);
    if (obj.parent === null) obj.parent = this;
    return obj;
  }

  /** Like lookup, for a name in front of which the package is written: of the unexported objects of an imported
   *  package, the compiler only knows those that exported ones lead to. */
  lookupQualified(name: string): Obj | null {
    return this.loader !== null && !this.loader.visible(name) ? null : this.lookup(name);
  }

  /** Follows the parents; `pos` hides objects declared later in function scopes (NoPos: hides nothing). */
  lookupParent(name: string, pos: Pos): { scope: Scope; obj: Obj } | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const obj = scope.lookup(name);
      if (obj !== null && (pos === NoPos || obj.scopePos <= pos)) return { scope, obj };
    }
    return null;
  }

  /** Declares `obj`; returns the object already there under that name, null when there was none. */
  insert(obj: Obj): Obj | null {
    const alt = this.lookup(obj.name);
    if (alt !== null) return alt;
    this.set(obj.name, obj);
    if (obj.parent === null) obj.parent = this;
    return null;
  }

  /** Declares a name whose object is made when it is first looked up. */
  insertLazy(name: string, resolve: () => Obj): void {
    if (this.elems?.has(name) !== true) this.set(name, resolve);
  }

  private set(name: string, obj: Obj | (() => Obj)): void {
    if (this.elems === null) this.elems = new Map();
    this.elems.set(name, obj);
  }

  /** All names, in the order of declaration. */
  declaredNames(): Iterable<string> {
    return this.loader === null ? (this.elems?.keys() ?? []) : this.loader.names();
  }

  /** All objects, in the order of declaration. */
  *objects(): IterableIterator<Obj> {
    for (const name of this.declaredNames()) yield this.lookup(name)!;
  }

  /** What {@link objects} goes through, without resolving lazy objects. */
  entries(): Iterable<Obj | (() => Obj)> {
    return this.elems?.values() ?? [];
  }

  /** All names, sorted. */
  names(): string[] {
    return [...this.declaredNames()].sort();
  }
}

// ---------------------------------------------------------------------------------------------------- packages

export const noTypeCopies: TypeCopies = { literals: new Set(), instances: [], mentions: new Map() };

export class Package {
  readonly scope: Scope;
  private importList: Package[] | (() => Package[]) = [];
  complete = false;
  /** Made up after a failed import; errors about its members are not reported. */
  fake = false;
  /** `go1.N` of the module, "" if unknown. */
  goVersion = "";
  /** Of a package that was read from a summary: where else things are found out about it. */
  summary: PackageReader | null = null;
  /** Functions of other packages that have been inlined in this one (`path name`): its importers can get at their
   *  bodies even if they do not import these packages. Under a profile also declarations that export data brings and
   *  that the profile sees called (`decl path name`). */
  private inlined: ReadonlySet<string> | (() => ReadonlySet<string>) = noInlinedBodies;
  private copies: TypeCopies | (() => TypeCopies) = noTypeCopies;
  /** Of an imported package: brings the checked declaration, with body, of one of its (generic) functions. */
  loadFuncDecl: ((fn: Func) => FuncDecl | null) | null = null;
  constructor(
    readonly path: string,
    public name: string,
    universe: Scope | null,
  ) {
    this.scope = new Scope(universe, NoPos, NoPos);
  }

  /** The packages imported directly. A function given instead of them is called when they are first asked for. */
  get imports(): Package[] {
    if (typeof this.importList === "function") this.importList = this.importList();
    return this.importList;
  }

  set imports(list: Package[] | (() => Package[])) {
    this.importList = list;
  }

  get inlinedBodies(): ReadonlySet<string> {
    if (typeof this.inlined === "function") this.inlined = this.inlined();
    return this.inlined;
  }

  set inlinedBodies(set: ReadonlySet<string> | (() => ReadonlySet<string>)) {
    this.inlined = set;
  }

  /** Types that the compiler's export data hold several times. */
  get typeCopies(): TypeCopies {
    if (typeof this.copies === "function") this.copies = this.copies();
    return this.copies;
  }

  set typeCopies(copies: TypeCopies | (() => TypeCopies)) {
    this.copies = copies;
  }
}

const noInlinedBodies: ReadonlySet<string> = new Set();

export const enum SelectionKind {
  FieldVal,
  MethodVal,
  MethodExpr,
}

/** What `x.f` selects (types2/selection.go). */
export class Selection {
  constructor(
    readonly kind: SelectionKind,
    readonly recv: Type,
    readonly obj: Var | Func,
    /** Field indices from `recv` to the field or method; the last is the field's or method's own. */
    readonly index: readonly number[],
    /** A pointer was followed on the way. */
    readonly indirect: boolean,
  ) {}
}
