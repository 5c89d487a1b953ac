/** Types of the compiler's tree (cmd/compile/internal/types/type.go): instantiated, without aliases, monomorphic.
 *
 *  The checker's types describe generic source; these describe what is compiled: every type parameter is replaced,
 *  by a shape (`go.shape.int`) inside shaped functions. Two types are identical when their {@link linkString}s are. */
import type { Pos } from "../base/pos.ts";
import type { ChanDir } from "../syntax/ast.ts";

export const enum TKind {
  INT8,
  UINT8,
  INT16,
  UINT16,
  INT32,
  UINT32,
  INT64,
  UINT64,
  INT,
  UINT,
  UINTPTR,
  COMPLEX64,
  COMPLEX128,
  FLOAT32,
  FLOAT64,
  BOOL,
  PTR,
  FUNC,
  SLICE,
  ARRAY,
  STRUCT,
  CHAN,
  MAP,
  INTER,
  STRING,
  UNSAFEPTR,
  /** Types of literals before conversion (untyped nil and the rest). */
  IDEAL,
  NIL,
  BLANK,
  /** Several results of a call. */
  TUPLE,
}

/** A package as symbols are qualified with it: printed by name, linked by path. */
export class Pkg {
  private readonly syms = new Map<string, Sym>();
  constructor(
    readonly path: string,
    readonly name: string,
  ) {}

  /** The symbol `name` of this package; always the same object. */
  lookup(name: string): Sym {
    let sym = this.syms.get(name);
    if (sym === undefined) {
      sym = new Sym(this, name);
      this.syms.set(name, sym);
    }
    return sym;
  }

  /** The types that symbols of this package stand for, instances and types of functions included. */
  *definedTypes(): IterableIterator<Type> {
    for (const { def } of this.syms.values()) if (def instanceof Type) yield def;
  }
}

/** An identifier in a package: functions, methods, types, fields and variables are told apart by it. */
export class Sym {
  constructor(
    /** null for universe symbols. */
    readonly pkg: Pkg | null,
    readonly name: string,
  ) {}

  /** What the symbol stands for: a Name (variable, function) or a Type. Typed loosely to keep types below nodes. */
  def: unknown = null;
}

/** A struct field, a parameter, or a method of an interface or a named type. */
export class Field {
  /** Byte offset in its struct; -1 until laid out. */
  offset = -1;
  embedded = false;
  /** Struct tag, unquoted, as bytes. */
  note = "";
  isDDD = false;
  /** Of a promoted method in {@link Type.allMethods}: 1, or 2 when the path to it follows a pointer; 0 if declared. */
  promoted = 0;
  /** Of a method: the function's Name node, null for interface methods. Typed loosely to keep types below nodes. */
  nname: unknown = null;
  constructor(
    readonly pos: Pos,
    readonly sym: Sym | null,
    readonly type: Type,
  ) {}
}

export class Type {
  readonly kind: TKind;
  /** Symbol of a named type (predeclared, defined, or shape); null for type literals. */
  sym: Sym | null = null;
  /** Pointer, slice, array, chan and map element. */
  elem: Type | null = null;
  /** Map key. */
  key: Type | null = null;
  /** Array length. */
  len = 0;
  dir: ChanDir = 0;
  /** Struct fields; of an interface all its methods, embedded ones included, sorted. */
  fields: Field[] = [];
  /** Function signature; the receiver counts in `recv` only. */
  recv: Field | null = null;
  params: Field[] = [];
  results: Field[] = [];
  variadic = false;
  /** Underlying type; itself for type literals. A named type has the components (elem, key, len, fields, params …) of
   *  its underlying type as well: setUnderlying copies them. */
  underlying: Type;
  private ownMethods: Field[] = [];
  private makeMethods: (() => Field[]) | null = null;
  /** Number of a function-local type: the `·N` of its link string; 0 for others. */
  vargen = 0;
  /** Methods with those that embedding promotes, sorted; null until computed (noder/methods.ts). */
  allMethods: Field[] | null = null;
  isShape = false;
  /** The type mentions a shape anywhere. */
  hasShape = false;
  /** An instance of a generic type: its methods are made by every package that mentions it. */
  isFullyInstantiated = false;
  /** A defined type whose underlying type is known; true for all others. */
  complete = true;
  // Caches; negative or null until computed.
  sizeCache = -1;
  alignCache = -1;
  /** Bytes of the prefix that can hold pointers; 0 means pointer-free. */
  ptrDataCache = -1;
  linkStringCache: string | null = null;
  /** How values are compared and hashed (AlgKind of reflectdata/algtype.ts). */
  algCache = -1;
  /** 1 if values must not live in the garbage-collected heap (internal/runtime/sys.NotInHeap within), 0 if not. */
  notInHeapCache = -1;
  /** The one `*T` and the one `[]T` of this type; made by newPtr and newSlice. */
  ptrTo: Type | null = null;
  sliceOf: Type | null = null;
  pos: Pos = 0;
  /** Methods declared on a named type, sorted as the compiler sorts them. */
  get methods(): Field[] {
    const make = this.makeMethods;
    if (make !== null) {
      this.makeMethods = null;
      this.ownMethods = make();
    }
    return this.ownMethods;
  }

  set methods(methods: Field[]) {
    this.ownMethods = methods;
  }

  /** Gives the type methods that are made when somebody asks for them. */
  deferMethods(make: () => Field[]): void {
    this.makeMethods = make;
  }

  constructor(kind: TKind) {
    this.kind = kind;
    this.underlying = this;
  }
}
