/** The decisions of one package while its files are edited.
 *
 *  An edit inside one function is read, checked and analysed alone, together with what it may concern: functions that
 *  reach each other are analysed together, and callers again when what they see of a callee has changed (its parameter
 *  tags; its body, if it can be inlined). Everything else, and what touches declarations, analyses the package anew.
 *
 *  What cannot be read or checked keeps the decisions that it had, moved with the text. */
import { FileSet, lineStarts, type Pos, type SourceFile } from "../../base/pos.ts";
import {
  type AnalyzeOptions,
  analyzePackage,
  analyzePart,
  type PackageResult,
  type PackageUnit,
} from "../../report/analyze.ts";
import { decide, heapRemarks } from "../../report/explain/decisions.ts";
import { Scene, type World as SceneWorld } from "../../report/explain/scene.ts";
import type { Step } from "../../report/explain/story.ts";
import { suggestions } from "../../report/fix/suggest.ts";
import { type GraphFormat, graphText } from "../../report/graph.ts";
import { Ranges } from "../../report/ranges.ts";
import type { Remark } from "../../report/remark.ts";
import type { Session } from "../../report/session.ts";
import { type Expr, type File, type FuncDecl, Kind, type Node } from "../../syntax/ast.ts";
import { isSyntaxError, parseFile, pragmaContext } from "../../syntax/parse.ts";
import { funcDecl } from "../../syntax/parse-decl.ts";
import { Parser } from "../../syntax/parser.ts";
import { unquote } from "../../syntax/quote.ts";
import { TokenKind } from "../../syntax/tokens.ts";
import { inspect } from "../../syntax/walk.ts";
import type { CheckResult } from "../../types/check.ts";
import { type FileImport, recheckFuncDecl } from "../../types/recheck.ts";
import { BasicKind, type Func, type FuncSummary, TypeKind, type Var } from "../../types/types.ts";
import { difference } from "../text.ts";
import { type DeclState, FileState } from "./decls.ts";
import { components, isGeneric, type Mentions, mentionsOf } from "./mentions.ts";
import type { Explanation, ExplanationStep, FileView, Finding, FixView, FunctionView } from "./model.ts";
import { fileOf, findingsOf } from "./records.ts";

/** An analysis that was given up because something else has arrived. */
export class Interrupted extends Error {}

/** What a package needs of the world. */
export interface PackageHost {
  newSession(): Session;
  readFile(name: string): Uint8Array;
  /** Runs `f` with some files replaced. */
  withDrafts<T>(drafts: ReadonlyMap<string, Uint8Array>, f: () => T): T;
  /** A number that was not given before. */
  serial(): number;
  /** Throws {@link Interrupted} to end an analysis that nobody waits for any more. */
  checkpoint(): void;
}

/** Results of analyses that were thrown away stay in the session: it is made anew after so many of them, or positions. */
const maxAnalyses = 24;
const maxPositions = 1 << 28;
const maxParts = 20_000;
/** Bytes of source. */
const maxExplained = 500_000;
/** So many functions are analysed at once while somebody types. */
const maxPart = 24;

/** What the package knows once it has been analysed. */
interface World {
  readonly session: Session;
  readonly checked: CheckResult;
  readonly trees: File[];
  readonly versions: Map<File, string>;
  readonly named: Map<string, FuncSummary>;
  readonly byFunc: Map<Func, DeclState>;
  /** Declarations by the source file that their positions lie in, in order of position. */
  readonly homes: Map<SourceFile, DeclState[]>;
  /** Who mentions whom; made when it is needed. */
  graph: Graph | null;
}

interface Graph {
  readonly mentions: Map<DeclState, Mentions>;
  readonly callers: Map<Func, Set<DeclState>>;
  readonly methodCallers: Map<string, Set<DeclState>>;
  groups: Map<Func, readonly Func[]> | null;
}

const nothing: ReadonlyMap<string, number> = new Map();

export class PackageState {
  readonly files = new Map<string, FileState>();
  /** Something changed that calls for an analysis of the whole package. */
  needsAll = true;
  /** Why there are no (new) decisions; "" if all is well. */
  problem = "";
  /** How long the last whole analysis took, and the last one of a large group, in ms. */
  cost = 0;
  private groupCost = 0;
  /** Counts what was done. */
  readonly stats = { whole: 0, parts: 0, functions: 0, failures: 0 };
  private world: World | null = null;
  private session: Session | null = null;
  private analyses = 0;
  private parts = 0;
  /** Files whose declarations have changed since. */
  private readonly restructured = new Set<string>();
  /** The package has errors that may have gone by now. */
  private broken = "";
  private mayBeMended = false;
  /** Functions that were analysed on their own though they and others reach each other. */
  private readonly inexact = new Set<Func>();
  /** Initialisers of variables see functions differently now. */
  private initsDue = false;
  /** Files with a function that cannot be read on its own: it may have become several, or one with what follows. */
  private readonly unsure = new Set<string>();
  /** There were edits since the last attempt to analyse all. */
  private hasChanged = true;

