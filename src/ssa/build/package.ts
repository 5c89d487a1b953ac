/** A package in data-flow form: its functions, its data, and how it is initialised. */
import type { Pos } from "../../base/pos.ts";
import type { Func } from "../../ir/node.ts";
import type { Noder } from "../../ir/noder/noder.ts";
import { Op } from "../../ir/op.ts";
import { DataKind, type DataReloc, DataRelocKind, type DataSymbol, type SourcePlace } from "../object.ts";
import { writeDictionaries } from "../reflectdata/dict.ts";
import { exportedTypes, writeRuntimeTypes } from "../reflectdata/types.ts";
import type { SFunc } from "../value.ts";
import type { EmbeddedFile } from "./embed.ts";
import { buildFunc } from "./func.ts";
import { PkgState } from "./state.ts";
import { globals } from "./staticdata.ts";

export interface BuildOptions {
  /** `//go:linkname` directives of the package with this path: name in it → link name. */
  linknames(pkgPath: string): ReadonlyMap<string, string> | undefined;
  /** Parameters that live in memory are copied into the function's own frame, so that the sanitizer can tell whose they
   *  are. */
  readonly ownParams?: boolean;
  /** For programs that run on several threads: atomic operations are. */
  readonly threads?: boolean;
  /** Whether some program needs the type of the package; absent: all may be needed. */
  readonly wanted?: (type: string) => boolean;
  /** Files for the variables of `//go:embed`, by their names. */
  readonly embeds?: ReadonlyMap<string, readonly EmbeddedFile[]>;
  /** Takes mistakes of the program's. */
  error?(pos: Pos, msg: string): void;
  /** Takes errors about single functions, which then panic at run time; absent: they are thrown. */
  failed?(fn: Func, error: unknown): void;
  /** Code is to count what it keeps off the heap (saved.ts): where a position is, innermost function, "" for the one
   *  that is built. */
  readonly savedPlace?: ((pos: Pos) => SourcePlace) | null;
}

export interface BuiltPackage {
  readonly path: string;
  readonly funcs: readonly SFunc[];
  readonly data: readonly DataSymbol[];
  /** The data symbol of the package's initialisation task, as package runtime reads it; null if nothing is to do. */
  readonly initTask: string | null;
}

/** Builds all of a package after escape analysis. Lists of functions may grow while it is built. */
export function buildPackage(n: Noder, funcs: readonly Func[], options: BuildOptions): BuiltPackage {
  return new PackageBuilder(n, funcs, options).all();
}

/** Builds a package, all at once or each function when somebody asks for it. */
export class PackageBuilder {
  private readonly p: PkgState;
  private next = 0;
  private initTask: string | null = null;
  /** Functions that nobody has asked for, by their link names. */
  private readonly waiting = new Map<string, Func>();
  private readonly built = new Map<string, SFunc>();
  private readonly asked = new Set<string>();
  private readonly data = new Map<string, DataSymbol>();
  /** How many of the package's functions and data are in the tables. */
  private seenFuncs = 0;
  private seenData = 0;

  constructor(
    private readonly n: Noder,
    private readonly funcs: readonly Func[],
    private readonly options: BuildOptions,
  ) {
    const { linknames, savedPlace = null, ownParams = false, threads = false } = options;
    this.p = new PkgState(n, linknames, savedPlace, ownParams, threads);
  }

  all(): BuiltPackage {
    const { p } = this;
    this.queue();
    this.initTask = makeInitTask(p);
    this.layOut();
    // Descriptors refer to functions that are made for them, whose code may need more descriptors.
    do {
      writeRuntimeTypes(p);
      this.queue();
    } while (p.pendingTypes.length > 0);
    return { path: this.n.localPkg.path, funcs: p.funcs, data: p.data, initTask: this.initTask };
  }

  /** All functions that there are by now. */
  private queue(): void {
    const { p, funcs } = this;
    for (; this.next < funcs.length; this.next++)
      if (funcs[this.next].oclosure === null) this.build(funcs[this.next], p.funcName(funcs[this.next]));
    // Those of literals may be added while others are built.
    for (const fn of p.closures) this.build(fn, p.funcName(fn));
    if (this.next < funcs.length) this.queue();
  }

  private layOut(): void {
    const { p, options } = this;
    globals(p, options.embeds, options.error);
    writeDictionaries(p);
    exportedTypes(p, options.wanted ?? (() => true));
  }

  private build(fn: Func, name: string): void {
    const { p, options } = this;
    if (!fn.hasBody || !p.claimFunc(name)) return;
    if (options.failed === undefined) {
      buildFunc(p, fn);
      return;
    }
    try {
      buildFunc(p, fn);
    } catch (error) {
      options.failed(fn, error);
    }
  }

  // ------------------------------------------------------------------------------------------------ when asked for

  /** Lays out the data; functions are built by {@link func}. The symbol of the initialisation task. */
  open(): string | null {
    this.initTask = makeInitTask(this.p);
    this.layOut();
    this.note();
    return this.initTask;
  }

  /** A function of the package by its link name; null if it has none of that name. */
  func(name: string): SFunc | null {
    const fn = this.waiting.get(name);
    if (fn !== undefined) {
      this.waiting.delete(name);
      this.build(fn, name);
      this.note();
    }
    const built = this.built.get(name) ?? null;
    if (built !== null) this.asked.add(name);
    return built;
  }

  /** Data that what was asked for so far has brought; null if none has that name. */
  datum(name: string): DataSymbol | null {
    return this.data.get(name) ?? null;
  }

  /** What was asked for, and the names of all other functions. */
  finish(): BuiltPackage & { readonly left: readonly string[] } {
    const { p, asked } = this;
    const left = [...this.waiting.keys()];
    for (const { name } of p.funcs) if (!asked.has(name)) left.push(name);
    const funcs = p.funcs.filter(({ name }) => asked.has(name));
    return { path: this.n.localPkg.path, funcs, data: p.data, initTask: this.initTask, left };
  }

  /** Takes note of what has come to be. */
  private note(): void {
    const { p, funcs } = this;
    writeRuntimeTypes(p);
    const wait = (fn: Func): void => {
      const name = p.funcName(fn);
      if (fn.hasBody && !p.isClaimed(name)) this.waiting.set(name, fn);
    };
    for (; this.next < funcs.length; this.next++) if (funcs[this.next].oclosure === null) wait(funcs[this.next]);
    for (const fn of [...p.closures]) wait(fn);
    p.closures.clear();
    for (; this.seenFuncs < p.funcs.length; this.seenFuncs++)
      this.built.set(p.funcs[this.seenFuncs].name, p.funcs[this.seenFuncs]);
    for (; this.seenData < p.data.length; this.seenData++)
      this.data.set(p.data[this.seenData].name, p.data[this.seenData]);
  }
}

/** runtime.initTask: state, number of functions, their code addresses. */
function makeInitTask(p: PkgState): string | null {
  const fns = p.n.target.inits.filter(
    (fn) => fn.hasBody && fn.body.some((stmt) => stmt.op !== Op.OBLOCK || stmt.list.length > 0),
  );
  if (fns.length === 0) return null;
  const name = `${p.n.localPkg.path}..inittask`;
  const size = 8 + 8 * fns.length;
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(4, fns.length, true);
  const relocs: DataReloc[] = fns.map((fn, i) => ({
    offset: 8 + 8 * i,
    kind: DataRelocKind.Func,
    sym: p.funcName(fn),
    add: 0,
  }));
  p.addData({ name, kind: DataKind.Data, size, align: 8, bytes, relocs, pointers: [], dupok: false });
  return name;
}
