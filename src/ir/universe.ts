/** Predeclared types and pseudo-packages of one run (types/universe.go, typecheck/universe.go, ir/package.go). Types
 *  cache sizes, which depend on the target, so every run has its own. */
import { newInterface, newPtr, newSignature } from "./newtype.ts";
import { Field, Pkg, Sym, TKind, Type } from "./types.ts";

/** Names of the basic kinds; "" for kinds that are composed. */
export const basicTypeNames: readonly string[] = [
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "int",
  "uint",
  "uintptr",
  "complex64",
  "complex128",
  "float32",
  "float64",
  "bool",
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  "string",
  "unsafe.Pointer",
  "untyped number",
  "nil",
  "blank",
  "",
];

export class Universe {
  /** By TKind: the predeclared type of every basic kind, and those of UNSAFEPTR, NIL and BLANK. */
  readonly types: readonly Type[];
  readonly byteType: Type;
  readonly runeType: Type;
  readonly anyType: Type;
  readonly errorType: Type;
  readonly untypedBool: Type;
  readonly untypedInt: Type;
  readonly untypedRune: Type;
  readonly untypedFloat: Type;
  readonly untypedComplex: Type;
  readonly untypedString: Type;
  /** The type literal `interface {}`. */
  readonly emptyInterface: Type = newInterface([]);
  /** Home of methods of predeclared types: `error.Error`. */
  readonly builtinPkg = new Pkg("go.builtin", "");
  readonly unsafePkg = new Pkg("unsafe", "unsafe");
  readonly shapePkg = new Pkg("go.shape", "go.shape");
  /** Home of symbols of unnamed types: `struct{…}.M`. */
  readonly goPkg = new Pkg("go", "");
  /** Receiver type of interface methods. */
  readonly fakeRecvType: Type;

  constructor() {
    const types: Type[] = [];
    for (let kind = 0; kind < basicTypeNames.length; kind++) {
      const name = basicTypeNames[kind];
      if (name === "") continue;
      const t = new Type(kind);
      t.sym = kind === TKind.UNSAFEPTR ? new Sym(this.unsafePkg, "Pointer") : new Sym(null, name);
      types[kind] = t;
    }
    this.types = types;
    this.byteType = predeclared(TKind.UINT8, "byte");
    this.runeType = predeclared(TKind.INT32, "rune");
    this.anyType = predeclared(TKind.INTER, "any");
    this.untypedBool = predeclared(TKind.BOOL, "untyped bool");
    this.untypedInt = predeclared(TKind.IDEAL, "untyped int");
    this.untypedRune = predeclared(TKind.IDEAL, "untyped rune");
    this.untypedFloat = predeclared(TKind.IDEAL, "untyped float");
    this.untypedComplex = predeclared(TKind.IDEAL, "untyped complex");
    this.untypedString = predeclared(TKind.STRING, "untyped string");
    this.fakeRecvType = newPtr(new Type(TKind.STRUCT));
    const errorType = predeclared(TKind.INTER, "error");
    const sig = newSignature(new Field(0, null, this.fakeRecvType), [], [new Field(0, null, types[TKind.STRING])]);
    const underlying = newInterface([new Field(0, new Sym(null, "Error"), sig)]);
    errorType.underlying = underlying;
    errorType.fields = underlying.fields;
    this.errorType = errorType;
  }
}

function predeclared(kind: TKind, name: string): Type {
  const t = new Type(kind);
  t.sym = new Sym(null, name);
  return t;
}