  constructor(
    public unit: PackageUnit,
    private readonly options: AnalyzeOptions,
    private readonly host: PackageHost,
  ) {}

  /** The imports have changed. */
  renew(unit: PackageUnit): void {
    this.unit = unit;
    this.session = null;
    this.needsAll = true;
    this.hasChanged = true;
  }

  get importPath(): string {
    return this.unit.importPath;
  }

  /** An analysis of the whole package may get further than the last one did. */
  get isDue(): boolean {
    return (this.needsAll && this.hasChanged) || this.mayBeMended || this.inexact.size > 0 || this.unsure.size > 0;
  }

  /** What it is likely to take, in ms. */
  get expected(): number {
    return this.needsAll || this.mayBeMended ? this.cost : Math.max(this.groupCost, this.cost / 4);
  }

  get isComplete(): boolean {
    return this.world !== null && !this.needsAll && this.broken === "" && this.inexact.size === 0;
  }

  /** The checked package, for its summary. */
  get result(): { session: Session; checked: CheckResult; files: readonly File[] } | null {
    if (this.world === null || !this.isComplete) return null;
    const { session, checked, trees } = this.world;
    return { session, checked, files: trees };
  }

  // ------------------------------------------------------------------------------------------------- whole

  /** Does what edits have left to be done. If that is interrupted, it is still to be done. */
  analyze(): void {
    const { hasChanged, mayBeMended } = this;
    const inexact = new Set(this.inexact);
    try {
      this.analyzeNow();
    } catch (error) {
      if (error instanceof Interrupted) {
        this.hasChanged ||= hasChanged;
        this.mayBeMended ||= mayBeMended;
        for (const fn of inexact) this.inexact.add(fn);
      }
      throw error;
    }
  }

  private analyzeNow(): void {
    const started = performance.now();
    this.hasChanged = false;
    for (const name of this.unsure) {
      this.unsure.delete(name);
      if (this.syntaxError(name) !== null) continue;
      this.restructured.add(name);
      this.needsAll = true;
    }
    if (!this.needsAll && !this.mayBeMended && this.inexact.size === 0) return;
    if (this.isUnreadable()) {
      this.inexact.clear();
      this.mayBeMended = false;
      return;
    }
    if (!this.needsAll && !this.mayBeMended && this.world !== null) {
      const changed = new Set(this.inexact);
      this.inexact.clear();
      this.attempt(this.world, changed, true);
      this.groupCost = performance.now() - started;
      if (!this.needsAll) return;
    }
    this.inexact.clear();
    this.initsDue = false;
    this.mayBeMended = false;
    const session = this.currentSession();
    const options: AnalyzeOptions = {
      ...this.options,
      explain: this.isSmall(),
      tolerant: true,
      checkpoint: () => this.host.checkpoint(),
    };
    let result: PackageResult;
    try {
      result = analyzePackage(session, this.unit, options);
    } catch (error) {
      this.session = null; // what was being read may be half made
      throw error;
    }
    this.analyses++;
    this.stats.whole++;
    if (result.errors.length === 0 && result.checked !== null) {
      this.accept(session, result, result.checked);
      this.problem = "";
      this.broken = "";
    } else {
      this.salvage(session, result);
    }
    this.needsAll = false;
    this.restructured.clear();
    this.cost = performance.now() - started;
  }

  /** Explanations of a large package take long and much memory: there, functions are explained when they change. */
  private isSmall(): boolean {
    let size = 0;
    for (const name of this.unit.goFiles) size += this.host.readFile(name).length;
    return size < maxExplained;
  }

  /** Some file has syntax errors now, and it is known how it was before: that is more than what could be found out. */
  private isUnreadable(): boolean {
    if (this.world === null) return false;
    for (const name of this.restructured) {
      const error = this.syntaxError(name);
      if (error === null) continue;
      this.problem = error;
      return true;
    }
    return false;
  }

