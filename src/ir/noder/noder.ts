/** State of lowering one package from the checked syntax tree to the compiler's tree.
 *
 *  The compiler gets there in two steps: noder/writer.go serialises what types2 found out, noder/reader.go reads it
 *  back, once for every instance of a generic function. Here the second step works on the checked tree itself. What
 *  the reader does when it *first* meets a type or an object shows in the output (which instances exist, and in which
 *  order functions are compiled), so lowering asks for types and objects exactly when the reader would: see
 *  {@link Reader}.
 *
 *  Where what lives: types.ts (`typ`, `signature`), objects.ts (`objIdx`: functions, variables, types and their
 *  instances), dict.ts (what a generic declaration records), instances.ts (`funcInst`, `methodExpr`), closures.ts
 *  (`funcLit`, `curry`), bodies.ts (`readBodies`), wrappers.ts, package.ts (`lowerPackage`). */

import { InternalError } from "../../base/diag.ts";
import { defaultMinor, type GoRules, goRules } from "../../base/goversion.ts";
import { type FileSet, formatPosition, NoPos, type Pos } from "../../base/pos.ts";
import { type DebugSwitches, defaultSwitches } from "../../base/switches.ts";
import type { BlockStmt, FuncDecl, FuncLit } from "../../syntax/ast.ts";
import type * as types from "../../types/types.ts";
import { type Func, Name, type Node } from "../node.ts";
import { RuntimeTypes } from "../reflectdata/runtimetypes.ts";
import type { StaticStore } from "../staticinit/schedule.ts";
import type { Target } from "../target.ts";
import { isExported } from "../typeops.ts";
import { Field, Pkg, type Sym, TKind, type Type } from "../types.ts";
import { Universe } from "../universe.ts";
import { CopiesRead } from "./copies.ts";
import type { ReaderDict, WriterDict } from "./dict.ts";
import type { LowerPart } from "./part.ts";
import { CondSimplifier } from "./static.ts";
import type { Capture } from "./writer.ts";

/** A package as the compiler compiles it (ir.Package). */
export class IrPackage {
  /** All functions in the order in which they are compiled: `init`, declared ones, closures, instances, wrappers. */
  readonly funcs: Func[] = [];
  /** Initialisers: the synthetic `init`, then `init.0`, `init.1` … */
  readonly inits: Func[] = [];
  readonly externs: Name[] = [];
  /** What the linker knows of the initial values of {@link externs}, and of variables that these refer to. */
  staticStores: readonly StaticStore[] = [];
  constructor(readonly pkg: Pkg) {}
}

/** How to make the body of a function that has been declared. */
export interface BodyRef {
  readonly p: PkgReader;
  readonly dict: ReaderDict | null;
  /** The declaration that the body belongs to (Noder.element). */
  readonly element: string;
  /** Symbol of the method; null for functions and closures. */
  readonly methodSym: Sym | null;
  /** null in literals that the source does not have. */
  readonly sig: types.Signature | null;
  /** null: the function has no body. */
  readonly block: BlockStmt | null;
  /** Of a function literal: what its captured variables stand for, in their order; the dictionary comes after. */
  readonly captures: readonly Capture[];
  /** Of a literal that the source does not have: makes its body, for readers with these captured variables. */
  readonly synthetic: ((r: Reader, captured: readonly Name[]) => void) | null;
  /** The text that the body comes from. */
  readonly start: Pos;
  readonly end: Pos;
}

/** A call that was inlined (obj.InlinedCall). */
export interface InlinedCall {
  /** The inlining that brought the call; -1 if it stands in the function itself. */
  readonly parent: number;
  /** Number of the call among all that were inlined. */
  readonly ordinal: number;
  readonly callee: Func;
}

/** What is different in the body of a function that is inlined. */
export interface Inlining {
  /** The number of its positions. */
  readonly index: number;
  readonly caller: Func;
  /** Number of the call, for labels. */
  readonly gen: number;
}

/** A use of a method as a value: its wrapper `T.M-fm` has to exist. */
export interface MethodValueWrapper {
  readonly rcvr: Type;
  readonly method: Field;
}

