/** What is known of a package that has been analysed: its functions, where they stand now, and who mentions whom. */
import type { Pos, SourceFile } from "../../base/pos.ts";
import type { PackageResult } from "../../report/analyze.ts";
import type { Session } from "../../report/session.ts";
import type { File } from "../../syntax/ast.ts";
import type { CheckResult } from "../../types/check.ts";
import type { Func, FuncSummary } from "../../types/types.ts";
import type { DeclState, FileState } from "./decls.ts";
import { components, type Mentions, mentionsOf } from "./mentions.ts";

interface Graph {
  readonly mentions: Map<DeclState, Mentions>;
  readonly callers: Map<Func, Set<DeclState>>;
  readonly methodCallers: Map<string, Set<DeclState>>;
  groups: Map<Func, readonly Func[]> | null;
}

export class World {
  readonly trees: readonly File[];
  readonly versions: Map<File, string>;
  readonly byFunc = new Map<Func, DeclState>();
  /** Declarations by the source file that their positions lie in, in order of position. */
  readonly homes = new Map<SourceFile, DeclState[]>();
  /** Who mentions whom; made when it is needed. */
  private graph: Graph | null = null;

  constructor(
    readonly session: Session,
    readonly checked: CheckResult,
    trees: readonly File[],
    readonly named: Map<string, FuncSummary>,
    private readonly files: ReadonlyMap<string, FileState>,
  ) {
    this.trees = [...trees];
    this.versions = new Map(checked.versions);
  }

  add(source: SourceFile, file: FileState): void {
    this.homes.set(source, [...file.decls]);
    for (const decl of file.decls) if (decl.obj !== null) this.byFunc.set(decl.obj, decl);
  }

  *decls(): Generator<DeclState> {
    for (const file of this.files.values()) yield* file.decls;
  }

  declAt(pos: Pos): DeclState | null {
    const source = pos <= 1 ? null : this.session.fset.file(pos);
    const decls = source === null ? undefined : this.homes.get(source);
    if (decls === undefined) return null;
    let low = 0;
    let high = decls.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (decls[mid].home <= pos) low = mid + 1;
      else high = mid;
    }
    const decl = low === 0 ? null : decls[low - 1];
    return decl !== null && pos <= decl.decl.end ? decl : null;
  }

  /** Gives remarks to the declarations that they are on; with `only`, to those. */
  distribute(result: PackageResult, only: ReadonlySet<DeclState> | null): void {
    const { fset } = this.session;
    for (const entry of result.entries) {
      if (!("remark" in entry)) continue;
      const decl = this.declAt(fset.outermost(entry.remark.pos));
      if (decl !== null && (only === null || only.has(decl))) decl.remarks.push(entry.remark);
    }
  }

  /** Some functions, as an analysis of a part of the package takes them. */
  part(funcs: ReadonlySet<Func>, inits: boolean) {
    const { trees, checked, versions, named } = this;
    return { files: trees, checked: { ...checked, versions }, functions: { funcs, inits, named } };
  }

  // ------------------------------------------------------------------------------------------------- graph

  private graphOf(): Graph {
    if (this.graph !== null) return this.graph;
    const graph: Graph = { mentions: new Map(), callers: new Map(), methodCallers: new Map(), groups: null };
    this.graph = graph;
    for (const decl of this.decls()) {
      const mentions = mentionsOf(decl.decl, this.checked.pkg);
      graph.mentions.set(decl, mentions);
      for (const fn of mentions.funcs) add(graph.callers, fn, decl);
      for (const name of mentions.methods) add(graph.methodCallers, name, decl);
    }
    return graph;
  }

  mentions(decl: DeclState): Mentions {
    return this.graphOf().mentions.get(decl)!;
  }

  connect(decl: DeclState, before: Mentions, after: Mentions): void {
    const graph = this.graphOf();
    let same = before.funcs.size === after.funcs.size;
    for (const fn of before.funcs) {
      if (after.funcs.has(fn)) continue;
      graph.callers.get(fn)?.delete(decl);
      same = false;
    }
    for (const fn of after.funcs) add(graph.callers, fn, decl);
    for (const name of before.methods) if (!after.methods.has(name)) graph.methodCallers.get(name)?.delete(decl);
    for (const name of after.methods) add(graph.methodCallers, name, decl);
    graph.mentions.set(decl, after);
    if (!same) graph.groups = null;
  }

  callersOf(fn: Func): Set<DeclState> {
    const graph = this.graphOf();
    const callers = new Set(graph.callers.get(fn) ?? []);
    if ((fn.type?.recv ?? null) !== null) for (const decl of graph.methodCallers.get(fn.name) ?? []) callers.add(decl);
    const own = this.byFunc.get(fn);
    if (own !== undefined) callers.delete(own);
    return callers;
  }

  /** The function with all that it reaches and is reached by. */
  groupOf(fn: Func): readonly Func[] {
    const graph = this.graphOf();
    graph.groups ??= components([...this.byFunc.keys()], (member) => {
      const decl = this.byFunc.get(member);
      const mentions = decl === undefined ? undefined : graph.mentions.get(decl);
      return mentions === undefined ? [] : [...mentions.funcs].filter((other) => this.byFunc.has(other));
    });
    return graph.groups.get(fn) ?? [fn];
  }
}

function add<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}
