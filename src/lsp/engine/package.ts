/** The decisions of one package while its files are edited.
 *
 *  An edit inside one function is read, checked and analysed alone, together with what it may concern: functions that
 *  reach each other are analysed together, and callers again when what they see of a callee has changed (its parameter
 *  tags; its body, if it can be inlined). Everything else, and what touches declarations, analyses the package anew.
 *
 *  What cannot be read or checked keeps the decisions that it had, moved with the text. */
import { FileSet } from "../../base/pos.ts";
import {
  type AnalyzeOptions,
  analyzePackage,
  analyzePart,
  type PackageResult,
  type PackageUnit,
} from "../../report/analyze.ts";
import { Scene } from "../../report/explain/scene.ts";
import type { GraphFormat } from "../../report/graph.ts";
import type { Session } from "../../report/session.ts";
import { type Expr, type File, type FuncDecl, Kind, type Node } from "../../syntax/ast.ts";
import { isSyntaxError, parseFile } from "../../syntax/parse.ts";
import { inspect } from "../../syntax/walk.ts";
import type { CheckResult } from "../../types/check.ts";
import { BasicKind, type Func, type FuncSummary, TypeKind } from "../../types/types.ts";
import { difference } from "../text.ts";
import { type DeclState, FileState } from "./decls.ts";
import { isGeneric, mentionsOf } from "./mentions.ts";
import type { Explanation, FileView, Finding, FixView, FunctionView } from "./model.ts";
import { explainAt, fixesIn, graphOf, type Subject } from "./questions.ts";
import { findingsOf } from "./records.ts";
import { checkAgain, readAgain, rehome } from "./reread.ts";
import { World } from "./world.ts";

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
    const world = new World(session, checked, result.files, new Map(result.named), this.files);
    this.files.clear();
    this.addFiles(world, result.files);
    for (const [fn, summary] of result.facts) fn.summary = summary;
    this.world = world;
    world.distribute(result, null);
    for (const decl of world.decls()) decl.isFresh = true;
  }

  private addFiles(world: World, trees: readonly File[]): void {
    const { fset } = world.session;
    for (const tree of trees) {
      const source = fset.file(tree.pos);
      if (source === null) continue;
      const file = new FileState(source.name, this.host.readFile(source.name), tree, fset);
      this.files.set(source.name, file);
      world.add(source, file);
      for (const decl of file.decls) decl.serial = this.host.serial();
    }
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
    const world = new World(session, attempt, result.files, named, this.files);
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
    const decl = readAgain(world, this.unit, file, state);
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
    const errors = checkAgain(world, this.unit, file.tree, fn, decl);
    if (errors.length > 0) {
      this.problem = errors[0].msg;
      return null;
    }
    this.problem = this.broken;
    this.mayBeMended = this.broken !== "";
    const before = world.mentions(state);
    const after = mentionsOf(decl, world.checked.pkg);
    if (after.instances !== before.instances || after.localTypes + before.localTypes > 0) {
      this.needsAll = true;
      return null;
    }
    rehome(world, file, state, decl);
    world.connect(state, before, after);
    return fn;
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
        for (const caller of world.callersOf(fn)) {
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
    const { session, named } = world;
    const explain = funcs.size <= 2 * maxPart || this.isSmall();
    // What an edit is answered with is not put off by the next one.
    const checkpoint = isPatient ? { checkpoint: () => this.host.checkpoint() } : {};
    const result = analyzePart(
      session,
      this.unit,
      { ...this.options, explain, ...checkpoint },
      world.part(funcs, inits),
    );
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
    if (inits) for (const decl of world.decls()) if (decl.obj === null) decls.add(decl);
    for (const decl of decls) {
      decl.remarks = [];
      decl.findings = null;
      decl.serial = this.host.serial();
      if (decl.drift.length === 0) decl.isFresh = true;
    }
    world.distribute(result, decls);
    return visible;
  }

  /** With all functions that some of `funcs` reach and are reached by; if those are many and it need not be exact, that
   *  is left for later. */
  private closed(world: World, funcs: ReadonlySet<Func>, exact: boolean): Set<Func> {
    const all = new Set<Func>();
    for (const fn of funcs) {
      const group = world.groupOf(fn);
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

  private subject(world: World): Subject {
    return { world, unit: this.unit, options: this.options, isSmall: () => this.isSmall() };
  }

  /** Why what stands at a place is where it is. */
  explain(name: string, offset: number): Explanation[] {
    const decl = this.declOf(name, offset);
    return this.world === null || decl === null ? [] : explainAt(this.subject(this.world), decl, offset);
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
    return fixesIn(examine, name, start, end);
  }

  /** The location graph of the function at a place, in the given form; "" if there is none. */
  graph(name: string, offset: number, format: GraphFormat): string {
    const { world } = this;
    const decl = this.declOf(name, offset);
    if (world === null || decl === null || decl.obj === null) return "";
    return graphOf(this.subject(world), this.closed(world, new Set([decl.obj]), false), format);
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

function sameFacts(a: FuncSummary | null, b: FuncSummary | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.inl === null || b.inl === null ? a.inl !== b.inl : a.inl.cost !== b.inl.cost) return false;
  if (a.inl?.canDelayResults !== b.inl?.canDelayResults) return false;
  return a.tags.length === b.tags.length && a.tags.every((tag, i) => tag === b.tags[i]);
}