/** One package as a source of declarations (noder.pkgReader): the one that is compiled or an imported one. */
export class PkgReader {
  /** Non-generic types read so far. Keyed by the checker's object: two objects of identical types are two entries. */
  readonly types = new Map<types.Type, Type>();
  /** What generic declarations of the package record, by object (a function or a type). */
  readonly dicts = new Map<types.Obj, WriterDict>();
  /** What function literals capture (writer.ts). */
  readonly captures = new Map<FuncLit, readonly Capture[]>();
  /** Type parameters in scope at the declaration of each local type of a generic function. */
  readonly implicits = new Map<types.TypeName, readonly types.TypeParam[]>();
  /** Declarations of functions and methods: all of the package that is compiled, of others those asked for. */
  readonly funcDecls = new Map<types.Func, FuncDecl>();
  /** Of an imported package whose export data hold types several times. */
  readonly copies: CopiesRead | null = null;
  constructor(
    readonly n: Noder,
    /** null for the universe and package unsafe. */
    readonly pkg: types.Package | null,
    readonly irPkg: Pkg,
    readonly isLocal: boolean,
  ) {
    if (isLocal || pkg === null) return;
    const { mentions } = pkg.typeCopies;
    if (mentions.size > 0) this.copies = new CopiesRead(pkg, mentions, this.types);
  }
}

/** The run-time dictionary of an instance. */
export interface Dictionary {
  /** The variable. */
  readonly name: Name;
  readonly reader: PkgReader;
  readonly dict: ReaderDict;
}

/** Everything that lowering a package shares. */
export class Noder {
  readonly universe = new Universe();
  readonly localPkg: Pkg;
  readonly local: PkgReader;
  readonly target: IrPackage;
  /** `_` of the package; what is assigned to it is thrown away. */
  readonly blankSym: Sym;
  readonly blankNode: Name;
  /** The type `interface {}` of source text (types.Types[TINTER]), and of unions. */
  readonly emptyInterface: Type;
  /** Shaped objects of instances that still have to be made (last in, first out). */
  readonly todoDicts: (() => void)[] = [];
  /** Objects without type arguments that have been made. */
  readonly defs = new Map<types.Obj, Name | Type>();
  /** Functions whose body still has to be read (last in, first out). */
  readonly todoBodies: Func[] = [];
  /** How to make bodies: of functions compiled here, to be read or read already (inlining reads them again), and of
   *  imported functions that were inlined. */
  readonly bodies = new Map<Func, BodyRef>();
  /** Whether the bodies of imported functions can be had. */
  readonly bodiesAtHand = new Map<Func, boolean>();
  /** Calls that were inlined, by the number of the inlining (FileSet). */
  readonly inlinedCalls = new Map<number, InlinedCall>();
  /** Types read in this package, in order, and types known to have their wrappers elsewhere. */
  readonly needWrapperTypes: Type[] = [];
  readonly haveWrapperTypes: Type[] = [];
  readonly needMethodValueWrappers: MethodValueWrapper[] = [];
  readonly haveMethodValueWrappers: MethodValueWrapper[] = [];
  /** Interfaces whose embedded interfaces were not complete when they were read. */
  readonly pendingInterfaces: PendingInterface[] = [];
  /** Run-time descriptors, and the functions generated for types. */
  readonly runtimeTypes: RuntimeTypes;
  readonly switches: DebugSwitches;
  /** Run-time dictionaries that have been referred to. */
  readonly dictionaries: Dictionary[] = [];
  /** For conditions that are decided at compile time. */
  readonly simplifier = new CondSimplifier();
  readonly rules: GoRules;
  /** Position that implicit nodes get (base.Pos): that of the function whose body is being read, or of the object or
   *  variable that was met last. */
  basePos: Pos = NoPos;
  /** A body is read to be inlined: the compiler has read it before, and with it the objects that it mentions. */
  readsAgain = false;
  /** The declaration or type that is being read, as types/copies.ts names it. */
  element = "";
  /** With -m=3: variables whose values are wanted somewhere (ir/dump.ts). */
  readonly usedNames = new Set<Name>();
  /** Numbers of inlined calls, as the compiler's dumps show them. */
  readonly ordinals = new WeakMap<Node, number>();
  /** Number of calls inlined so far: tells their labels apart. */
  inlgen = 0;
  /** Number of functions called `init` so far. */
  initGen = 0;
  private lastPkg: types.Package | null = null;
  private lastIrPkg: Pkg;
  private readonly pkgs = new Map<string, Pkg>();
  private readonly readers = new Map<types.Package, PkgReader>();
  private readonly builtinReader: PkgReader;
  private readonly runtimeFuncs = new Map<string, Name>();

