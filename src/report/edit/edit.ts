/** A package after an edit of some functions: only these are analysed, with what the summary of the package knows of the
 *  others, and what the package said before is taken over for the rest.
 *
 *  That holds if nobody else sees a difference, which is what is checked here:
 *
 *  - the edit changes bodies, or adds or removes functions that nothing mentions;
 *  - what callers know of an edited function stays the same, and it cannot be inlined; or nothing mentions it;
 *  - it needs no instances and no wrappers, which are made once for the package;
 *  - functions come in the same order, in every stage: that is the order of the lines;
 *  - what was said of the functions as they were is what analysing them alone gives.
 *
 *  In all other cases the result is null: the package has to be analysed as a whole. */
import { lineStarts } from "../../base/pos.ts";
import { Stage } from "../../ir/stage.ts";
import { type File, type FuncDecl, Kind, type Node } from "../../syntax/ast.ts";
import { parseFile } from "../../syntax/parse.ts";
import { crawl, inspect } from "../../syntax/walk.ts";
import { method, numMethods } from "../../types/named.ts";
import { isExported } from "../../types/object.ts";
import { declareFunc, type FileImport, movePositions, recheckFuncDecl } from "../../types/recheck.ts";
import { namedBy } from "../../types/selection.ts";
import { writeMoves } from "../../types/summary-moves.ts";
import { type Func, type FuncSummary, type Obj, ObjKind, type Package, TypeKind } from "../../types/types.ts";
import { type AnalyzeOptions, analyzePart, type PackageResult, type PackageUnit } from "../analyze.ts";
import { declName } from "../functions.ts";
import { remarkLine } from "../remark.ts";
import type { Session } from "../session.ts";
import { type Alignment, align, movesOf, Text } from "./align.ts";
import { Merge, type Part } from "./merge.ts";
import { goesByList, type Stretch, stretchesOf } from "./spoken.ts";
import { mentions, NameGraph } from "./words.ts";

/** What is known of a package that has been analysed. */
export interface Known {
  /** How many functions each of its files declares. */
  readonly counts: readonly number[];
  readonly summary: Uint8Array;
  /** The lines of its output, without their ends. */
  readonly lines: readonly string[];
  readonly stretches: readonly Stretch[];
  /** Functions of which the summary knows nothing, or something that is no longer true. */
  readonly unknown: readonly string[];
}

export interface Before extends Known {
  /** The texts of its files, in the order of the unit's. */
  readonly texts: readonly Uint8Array[];
}

export interface EditInput {
  readonly unit: PackageUnit;
  readonly options: AnalyzeOptions;
  readonly before: Before;
  /** The texts now. */
  readonly texts: readonly Uint8Array[];
  /** A session of its own in which the package that is edited has the summary that the function gives. */
  openSession(summary: () => Uint8Array): Session;
}

export interface Edited extends Known {
  /** Declarations stand on other lines than before. */
  readonly linesMoved: boolean;
}