  private syntaxError(name: string): string | null {
    const { errors } = parseFile(new FileSet(), name, this.host.readFile(name), {
      std: this.unit.isStd,
      compilingRuntime: true,
      genericMethods: this.world?.session.rules.genericMethods ?? true,
    });
    return errors.find(isSyntaxError)?.msg ?? null;
  }

  private currentSession(): Session {
    const used = this.session;
    if (
      used !== null &&
      this.analyses < maxAnalyses &&
      this.parts < maxParts &&
      (used.fset.files.at(-1)?.base ?? 0) < maxPositions
    )
      return used;
    this.analyses = 0;
    this.parts = 0;
    this.session = this.host.newSession();
    return this.session;
  }

  private accept(session: Session, result: PackageResult, checked: CheckResult): void {
    const world = this.open(session, checked, result.files, new Map(result.named));
    this.files.clear();
    this.addFiles(world, result.files);
    for (const [fn, summary] of result.facts) fn.summary = summary;
    this.world = world;
    this.distribute(world, result, null);
    for (const decl of this.decls()) decl.isFresh = true;
  }

  private open(session: Session, checked: CheckResult, trees: readonly File[], named: Map<string, FuncSummary>): World {
    return {
      session,
      checked,
      trees: [...trees],
      versions: new Map(checked.versions),
      named,
      byFunc: new Map(),
      homes: new Map(),
      graph: null,
    };
  }

  private addFiles(world: World, trees: readonly File[]): void {
    const { fset } = world.session;
    for (const tree of trees) {
      const source = fset.file(tree.pos);
      if (source === null) continue;
      const file = new FileState(source.name, this.host.readFile(source.name), tree, fset);
      this.files.set(source.name, file);
      world.homes.set(source, [...file.decls]);
      for (const decl of file.decls) {
        decl.serial = this.host.serial();
        if (decl.obj !== null) world.byFunc.set(decl.obj, decl);
      }
    }
  }

  private *decls(): Generator<DeclState> {
    for (const file of this.files.values()) yield* file.decls;
  }

  /** Gives remarks to the declarations that they are on; with `only`, to those. */
  private distribute(world: World, result: PackageResult, only: ReadonlySet<DeclState> | null): void {
    const { fset } = world.session;
    for (const entry of result.entries) {
      if (!("remark" in entry)) continue;
      const decl = this.declAt(world, fset.outermost(entry.remark.pos));
      if (decl !== null && (only === null || only.has(decl))) decl.remarks.push(entry.remark);
    }
  }