  constructor(readonly input: NoderInput) {
    const pkg = input.pkg;
    this.localPkg = new Pkg(pkg.path, pkg.name);
    this.lastIrPkg = this.localPkg;
    this.rules = input.rules ?? goRules(defaultMinor);
    this.pkgs.set(this.localPkg.path, this.localPkg);
    this.pkgs.set("unsafe", this.universe.unsafePkg);
    this.pkgs.set("go.shape", this.universe.shapePkg);
    this.local = new PkgReader(this, pkg, this.localPkg, true);
    this.readers.set(pkg, this.local);
    this.builtinReader = new PkgReader(this, null, this.universe.unsafePkg, false);
    this.target = new IrPackage(this.localPkg);
    this.switches = input.switches ?? { ...defaultSwitches, checkptr: 0 };
    this.runtimeTypes = new RuntimeTypes(
      this.universe,
      input.machine,
      this.localPkg,
      this.target.funcs,
      (name) => this.runtimeSym(name),
      input.eagerDescriptors === true,
      input.sharedTypeFuncs === true,
    );
    this.blankSym = this.localPkg.lookup("_");
    this.blankNode = new Name(0, this.blankSym, this.universe.types[TKind.BLANK]);
    this.blankSym.def = this.blankNode;
    this.emptyInterface = this.universe.emptyInterface;
    // Exported selectors are symbols of the package, error.Error no less.
    const methods = this.universe.errorType.fields;
    methods[0] = new Field(0, this.localPkg.lookup("Error"), methods[0].type);
  }

  get fset(): FileSet {
    return this.input.fset;
  }

  warn(pos: Pos, msg: string): void {
    this.input.remark(pos, msg);
  }

  /** An object is read that stands at `pos`. */
  meet(pos: Pos): void {
    if (!this.readsAgain) this.basePos = pos;
  }

  /** The package of a checker object; the universe and unsafe share a reader without declarations. */
  reader(pkg: types.Package | null): PkgReader {
    if (pkg === null) return this.builtinReader;
    let reader = this.readers.get(pkg);
    if (reader === undefined) {
      reader = new PkgReader(this, pkg, this.irPkg(pkg), false);
      this.readers.set(pkg, reader);
    }
    return reader;
  }

  irPkg(pkg: types.Package): Pkg {
    if (pkg === this.lastPkg) return this.lastIrPkg;
    const made = this.makeIrPkg(pkg);
    this.lastPkg = pkg;
    this.lastIrPkg = made;
    return made;
  }

  private makeIrPkg(pkg: types.Package): Pkg {
    if (pkg === this.local.pkg) return this.localPkg;
    let known = this.pkgs.get(pkg.path);
    if (known === undefined) {
      known = new Pkg(pkg.path, pkg.name);
      this.pkgs.set(pkg.path, known);
    }
    return known;
  }

  /** Symbol of a local identifier (parameter, variable, label). */
  localIdent(obj: types.Obj): Sym {
    return (obj.pkg === null ? this.localPkg : this.irPkg(obj.pkg)).lookup(obj.name);
  }

  /** Symbol of a field or method: exported names are the same in every package. */
  selector(obj: types.Obj): Sym {
    if (obj.pkg === null || isExported(obj.name)) return this.localPkg.lookup(obj.name);
    return this.irPkg(obj.pkg).lookup(obj.name);
  }

  /** Symbol `prefix` + `num` of the package (typecheck.LookupNum). */
  lookupNum(prefix: string, num: number): Sym {
    return this.localPkg.lookup(`${prefix}${num}`);
  }

  /** A function of package runtime that lowering itself calls, made by `declare` on first use. */
  runtimeFunc(name: string, declare: (sym: Sym) => Name): Name {
    let known = this.runtimeFuncs.get(name);
    if (known === undefined) {
      known = declare(this.runtimeSym(name));
      this.runtimeFuncs.set(name, known);
    }
    return known;
  }

