/** Which functions of packages a program comes to, found while they are being built: what nobody comes to is never made.
 *
 *  It asks what the linker asks (link.ts), of functions in data-flow form as well as of objects. Packages may be in several
 *  threads, each of which follows what it can and tells the others what it needs of them ({@link News}), until nobody has
 *  anything new. What is left of a cached object was not needed when it was made. */
import { DataKind, DataRelocKind, type DataSymbol } from "../ssa/object.ts";
import { checkFuncs } from "../ssa/passes/effects.ts";
import { StubsPrefix } from "../ssa/reflectdata/funcstub.ts";
import { type SFunc, SOp } from "../ssa/value.ts";
import { emittedCalls } from "./calls.ts";
import { Methods } from "./methods.ts";
import { type PackageObject, RelocKind, RelocWords } from "./object.ts";
import { isFuncReloc, LinkInfo, MissingFunc, StubUser } from "./program.ts";

/** What one thread has to tell the others. */
export interface News {
  readonly funcs: readonly string[];
  readonly data: readonly string[];
  /** Methods that are called by name, and whether function values are made at run time: {@link SFunc.usedMethods}. */
  readonly uses: readonly string[];
  /** There is more to come. */
  readonly isUnfinished?: boolean;
}

export const noNews: News = { funcs: [], data: [], uses: [] };

/** What a function refers to. */
export interface Refs {
  readonly funcs: readonly string[];
  readonly data: readonly string[];
  readonly usedMethods: Iterable<string>;
}

/** A package that can be asked for its symbols. */
export interface Source {
  readonly initTask: string | null;
  /** null: it does not have it. */
  func(sym: string): Refs | null;
  datum(sym: string): DataSymbol | null;
  /** Is told of functions that nobody here has. */
  missed?(sym: string): void;
}

/** What every program comes to. */
export function firstNeeds(roots: readonly string[], check: boolean): News {
  return { funcs: [...roots, MissingFunc, ...emittedCalls, ...(check ? checkFuncs : [])], data: [LinkInfo], uses: [] };
}

/** Stands among {@link News.uses} for {@link StubUser}. */
const makesFuncs = `=${StubUser}`;

export class Demand {
  private readonly sources: Source[] = [];
  private readonly seenFuncs = new Set<string>();
  private readonly seenData = new Set<string>();
  /** Of these, what no package here has. */
  private readonly unknownFuncs = new Set<string>();
  private readonly unknownData = new Set<string>();
  /** How many of them turned up. */
  private found = 0;
  private readonly funcs: string[] = [];
  private readonly data: string[] = [];
  private readonly methods = new Methods((sym) => this.needFunc(sym));
  private readonly uses = new Set<string>();
  /** Data that is only needed where function values are made at run time. */
  private readonly stubs: string[] = [];
  private news = { funcs: [] as string[], data: [] as string[], uses: [] as string[] };

  /** What is compiled has all that it calls, whether this program comes to it or not: `funcs` are compiled in any case. */
  add(source: Source, funcs: Iterable<string> = []): void {
    this.sources.push(source);
    for (const sym of funcs) this.needFunc(sym);
    if (source.initTask !== null) this.needDatum(source.initTask);
  }

  /** Takes what others tell, follows it, and gives what they have to be told. It stops, with `isUnfinished`, when `until`
   *  (performance.now) has come. */
  round({ funcs, data, uses }: News, until = Number.POSITIVE_INFINITY): News {
    for (const use of uses) this.use(use, false);
    for (const sym of funcs) this.needFunc(sym);
    for (const sym of data) this.needDatum(sym);
    let isDone = this.follow(until);
    // What nobody had may have come to be with other functions.
    for (let found = -1; isDone && found !== this.found; ) {
      found = this.found;
      this.funcs.push(...this.unknownFuncs);
      this.data.push(...this.unknownData);
      isDone = this.follow(until);
    }
    const { news } = this;
    this.news = { funcs: [], data: [], uses: [] };
    return isDone ? news : { ...news, isUnfinished: true };
  }

  private follow(until: number): boolean {
    for (;;) {
      const func = this.funcs.pop();
      if (func !== undefined) {
        this.followFunc(func);
        if (until !== Number.POSITIVE_INFINITY && performance.now() > until) return false;
        continue;
      }
      const datum = this.data.pop();
      if (datum === undefined) return true;
      this.followDatum(datum);
    }
  }

  private needFunc(sym: string): void {
    if (this.seenFuncs.has(sym)) return;
    this.seenFuncs.add(sym);
    this.funcs.push(sym);
  }