/** Null if the package has to be analysed as a whole. */
export function analyzeEdit(input: EditInput): Edited | null {
  const { before, texts } = input;
  const changed: number[] = [];
  for (let i = 0; i < texts.length; i++) if (!sameBytes(before.texts[i], texts[i])) changed.push(i);
  if (changed.length !== 1 || before.texts.length !== texts.length) return null;
  return new Edit(input, changed[0]).run();
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A function that is analysed, in one of its states. */
interface Subject {
  readonly decl: FuncDecl;
  readonly fn: Func;
}

class Edit {
  private summary: Uint8Array = new Uint8Array();
  private readonly session: Session;

  constructor(
    private readonly input: EditInput,
    private readonly file: number,
  ) {
    this.session = input.openSession(() => this.summary);
  }

  run(): Edited | null {
    const { before, texts } = this.input;
    const old = this.read(before.texts[this.file]);
    const now = this.read(texts[this.file]);
    if (old === null || now === null) return null;
    const alignment = align(old, now);
    if (alignment === null) return null;
    const file: number = this.file;
    const moves = movesOf(file, old, now, alignment);
    this.summary = writeMoves(before.summary, file, moves, { size: now.bytes.length, lines: lineStarts(now.bytes) });
    const pkg = this.session.importPackage(this.input.unit.importPath);
    if (pkg === null) return null;
    return new Change(this.input, this.session, pkg, file, old, now, alignment, this.summary).run();
  }

  private read(bytes: Uint8Array): Text | null {
    const { session } = this;
    const { unit } = this.input;
    const { file, errors } = parseFile(session.fset, unit.goFiles[this.file], bytes, {
      std: unit.isStd,
      compilingRuntime: false,
      goarch: session.goarch,
      genericMethods: session.rules.genericMethods,
    });
    if (file === null || errors.length > 0 || file.goVersion !== "") return null;
    const text = new Text(session.fset, file, bytes);
    // Positions would mean others.
    return /\/[/*]line /.test(text.chars) ? null : text;
  }
}

class Change {
  private readonly edited: { readonly old: FuncDecl; readonly now: FuncDecl }[] = [];
  private readonly imports: readonly FileImport[];
  private readonly unknown: ReadonlySet<string>;
  /** The text of the package but for the functions that are looked at. */
  private readonly elsewhere: (name: string) => boolean;

  constructor(
    private readonly input: EditInput,
    private readonly session: Session,
    private readonly pkg: Package,
    private readonly file: number,
    private readonly old: Text,
    private readonly now: Text,
    private readonly alignment: Alignment,
    private readonly summary: Uint8Array,
  ) {
    for (const pair of alignment.pairs)
      if (pair.isEdited) this.edited.push({ old: pair.old as FuncDecl, now: pair.now as FuncDecl });
    this.imports = pkg.summary!.files()[file].imports;
    this.unknown = new Set(input.before.unknown);
    const decoder = new TextDecoder("latin1");
    const others = input.texts.filter((_, i) => i !== file).map((text) => decoder.decode(text));
    const own = this.subjects(now).map((decl): [number, number] => [now.start(decl), now.end(decl)]);
    this.elsewhere = (name) => others.some((text) => mentions(text, name)) || mentions(now.chars, name, own);
  }

  /** The functions that are different in that state. */
  private subjects(text: Text): FuncDecl[] {
    const { removed, added } = this.alignment;
    const isOld = text === this.old;
    return [...this.edited.map((pair) => (isOld ? pair.old : pair.now)), ...(isOld ? removed : added)];
  }

  run(): Edited | null {
    const { old, now } = this;
    if (!this.isSelfContained() || !this.keepsImports()) return null;
    const before = this.analyze(old, this.subjects(old));
    const after = before === null ? null : this.analyze(now, this.subjects(now));
    if (before === null || after === null) return null;
    if (![...before.inlined].every((fn) => after.inlined.has(fn)) || before.inlined.size !== after.inlined.size)
      return null;
    const unknown = this.unknownAfter(before, after);
    if (unknown === null || !this.keepsOrder(before, after)) return null;
    const { before: known } = this.input;
    const parts = { before: before.part, after: after.part };
    const merged = new Merge(known, this.file, old, now, this.alignment, parts).run();
    if (merged === null) return null;
    const counts = known.counts.slice();
    counts[this.file] += this.alignment.added.length - this.alignment.removed.length;
    return { ...merged, counts, summary: this.summary, unknown };
  }

  /** Functions that are new or gone concern nobody else, and those that are looked at not each other. */
  private isSelfContained(): boolean {
    const { pkg, old, now, unknown, edited } = this;
    const { removed, added } = this.alignment;
    const own = [...new Set([...this.subjects(old), ...this.subjects(now)].map((decl) => decl.name.value))];
    if (own.some((name) => !/^\w+$/.test(name))) return false;
    for (const text of [old, now]) {
      for (const decl of this.subjects(text)) {
        const chars = text.of(decl);
        for (const name of own) if (name !== decl.name.value && mentions(chars, name)) return false;
        for (const name of unknown) if (name !== decl.name.value && mentions(chars, name)) return false;
      }
    }
    for (const decl of [...removed, ...added]) {
      const name = decl.name.value;
      if (decl.recv !== null || name === "main" || isExported(name) || this.elsewhere(name)) return false;
    }
    for (const { now: decl } of edited) {
      if (unknown.has(decl.name.value) && (decl.recv !== null || this.elsewhere(decl.name.value))) return false;
    }
    if (added.length === 0) return true;
    if (pkg.summary!.files().some(({ imports }) => imports.some(({ name }) => name === "."))) return false;
    return added.every((decl) => pkg.scope.lookup(decl.name.value) === null);
  }

  /** All that is imported is still used. */
  private keepsImports(): boolean {
    const { old, now } = this;
    for (const { name } of this.imports) {
      if (name === "_" || name === ".") continue;
      const wasUsed = this.subjects(old).some((decl) => mentions(old.of(decl), name));
      if (wasUsed && !this.subjects(now).some((decl) => mentions(now.of(decl), name))) return false;
    }
    return true;
  }

  /** Null if it has errors, or if it concerns more than these functions. */
  private analyze(text: Text, decls: readonly FuncDecl[]): Analyzed | null {
    const { session, pkg, input } = this;
    const { unit, options } = input;
    const conf = session.checkConfig(unit.goVersion, session.importerFor(unit.imports));
    const subjects: Subject[] = [];
    for (const decl of decls) {
      const fn = this.funcOf(decl, conf);
      if (fn === null || fn.type!.rparams.length > 0) return null;
      movePositions(fn, decl);
      const errors = recheckFuncDecl(conf, pkg, fn, decl, this.imports, { isUnseen: true });
      if (errors.length > 0 || hasTypes(decl)) return null;
      decl.name.obj = fn;
      subjects.push({ decl, fn });
    }
    const funcs = new Set(subjects.map(({ fn }) => fn));
    const versions = new Map<File, string>([[text.tree, unit.goVersion]]);
    const checked = { pkg, errors: [], initOrder: [], versions, hasRangeFunc: true };
    const tree = text.tree;
    const all = tree.decls;
    tree.decls = all.filter((decl) => decls.includes(decl as FuncDecl));
    let result: PackageResult;
    try {
      const functions = { funcs, inits: false, named: new Map<string, FuncSummary>() };
      result = analyzePart(session, unit, { ...options, visits: true }, { files: [tree], checked, functions });
    } finally {
      tree.decls = all;
    }
    if (result.errors.length > 0 || result.needsMore) return null;
    const part = this.partOf(result, subjects);
    return part === null ? null : { part, facts: result.facts, inlined: result.inlined };
  }

  /** The object of a function; functions that the summary does not know are declared. */
  private funcOf(decl: FuncDecl, conf: Parameters<typeof declareFunc>[0]): Func | null {
    const { pkg } = this;
    const name = decl.name.value;
    if (decl.recv !== null) {
      const type = /\w+(?=\)?\.)/.exec(declName(decl))?.[0] ?? "";
      const obj = pkg.scope.lookup(type);
      if (obj === null || obj.kind !== ObjKind.TypeName) return null;
      return methodOf(obj, name);
    }
    const known = pkg.scope.lookup(name);
    if (known !== null) return known.kind === ObjKind.Func ? known : null;
    const { fn, errors } = declareFunc(conf, pkg, decl, this.imports);
    return errors.length > 0 ? null : fn;
  }

  private partOf(result: PackageResult, subjects: readonly Subject[]): Part | null {
    const { fset } = this.session;
    const numbers = new Map(subjects.map(({ fn }, i) => [fn, i]));
    const lines: string[] = [];
    for (const entry of result.entries) {
      if (!("remark" in entry)) return null;
      lines.push(remarkLine(fset, entry.remark));
    }
    const stretches = stretchesOf(result, (fn) => numbers.get(fn) ?? -1);
    for (const { stage, fn, isLiteral, lines: count } of stretches)
      if (count > 0 && (stage === Stage.Other || fn < 0 || (isLiteral && goesByList(stage)))) return null;
    return { decls: subjects.map(({ decl }) => decl), stretches, lines };
  }

  /** The functions of which the summary does not know what is true; null if others would see a difference: what they know of
   *  the edited functions has to be what it was, unless they do not mention them. */
  private unknownAfter(before: Analyzed, after: Analyzed): string[] | null {
    const { pkg } = this;
    const unknown = new Set(this.unknown);
    let graph: NameGraph | null = null;
    const graphOf = (): NameGraph => (graph ??= new NameGraph(this.input.texts));
    for (const { old, now } of this.edited) {
      const name = now.name.value;
      const fn = now.name.obj as Func;
      const a = before.facts.get(fn) ?? null;
      const b = after.facts.get(fn) ?? null;
      if (a === null || b === null) return null;
      const known = fn.summary;
      if (known !== null && !unknown.has(name) && (known.inl === null) !== (a.inl === null)) return null;
      if (known !== null && !unknown.has(name) && !sameFacts(known, a)) return null;
      const isMentioned = this.elsewhere(name);
      const isFixed = a.inl === null && b.inl === null && sameFacts(a, b);
      if (!isFixed) {
        if (isMentioned || now.recv !== null || isExported(name)) return null;
        unknown.add(name);
      }
      if (!isMentioned) continue;
      if (graphOf().isInCycle(name)) return null;
      if (graphOf().isReachedByOthers(name) && globalsOf(old, pkg) !== globalsOf(now, pkg)) return null;
    }
    for (const decl of this.alignment.added) unknown.add(decl.name.value);
    const names = pkg.summary!.names();
    for (const { name } of this.alignment.removed) {
      if (names.includes(name.value)) unknown.add(name.value);
      else unknown.delete(name.value);
    }
    return [...unknown];
  }

  /** Functions are visited in the order in which they were. A function is visited after those that it mentions: if these
   *  come before it anyway, nothing depends on its mentioning them. */
  private keepsOrder(before: Analyzed, after: Analyzed): boolean {
    const { pkg, old, now } = this;
    const { removed, added } = this.alignment;
    if (!added.every((decl) => this.followsItsCallees(now, decl))) return false;
    if (!removed.every((decl) => this.followsItsCallees(old, decl))) return false;
    return this.edited.every((pair) => {
      if (this.followsItsCallees(old, pair.old) && this.followsItsCallees(now, pair.now)) return true;
      const [a, b] = [callsOf(pair.old, pkg), callsOf(pair.now, pkg)];
      if (a.length !== b.length || a.some((fn, i) => fn !== b[i])) return false;
      // Literals are visited between them.
      if (hasLiterals(before.part, pair.old) || hasLiterals(after.part, pair.now)) return false;
      return callsSaid(before.part, pair.old) === callsSaid(after.part, pair.now);
    });
  }

  /** The functions of the package that it mentions are declared before it. */
  private followsItsCallees(text: Text, decl: FuncDecl): boolean {
    return callsOf(decl, this.pkg).every((fn) => {
      const range = fn === decl.name.obj ? null : this.pkg.summary!.declRange(fn);
      if (range === null || range.file !== this.file) return range === null || range.file < this.file;
      if (text === this.now) return range.start < text.start(decl);
      const pair = this.alignment.pairs.find((pair) => this.now.start(pair.now) === range.start);
      return pair !== undefined && text.start(pair.old) < text.start(decl);
    });
  }
}

interface Analyzed {
  readonly part: Part;
  readonly facts: ReadonlyMap<Func, FuncSummary>;
  readonly inlined: ReadonlySet<Func>;
}

/** A method that is declared with the type. */
function methodOf(type: Obj, name: string): Func | null {
  const named = type.type;
  if (named === null || named.kind !== TypeKind.Named) return null;
  for (let i = 0; i < numMethods(named); i++) {
    const fn = method(named, i);
    if (fn.name === name) return fn;
  }
  return null;
}

/** Types that functions declare are numbered through the package. */
function hasTypes(decl: FuncDecl): boolean {
  let found = false;
  crawl(decl, (node) => {
    if (node.kind === Kind.TypeDecl) found = true;
    return found;
  });
  return found;
}

/** The functions and methods of the package that a function mentions, each time. */
function callsOf(decl: FuncDecl, pkg: Package): Func[] {
  const calls: Func[] = [];
  inspect(decl.body!, (node: Node | null) => {
    const obj = node === null ? null : namedBy(node);
    if (obj?.kind === ObjKind.Func && obj.pkg === pkg) calls.push(obj.origin);
    return true;
  });
  return calls;
}

/** What the function mentions of the package: initialisers of variables come in an order that depends on it. */
function globalsOf(decl: FuncDecl, pkg: Package): string {
  const names = new Set(callsOf(decl, pkg).map((fn) => fn.name));
  inspect(decl.body!, (node: Node | null) => {
    if (node?.kind === Kind.Name && node.obj?.parent === pkg.scope) names.add(node.value);
    return true;
  });
  return [...names].sort().join();
}

function hasLiterals({ decls, stretches }: Part, decl: FuncDecl): boolean {
  return stretches.some(({ fn, isLiteral }) => isLiteral && decls[fn] === decl);
}

/** Which calls were said to be inlined or to have become static. */
function callsSaid({ decls, stretches, lines }: Part, decl: FuncDecl): string {
  const said: string[] = [];
  let at = 0;
  for (const { fn, lines: count } of stretches) {
    if (decls[fn] === decl)
      for (const line of lines.slice(at, at + count))
        said.push(...(/ (?:inlining call to|devirtualizing) .*/.exec(line) ?? []));
    at += count;
  }
  return said.join("\n");
}

function sameFacts(a: FuncSummary, b: FuncSummary): boolean {
  return a.pragma === b.pragma && a.tags.length === b.tags.length && a.tags.every((tag, i) => tag === b.tags[i]);
}