  /** Symbol of a function of package runtime as the compiler knows it by itself: programs may import another. */
  runtimeSym(name: string): Sym {
    let pkg = this.pkgs.get("go.runtime");
    if (pkg === undefined) {
      pkg = new Pkg("go.runtime", "runtime");
      this.pkgs.set("go.runtime", pkg);
    }
    return pkg.lookup(name);
  }
}

export interface PendingInterface {
  readonly type: Type;
  readonly methods: readonly Field[];
  readonly embeddeds: readonly Type[];
}

export interface NoderInput {
  readonly pkg: types.Package;
  /** Absent to compile all of the package. */
  readonly part?: LowerPart | null;
  readonly fset: FileSet;
  readonly machine: Target;
  /** Those of the default release unless said otherwise. */
  readonly rules?: GoRules;
  /** `-lang` of the package, `go1.N`. */
  readonly goVersion: string;
  /** Takes remarks that lowering makes, of which there is one: `imprecise interface call`. */
  readonly remark: (pos: Pos, msg: string) => void;
  /** Switches of the -d flag; those of a build without it if left out. */
  readonly switches?: DebugSwitches;
  /** Takes what switches make the compiler say, whatever the level of -m. */
  readonly notice?: (pos: Pos, msg: string) => void;
  /** Write run-time descriptors as soon as lowering needs them: the functions that this generates show in
   *  explanations. */
  readonly eagerDescriptors?: boolean;
  /** Types of the same signature share the functions that compare and hash them. */
  readonly sharedTypeFuncs?: boolean;
  /** Called between functions; what it throws ends the work. */
  readonly checkpoint?: () => void;
  /** Language version of the package's file that holds `pos`, "" if it says nothing (Go 1.22 loop variables). */
  fileVersion(pos: Pos): string;
}

/** State of lowering one function body, or of reading one declaration (then `curfn` is null); noder.reader.
 *
 *  Order rules for those who lower expressions and statements. The compiler writes, before every expression whose
 *  type is neither untyped, a tuple nor that of a builtin and that is no constant or nil, that expression's type
 *  (`exprReshape`), so call {@link typ} with it *before* lowering the expression, and keep `typ` calls in the order
 *  of writer.go elsewhere (variables of `:=` when they are declared, both types of a conversion before its operand,
 *  map types after the operands …). Asking for a type twice is free. */
export class Reader {
  readonly n: Noder;
  /** The signature whose results `return` fills; null in synthetic bodies. */
  sig: types.Signature | null = null;
  /** Local variables and captured ones. */
  readonly locals = new Map<types.Var, Name>();
  dictParam: Name | null = null;
  methodSym: Sym | null = null;
  /** Literals, and bodies of loops over functions, met in this body. */
  funcLits = 0;
  rangeLits = 0;
  /** The body goes into another function; `curfn` then is a stand-in. */
  inlining: Inlining | null = null;
  constructor(
    readonly p: PkgReader,
    readonly dict: ReaderDict | null,
    readonly curfn: Func,
  ) {
    this.n = p.n;
  }

  get universe(): Universe {
    return this.n.universe;
  }

  get basePos(): Pos {
    return this.n.basePos;
  }

  get target(): Target {
    return this.n.input.machine;
  }

  /** The function that closures in the body belong to. */
  get outerfn(): Func {
    return this.inlining === null ? this.curfn : this.inlining.caller;
  }

  warn(pos: Pos, msg: string): void {
    this.n.warn(this.inlining === null ? pos : this.n.fset.inlined(this.inlining.index, pos), msg);
  }

  internalError(pos: Pos, msg: string): InternalError {
    return new InternalError(`${formatPosition(this.n.fset.position(pos))}: ${msg} (in ${this.curfn.sym.name})`);
  }
}

/** Whether the reader works on an imported, non-generic element: its package has made what it needs. */
export function importedDef(p: PkgReader, dict: ReaderDict | null): boolean {
  return !p.isLocal && !hasTypeParams(dict);
}

export function hasTypeParams(dict: ReaderDict | null): dict is ReaderDict {
  return dict !== null && dict.targs.length !== 0;
}

/** The variable that `obj` denotes in the function being lowered. */
export function useLocal(r: Reader, obj: types.Var, pos: Pos = obj.pos): Name {
  const name = r.locals.get(obj);
  if (name === undefined) throw r.internalError(pos, `unknown local ${obj.name}`);
  return name;
}