  private needDatum(sym: string): void {
    if (this.seenData.has(sym)) return;
    this.seenData.add(sym);
    this.data.push(sym);
  }

  private use(use: string, own: boolean): void {
    if (this.uses.has(use)) return;
    this.uses.add(use);
    if (own) this.news.uses.push(use);
    if (use !== makesFuncs) this.methods.use(use);
    else for (const sym of this.stubs.splice(0)) this.needDatum(sym);
  }

  private followFunc(sym: string): void {
    if (sym === StubUser) this.use(makesFuncs, true);
    for (const source of this.sources) {
      const refs = source.func(sym);
      if (refs === null) continue;
      if (this.unknownFuncs.delete(sym)) this.found++;
      for (const use of refs.usedMethods) this.use(use, true);
      for (const func of refs.funcs) this.needFunc(func);
      for (const datum of refs.data) this.needDatum(datum);
      return;
    }
    for (const source of this.sources) source.missed?.(sym);
    if (this.unknownFuncs.has(sym)) return;
    this.unknownFuncs.add(sym);
    this.news.funcs.push(sym);
  }

  private followDatum(sym: string): void {
    let hasContents = false;
    for (const source of this.sources) {
      const datum = source.datum(sym);
      if (datum === null) continue;
      this.followRelocs(datum);
      hasContents ||= datum.kind !== DataKind.Zero;
      if (hasContents) break;
    }
    // A linkname may leave a variable declared twice, with contents in one place.
    if (hasContents) {
      if (this.unknownData.delete(sym)) this.found++;
    } else if (!this.unknownData.has(sym)) {
      this.unknownData.add(sym);
      this.news.data.push(sym);
    }
  }

  private followRelocs({ relocs, methods: keys }: DataSymbol): void {
    for (let i = 0; i < relocs.length; i++) {
      const reloc = relocs[i];
      const { kind, sym } = reloc;
      const key = keys === undefined ? "" : keys[i];
      if (key !== "") this.methods.add(key, sym);
      else if (isFuncReloc(reloc)) {
        this.needFunc(sym);
        if (reloc.orElse !== undefined) this.needFunc(reloc.orElse);
      } else if (kind !== DataRelocKind.WeakOff32) this.needDatum(sym);
      else if (!sym.startsWith(StubsPrefix)) continue;
      else if (this.uses.has(makesFuncs)) this.needDatum(sym);
      else this.stubs.push(sym);
    }
  }
}

/** What the function refers to, before any pass: the passes only take away from that. */
export function refsOf(fn: SFunc): Refs {
  const funcs = new Set<string>();
  const data = new Set<string>();
  for (const { values } of fn.blocks) {
    for (const { op, sym } of values) {
      if (op === SOp.Addr) data.add(sym!);
      else if (op === SOp.Call || op === SOp.PanicCall || op === SOp.FuncAddr) funcs.add(sym!);
    }
  }
  return { funcs: [...funcs], data: [...data], usedMethods: fn.usedMethods };
}

/** A package that has been compiled before, maybe without some functions. */
export class ObjectSource implements Source {
  private readonly funcs = new Map<string, number>();
  private readonly data = new Map<string, DataSymbol>();
  private readonly left: ReadonlySet<string>;
  /** A function was asked for that was left out. */
  isLacking = false;

  constructor(private readonly object: PackageObject) {
    for (const [i, { name }] of object.funcs.entries()) this.funcs.set(name, i);
    for (const datum of object.data) this.data.set(datum.name, datum);
    this.left = new Set(object.left ?? []);
  }

  get initTask(): string | null {
    return this.object.initTask;
  }

  func(sym: string): Refs | null {
    const i = this.funcs.get(sym);
    if (i === undefined) return null;
    const { symbols } = this.object;
    const { relocs, usedMethods } = this.object.funcs[i];
    const funcs: string[] = [];
    const data: string[] = [];
    for (let k = 0; k < relocs.length; k += RelocWords) {
      const kind = relocs[k + 1] as RelocKind;
      if (kind === RelocKind.Func || kind === RelocKind.Code) funcs.push(symbols[relocs[k + 2]]);
      else if (kind === RelocKind.Data) data.push(symbols[relocs[k + 2]]);
    }
    return { funcs, data, usedMethods };
  }

  missed(sym: string): void {
    if (this.left.has(sym)) this.isLacking = true;
  }

  datum(sym: string): DataSymbol | null {
    return this.data.get(sym) ?? null;
  }
}