  private declAt(world: World, pos: Pos): DeclState | null {
    const source = pos <= 1 ? null : world.session.fset.file(pos);
    const decls = source === null ? undefined : world.homes.get(source);
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

  // ------------------------------------------------------------------------------------------------- broken

  /** The package has errors: functions without any get decisions, the others keep those that they had. */
  private salvage(session: Session, result: PackageResult): void {
    const [first] = result.errors;
    this.problem = first.msg;
    this.broken = first.msg;
    const before = new Map<string, { decl: DeclState; file: FileState }>();
    for (const file of this.files.values())
      for (const decl of file.decls) before.set(`${file.name} ${decl.key}`, { decl, file });
    const hadWorld = this.world;
    const { attempt } = result;
    if (attempt === null) return;
    const named = new Map(hadWorld?.named ?? []);
    const world = this.open(session, attempt, result.files, named);
    const old = new Map([...this.files].map(([name, file]) => [name, file.bytes]));
    this.files.clear();
    this.addFiles(world, result.files);
    const wanted = new Set<Func>();
    for (const file of this.files.values()) {
      for (const decl of file.decls) {
        const known = before.get(`${file.name} ${decl.key}`);
        if (known?.decl.obj?.summary && decl.obj !== null) decl.obj.summary = known.decl.obj.summary;
        if (hadWorld !== null && known !== undefined)
          this.inherit(hadWorld, decl, file, known.decl, old.get(file.name));
        const isSound = decl.obj !== null && this.isSound(session, result, decl);
        if (isSound && !isGeneric(decl.decl as FuncDecl)) wanted.add(decl.obj!);
      }
    }
    this.world = world;
    try {
      this.analyzeFuncs(world, wanted, false, true);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      this.stats.failures++; // something in it rests on what is broken
    }
  }

  /** Takes over what was known of a declaration, and how its text has changed since. */
  private inherit(
    from: World,
    decl: DeclState,
    file: FileState,
    known: DeclState,
    oldText: Uint8Array | undefined,
  ): void {
    decl.isFresh = false;
    decl.findings = this.presentFindings(from, known);
    decl.serial = this.host.serial();
    if (oldText === undefined) return;
    const change = difference(oldText.subarray(known.start, known.end), file.bytes.subarray(decl.start, decl.end));
    if (change !== null) decl.drift = [change];
  }

  /** A function without errors, whose types are all known. */
  private isSound(session: Session, result: PackageResult, { decl }: DeclState): boolean {
    if (decl.kind !== Kind.FuncDecl || decl.body === null || decl.name.obj === null) return false;
    const { fset } = session;
    for (const { pos } of result.errors) {
      const at = fset.outermost(pos);
      if (at >= decl.pos && at <= decl.end) return false;
    }
    let sound = true;
    inspect(decl, (node: Node | null) => {
      const type = node === null ? null : ((node as Expr).type ?? null);
      if (type !== null && type.kind === TypeKind.Basic && type.basic === BasicKind.Invalid) sound = false;
      return sound;
    });
    return sound;
  }

  // ------------------------------------------------------------------------------------------------- edits

  /** Takes the present text of a file. */
  edit(name: string, bytes: Uint8Array): void {
    const file = this.files.get(name);
    const { world } = this;
    this.hasChanged = true;
    if (file === undefined || world === null) {
      this.needsAll = true;
      return;
    }
    const edit = file.edit(bytes);
    if (edit.kind === "none") return;
    if (edit.kind === "structure") {
      for (const decl of file.decls) if (decl.drift.length > 0) decl.serial = this.host.serial();
      this.restructured.add(name);
      this.needsAll = true;
      return;
    }
    const { decl } = edit;
    decl.isFresh = false;
    decl.serial = this.host.serial();
    if (this.needsAll) {
      this.restructured.add(name);
      return;
    }
    const changed = this.reread(world, file, decl);
    if (changed === null) return;
    this.attempt(world, new Set([changed]), false);
  }

  /** Analyses changed functions. Large groups of functions that reach each other are put off, unless `exact`: until then
   *  the changed one counts as if it were not called by the others. */
  private attempt(world: World, changed: ReadonlySet<Func>, exact: boolean): void {
    try {
      this.analyzeFuncs(world, changed, true, exact);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      this.stats.failures++;
      this.needsAll = true;
    }
  }

  /** Reads and checks a function again; null if there is something wrong with it, or if that changes more than it. */
  private reread(world: World, file: FileState, state: DeclState): Func | null {
    const fn = state.obj;
    const old = state.decl as FuncDecl;
    if (fn === null || file.tree === null) return null;
    const { session, checked } = world;
    const decl = this.parse(session, file, state);
    if (decl === null) {
      this.problem = `syntax error in ${state.name}`;
      this.unsure.add(file.name);
      return null;
    }
    if (isGeneric(old) || this.unit.profile !== undefined) {
      this.needsAll = true;
      return null;
    }
    decl.directives = old.directives;
    const goVersion = world.versions.get(file.tree) ?? "";
    const errors = recheckFuncDecl(
      {
        goVersion: this.unit.goVersion,
        newestVersion: `go1.${session.minor}`,
        importer: session.importerFor(this.unit.imports),
        sizes: session.sizes,
        fset: session.fset,
        context: session.context,
      },
      checked.pkg,
      fn,
      decl,
      this.importsOf(world, file.tree),
      goVersion === "" ? {} : { goVersion },
    );
    if (errors.length > 0) {
      this.forget(world, decl);
      this.problem = errors[0].msg;
      return null;
    }
    this.problem = this.broken;
    this.mayBeMended = this.broken !== "";
    const before = this.mentions(world, state);
    const after = mentionsOf(decl, checked.pkg);
    if (after.instances !== before.instances || after.localTypes + before.localTypes > 0) {
      this.needsAll = true;
      return null;
    }
    this.rehome(world, file, state, decl);
    this.connect(world, state, before, after);
    return fn;
  }

  private parse(session: Session, file: FileState, state: DeclState): FuncDecl | null {
    const bytes = file.bytes.subarray(state.start, state.end);
    const source = session.fset.addFile(file.name, bytes.length, lineStarts(bytes));
    const parser: Parser = new Parser(
      session.fset,
      source,
      bytes,
      false,
      pragmaContext(source, { std: this.unit.isStd, compilingRuntime: true }, () => {}),
      undefined,
      session.rules.genericMethods,
    );
    let decl: FuncDecl | null = null;
    try {
      parser.next();
      decl = funcDecl(parser);
      if (parser.is(TokenKind.Semi)) parser.next();
      if (!parser.is(TokenKind.EOF) || parser.errors.length > 0) decl = null;
    } catch {
      decl = null; // nested too deeply
    }
    if (decl === null) session.fset.files.pop();
    return decl;
  }

  /** Drops the text of a declaration that is not used. */
  private forget(world: World, decl: FuncDecl): void {
    const { files } = world.session.fset;
    const source = world.session.fset.file(decl.pos);
    if (source !== null && files[files.length - 1] === source) files.pop();
  }

  private importsOf(world: World, tree: File): FileImport[] {
    const importer = world.session.importerFor(this.unit.imports);
    const imports: FileImport[] = [];
    for (const decl of tree.decls) {
      if (decl.kind !== Kind.ImportDecl) continue;
      const path = unquote(decl.path.value);
      if (path === null) continue;
      const own = path === "unsafe" ? "unsafe" : importer.importPackage(path, "")?.name;
      const name = decl.localPkgName?.value ?? own;
      if (name !== undefined) imports.push({ name, path });
    }
    return imports;
  }

  /** Puts a new tree of a function into the place of the old one. */
  private rehome(world: World, file: FileState, state: DeclState, decl: FuncDecl): void {
    const { fset } = world.session;
    const old = state.decl as FuncDecl;
    const tree = file.tree!;
    const home = fset.file(old.pos)!;
    const rest = world.homes.get(home)?.filter((other) => other !== state) ?? [];
    if (rest.length > 0) world.homes.set(home, rest);
    else {
      world.homes.delete(home);
      const at = fset.files.indexOf(home);
      if (at >= 0 && home.size === old.end - old.pos) fset.files.splice(at, 1);
    }
    for (const known of world.versions.keys()) {
      if (known !== tree && known.pos === old.pos) world.versions.delete(known);
    }
    const version = world.versions.get(tree) ?? "";
    world.versions.set(fileOf(decl), version);
    tree.decls[tree.decls.indexOf(old)] = decl;
    movePositions(state.obj!, decl);
    state.decl = decl;
    state.home = decl.pos;
    state.drift = [];
    state.body = state.start + (decl.body === null ? 0 : decl.body.pos - decl.pos);
    world.homes.set(fset.file(decl.pos)!, [state]);
  }

  // ------------------------------------------------------------------------------------------------- parts

  /** Analyses functions, and whoever is concerned if they turn out to be different for others. */
  private analyzeFuncs(world: World, changed: ReadonlySet<Func>, spread: boolean, exact: boolean): void {
    const done = new Set<Func>();
    let todo = spread ? this.closed(world, changed, exact) : new Set(changed);
    let inits = spread && this.initsDue;
    let own: ReadonlySet<Func> | null = changed;
    while (todo.size > 0 || inits) {
      if (spread && done.size > 0 && todo.size + done.size > Math.max(maxPart, exact ? world.byFunc.size / 2 : 0)) {
        if (exact) this.needsAll = true;
        else this.putOff(changed, todo, inits);
        return;
      }
      let visible: Func[];
      try {
        visible = this.analyzeSet(world, todo, inits, own, exact);
      } catch (error) {
        if (error instanceof Interrupted) this.putOff(changed, todo, inits);
        throw error;
      }
      if (inits && spread) this.initsDue = false;
      own = null;
      inits = false;
      for (const fn of todo) done.add(fn);
      if (!spread) return;
      const next = new Set<Func>();
      for (const fn of visible) {
        for (const caller of this.callersOf(world, fn)) {
          if (caller.obj === null) inits = true;
          else if (!done.has(caller.obj)) {
            if (isGeneric(caller.decl as FuncDecl)) {
              this.needsAll = true;
              return;
            }
            next.add(caller.obj);
          }
        }
      }
      todo = this.closed(world, next, exact);
      for (const fn of done) todo.delete(fn);
    }
  }

  /** Leaves functions for later: those that were edited, and those that see them differently now. */
  private putOff(changed: Iterable<Func>, todo: Iterable<Func>, inits: boolean): void {
    for (const fn of changed) this.inexact.add(fn);
    for (const fn of todo) this.inexact.add(fn);
    this.initsDue ||= inits;
  }

  /** Analyses a set; returns those that callers see differently now. */
  private analyzeSet(
    world: World,
    funcs: ReadonlySet<Func>,
    inits: boolean,
    bodyChanged: ReadonlySet<Func> | null,
    isPatient: boolean,
  ): Func[] {
    const { session, checked, trees, named, versions } = world;
    const functions = { funcs, inits, named };
    const part = { files: trees, checked: { ...checked, versions }, functions };
    const explain = funcs.size <= 2 * maxPart || this.isSmall();
    // What an edit is answered with is not put off by the next one.
    const checkpoint = isPatient ? { checkpoint: () => this.host.checkpoint() } : {};
    const result = analyzePart(session, this.unit, { ...this.options, explain, ...checkpoint }, part);
    this.stats.parts++;
    if (++this.parts >= maxParts) this.mayBeMended = true; // time for a new session
    this.stats.functions += funcs.size;
    for (const [name, summary] of result.named) named.set(name, summary);
    const decls = new Set<DeclState>();
    const visible: Func[] = [];
    for (const fn of funcs) {
      const decl = world.byFunc.get(fn);
      if (decl !== undefined) decls.add(decl);
      const before = fn.summary;
      const after = result.facts.get(fn) ?? null;
      fn.summary = after;
      const inlined = (before?.inl ?? null) !== null || (after?.inl ?? null) !== null;
      const isOwn = bodyChanged === null || bodyChanged.has(fn);
      if (!sameFacts(before, after) || (inlined && isOwn)) visible.push(fn);
    }
    if (inits) for (const decl of this.decls()) if (decl.obj === null) decls.add(decl);
    for (const decl of decls) {
      decl.remarks = [];
      decl.findings = null;
      decl.serial = this.host.serial();
      if (decl.drift.length === 0) decl.isFresh = true;
    }
    this.distribute(world, result, decls);
    return visible;
  }

  // ------------------------------------------------------------------------------------------------- graph

  private graphOf(world: World): Graph {
    if (world.graph !== null) return world.graph;
    const graph: Graph = { mentions: new Map(), callers: new Map(), methodCallers: new Map(), groups: null };
    world.graph = graph;
    for (const decl of this.decls()) {
      const mentions = mentionsOf(decl.decl, world.checked.pkg);
      graph.mentions.set(decl, mentions);
      for (const fn of mentions.funcs) add(graph.callers, fn, decl);
      for (const name of mentions.methods) add(graph.methodCallers, name, decl);
    }
    return graph;
  }

  private mentions(world: World, decl: DeclState): Mentions {
    return this.graphOf(world).mentions.get(decl)!;
  }

  private connect(world: World, decl: DeclState, before: Mentions, after: Mentions): void {
    const graph = this.graphOf(world);
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

  private callersOf(world: World, fn: Func): Set<DeclState> {
    const graph = this.graphOf(world);
    const callers = new Set(graph.callers.get(fn) ?? []);
    if ((fn.type?.recv ?? null) !== null) for (const decl of graph.methodCallers.get(fn.name) ?? []) callers.add(decl);
    const own = world.byFunc.get(fn);
    if (own !== undefined) callers.delete(own);
    return callers;
  }

  /** With all functions that some of `funcs` reach and are reached by; if those are many and it need not be exact, that
   *  is left for later. */
  private closed(world: World, funcs: ReadonlySet<Func>, exact: boolean): Set<Func> {
    const all = new Set<Func>();
    if (funcs.size === 0) return all;
    const graph = this.graphOf(world);
    graph.groups ??= components([...world.byFunc.keys()], (fn) => {
      const decl = world.byFunc.get(fn);
      const mentions = decl === undefined ? undefined : graph.mentions.get(decl);
      return mentions === undefined ? [] : [...mentions.funcs].filter((other) => world.byFunc.has(other));
    });
    for (const fn of funcs) {
      const group = graph.groups.get(fn) ?? [fn];
      if (!exact && group.length > maxPart) {
        this.inexact.add(fn);
        all.add(fn);
      } else for (const member of group) all.add(member);
    }
    return all;
  }

  // ------------------------------------------------------------------------------------------------- questions

  private declOf(name: string, offset: number): DeclState | null {
    const decls = this.files.get(name)?.decls ?? [];
    return decls.find((decl) => decl.start - 5 <= offset && offset < decl.end) ?? null;
  }

  /** Why what stands at a place is where it is. */
  explain(name: string, offset: number): Explanation[] {
    const { world } = this;
    const decl = this.declOf(name, offset);
    if (world === null || decl === null || decl.drift.length > 0) return [];
    this.explainFlows(world, decl);
    const scene = this.sceneOf(world, decl);
    const rest: SceneWorld = {
      scene: (path) => (path === this.unit.importPath ? this.wholeScene(world, scene) : null),
    };
    const found: Explanation[] = [];
    const seen = new Set<string>();
    const ranges = new Ranges(world.session.fset, [fileOf(decl.decl)]);
    for (const remark of decl.remarks) {
      const { start, end } = ranges.of(world.session.fset.outermost(remark.pos));
      const from = start - decl.home + decl.start;
      const to = Math.max(end, start) - decl.home + decl.start;
      if (offset < from || offset > to || seen.has(remark.msg)) continue;
      seen.add(remark.msg);
      const decision = decide(rest, scene, remark);
      if (decision === null) continue;
      const { headline, verdict, rules } = decision;
      const steps: ExplanationStep[] = [];
      this.steps(world, decision.steps, 0, steps);
      found.push({ start: from, end: to, headline, verdict, steps, rules, size: remark.size ?? -1 });
    }
    // What is inside of something else comes first.
    return found.sort((x, y) => x.end - x.start - (y.end - y.start));
  }

  private steps(world: World, steps: readonly Step[], depth: number, out: ExplanationStep[]): void {
    for (const step of steps) {
      const decl = step.pos > 1 ? this.declAt(world, step.pos) : null;
      const file = step.pos > 1 ? (world.session.fset.file(step.pos)?.name ?? "") : "";
      const at = decl === null ? 0 : step.pos - decl.home + decl.start;
      out.push({ text: step.text, place: decl === null ? null : { file, start: at, end: at }, depth });
      this.steps(world, step.why, depth + 1, out);
    }
  }

  private sceneOf(world: World, decl: DeclState): Scene {
    const entries = decl.remarks.map((remark) => ({ remark }));
    return new Scene(world.session, this.unit.importPath, this.bare(world, entries, [fileOf(decl.decl)]));
  }

  /** The package as far as explanations look into callees. */
  private wholeScene(world: World, own: Scene): Scene {
    if (!this.isSmall()) return own;
    const entries = [...this.decls()].flatMap((decl) => decl.remarks.map((remark) => ({ remark })));
    return new Scene(world.session, this.unit.importPath, this.bare(world, entries, world.trees));
  }

  private bare(world: World, entries: PackageResult["entries"], files: readonly File[]): PackageResult {
    const { checked } = world;
    const none = { errors: [], graphs: [], optLog: [], allocs: [], debug: "", facts: new Map(), named: new Map() };
    return { ...none, entries, files, checked, attempt: checked };
  }

  /** Has the function explained, if that was left out. */
  private explainFlows(world: World, decl: DeclState): void {
    const fn = decl.obj;
    if (fn === null || decl.remarks.every(({ flows }) => flows === null) === false || !decl.isFresh) return;
    if (isGeneric(decl.decl as FuncDecl)) return;
    const { session, checked, trees, named, versions } = world;
    const functions = { funcs: new Set([fn]), inits: false, named };
    const options = { ...this.options, explain: true };
    const result = analyzePart(session, this.unit, options, {
      files: trees,
      checked: { ...checked, versions },
      functions,
    });
    const explained = new Map<string, Remark>();
    for (const entry of result.entries) {
      if ("remark" in entry)
        explained.set(`${session.fset.outermost(entry.remark.pos)} ${entry.remark.msg}`, entry.remark);
    }
    decl.remarks = decl.remarks.map(
      (remark) => explained.get(`${session.fset.outermost(remark.pos)} ${remark.msg}`) ?? remark,
    );
  }

  /** Changes that were tried and keep values in a stretch of a file on the stack. */
  fixes(name: string, start: number, end: number): FixView[] {
    const examine = (drafts: ReadonlyMap<string, Uint8Array>): Scene | string =>
      this.host.withDrafts(drafts, () => {
        const session = this.currentSession();
        this.analyses++;
        const options = { ...this.options, explain: true, checkpoint: () => this.host.checkpoint() };
        const result = analyzePackage(session, this.unit, options);
        if (result.checked === null || result.errors.length > 0) return result.errors[0]?.msg ?? "";
        return new Scene(session, this.unit.importPath, result);
      });
    const scene = examine(new Map());
    if (typeof scene === "string") return [];
    const { fset } = scene.session;
    const ranges = new Ranges(fset, scene.result.files);
    const found: FixView[] = [];
    const seen = new Set<string>();
    for (const remark of heapRemarks(scene)) {
      const source = remark.pos > 1 ? fset.file(remark.pos) : null;
      if (source === null || source.name !== name) continue;
      const range = ranges.of(remark.pos);
      const from = range.start - source.base;
      const to = Math.max(range.end, range.start) - source.base;
      if (to < start || from > end || seen.has(`${from} ${remark.msg}`)) continue;
      seen.add(`${from} ${remark.msg}`);
      for (const { candidate, gone, added } of suggestions(scene, remark, examine)) {
        const edits = candidate.edits.map((edit) => {
          const file = fset.file(edit.start)!;
          return { file: file.name, start: edit.start - file.base, end: edit.end - file.base, text: edit.text };
        });
        found.push({
          title: candidate.title,
          note: candidate.note,
          removes: gone.length + 1,
          adds: added.length,
          edits: distinct(edits),
          message: remark.msg,
          place: { file: name, start: from, end: to },
        });
      }
    }
    return found;
  }

  /** The location graph of the function at a place, in the given form; "" if there is none. */
  graph(name: string, offset: number, format: GraphFormat): string {
    const { world } = this;
    const decl = this.declOf(name, offset);
    if (world === null || decl === null || decl.obj === null) return "";
    const { session, checked, trees, named, versions } = world;
    const functions = { funcs: this.closed(world, new Set([decl.obj]), false), inits: false, named };
    const options = { ...this.options, explain: true, graphs: true };
    const result = analyzePart(session, this.unit, options, {
      files: trees,
      checked: { ...checked, versions },
      functions,
    });
    return graphText(session.fset, this.unit.importPath, result.graphs, format);
  }

  // ------------------------------------------------------------------------------------------------- views

  /** `sent` has the serial numbers of the declarations whose findings the receiver has. */
  view(name: string, version: number, sent: ReadonlyMap<string, number> = nothing): FileView {
    const file = this.files.get(name);
    const functions: FunctionView[] = [];
    if (file !== undefined && this.world !== null) {
      for (const decl of file.decls) {
        functions.push({
          name: decl.name,
          key: decl.key,
          isFunction: decl.obj !== null,
          isFresh: decl.isFresh && !this.needsAll,
          start: decl.start,
          end: decl.end,
          inlineCost: decl.obj?.summary?.inl?.cost ?? null,
          serial: decl.serial,
          findings: sent.get(decl.key) === decl.serial ? null : this.presentFindings(this.world, decl),
        });
      }
    }
    const problem = this.problem;
    return { file: name, version, functions, importPath: this.unit.importPath, problem };
  }

  /** What is known of a declaration, in the present text. */
  private presentFindings(world: World, decl: DeclState): readonly Finding[] {
    decl.findings ??= findingsOf(world.session.fset, decl.decl, decl.remarks);
    if (decl.drift.length === 0) return decl.findings;
    const present: Finding[] = [];
    for (const finding of decl.findings) {
      const place = decl.present(finding);
      if (place === null) continue;
      const flow = finding.flow.flatMap((step) => {
        const now = decl.present(step);
        return now === null ? [] : [{ text: step.text, ...now }];
      });
      present.push({
        ...finding,
        start: place.start,
        end: place.end,
        at: finding.at - finding.start + place.start,
        flow,
      });
    }
    return present;
  }
}

function add<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

/** Objects that the signature declares stand where the new text has them. */
function movePositions(fn: Func, decl: FuncDecl): void {
  fn.pos = decl.name.pos;
  const sig = fn.type!;
  const move = (v: Var | null, field: { name: { pos: Pos } | null; type: { pos: Pos } } | null): void => {
    if (v !== null && field !== null) v.pos = field.name?.pos ?? field.type.pos;
  };
  move(sig.recv, decl.recv);
  for (let i = 0; i < sig.params.vars.length; i++) move(sig.params.vars[i], decl.type.params[i] ?? null);
  for (let i = 0; i < sig.results.vars.length; i++) move(sig.results.vars[i], decl.type.results[i] ?? null);
}

function sameFacts(a: FuncSummary | null, b: FuncSummary | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.inl === null || b.inl === null ? a.inl !== b.inl : a.inl.cost !== b.inl.cost) return false;
  if (a.inl?.canDelayResults !== b.inl?.canDelayResults) return false;
  return a.tags.length === b.tags.length && a.tags.every((tag, i) => tag === b.tags[i]);
}

function distinct<T>(list: readonly T[]): T[] {
  const seen = new Set<string>();
  return list.filter((item) => {
    const key = JSON.stringify(item);
    return !seen.has(key) && seen.add(key);
  });
}
