/** The analysis of one package, stage by stage, in the order of cmd/compile/internal/gc/main.go. */

import type { Diagnostic } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { type DebugSwitches, defaultSwitches } from "../base/switches.ts";
import type { EscapeConfig } from "../escape/batch.ts";
import { dumpGraph, type GraphDump } from "../escape/dump.ts";
import { analyzeFuncs } from "../escape/escape.ts";
import type { Explanation } from "../escape/explain.ts";
import { frameLimits, smallFrameLimits } from "../escape/limits.ts";
import { Inliner } from "../inline/inliner.ts";
import { devirtualizeAndInlineFunc, devirtualizeAndInlinePackage } from "../inline/interleaved.ts";
import { defaultPgoOptions, type PgoOptions, ProfileGraph } from "../inline/pgo/graph.ts";
import { genABIWrappers } from "../ir/abiwrappers.ts";
import { bloopWalk } from "../ir/bloop.ts";
import { reportElidedBounds } from "../ir/bounds.ts";
import { deadLocals } from "../ir/deadlocals.ts";
import { compilerDump, dumpFunc } from "../ir/dump.ts";
import { caseString, nodeString } from "../ir/fmt.ts";
import { funcName } from "../ir/func.ts";
import { forCapture, type VarAndLoop } from "../ir/loopvar.ts";
import { EscHeap } from "../ir/name.ts";
import { CaseClause, type Func, FuncFlag, type Name, type Node } from "../ir/node.ts";
import { typeCopies } from "../ir/noder/copies.ts";
import { exportData } from "../ir/noder/exported.ts";
import { haveInlineBody, inlinedBodyKey } from "../ir/noder/inlcall.ts";
import { exportedDeclKey } from "../ir/noder/lookup.ts";
import type { Noder } from "../ir/noder/noder.ts";
import { lowerPackage } from "../ir/noder/package.ts";
import { type LowerPart, linkName } from "../ir/noder/part.ts";
import { makeWrappers } from "../ir/noder/wrappers.ts";
import { Op } from "../ir/op.ts";
import { type OnVisit, Stage } from "../ir/stage.ts";
import { makeTask } from "../ir/staticinit/pkginit.ts";
import { pathToPrefix } from "../ir/typefmt.ts";
import { TKind } from "../ir/types.ts";
import { isRuntimePackage } from "../load/special.ts";
import { readSymAbis, type SymAbis } from "../load/symabis.ts";
import type { File } from "../syntax/ast.ts";
import { isSyntaxError, parseFile } from "../syntax/parse.ts";
import { type CheckResult, checkPackage } from "../types/check.ts";
import type { SummaryInput } from "../types/summary-origin.ts";
import type { FuncSummary, Func as TypesFunc } from "../types/types.ts";
import { collectAllocs, type FuncAllocs } from "./allocs/collect.ts";
import { Instances } from "./instances.ts";
import type { OptRecord } from "./optlog.ts";
import { kindOf, type Remark } from "./remark.ts";
import type { Session } from "./session.ts";

/** A package to analyse; plain data, so that it can be sent to a worker. */
export interface PackageUnit {
  readonly importPath: string;
  /** The compiler's -p: `main` for commands, else the import path. */
  readonly compilerPath: string;
  /** Absolute names of its Go files, in the compiler's order. */
  readonly goFiles: readonly string[];
  /** Import path as written → path of the package that is meant. */
  readonly imports: ReadonlyMap<string, string>;
  /** `-lang`: go1.N. */
  readonly goVersion: string;
  /** There is nothing but Go in it, so every function needs a body. */
  readonly complete: boolean;
  readonly isStd: boolean;
  /** What a program comes to, if functions that it does not come to have no bodies. */
  readonly partial?: PartialUnit;
  /** The profile that guides inlining, as the session knows it; absent without one. */
  readonly profile?: string;
  /** Its assembly; absent where Go and assembly call each other alike. */
  readonly asm?: AsmSources;
}

/** What of the package is compiled. */
export interface PartialUnit {
  readonly types: ReadonlySet<string>;
  /** `T.M`: methods of its types that may be called, own or promoted ones. */
  readonly methods: ReadonlySet<string>;
}

export interface AsmSources {
  /** Absolute names. */
  readonly files: readonly string[];
  /** Names that are defined from the start: `GOOS_linux`, `GOARCH_amd64`. */
  readonly defines: readonly string[];
  readonly includeDirs: readonly string[];
}

/** Flags that change verdicts, and so the summaries that importers see. */
export interface CompileOptions {
  /** -l: level 0 inlines. */
  readonly l: number;
  /** -N: no optimisations. */
  readonly N: boolean;
  readonly smallFrames: boolean;
  /** -d=escapemutationscalls. */
  readonly mutations: boolean;
  readonly zeroCopy: boolean;
  /** Switches for profile-guided optimisation, where they differ from the default. */
  readonly pgo?: PgoOptions;
  /** -d=…, where it differs from the default. */
  readonly switches?: DebugSwitches;
}

export interface AnalyzeOptions {
  /** Level of -m; 0 analyses for the sake of importers and says nothing. */
  readonly m: number;
  /** What the compiler's flags change in the analysis itself. */
  readonly compile: CompileOptions;
  /** Build explanations, even where -m does not print them. */
  readonly explain: boolean;
  readonly graphs: boolean;
  /** Keep the comments in the trees. */
  readonly comments?: boolean;
  /** Functions, with their import paths, that are to count as inlinable although they cost too much. */
  readonly assumed?: ReadonlySet<string>;
  /** Find out what each function allocates. */
  readonly allocs?: boolean;
  /** Note whom the stages visit, in {@link PackageResult.visits}. */
  readonly visits?: boolean;
  /** Called between stages and between functions; what it throws ends the analysis. */
  readonly checkpoint?: () => void;
  /** Check what can be read of files with syntax errors. */
  readonly tolerant?: boolean;
  /** Keep the records of the compiler's own log. */
  readonly optLog?: boolean;
  /** Show the state after this stage, of all functions or of the one named. */
  readonly debug: { readonly stage: string; readonly func: string } | null;
}

/** Stages whose result `--debug` can show. */
export const debugStages = ["syntax", "ir", "devirtualize", "wrappers", "loopvar", "deadlocals", "escape"] as const;
export type DebugStage = (typeof debugStages)[number];

/** A stage came to a function: what was said from there on belongs to it. */
export interface Visit {
  readonly stage: Stage;
  /** The declared function that it is or is a literal of; null for instances, wrappers and initialisers. */
  readonly fn: TypesFunc | null;
  readonly isLiteral: boolean;
  /** It initialises the variables of the package, or is a literal of what does. */
  readonly isInit: boolean;
  /** Of functions that reach each other the first. */
  readonly isFirst: boolean;
  /** How many entries there were before. */
  readonly from: number;
}

/** What was said, in emission order. */
export type Entry = { readonly remark: Remark } | { readonly explanation: Explanation };

export interface PackageResult {
  readonly entries: readonly Entry[];
  /** In the order of discovery; with any, the later stages have not run. */
  readonly errors: readonly Diagnostic[];
  readonly graphs: readonly GraphDump[];
  readonly optLog: readonly OptRecord[];
  /** What each function allocates, if that was asked for. */
  readonly allocs: readonly FuncAllocs[];
  /** What `--debug` asked for. */
  readonly debug: string;
  readonly files: readonly File[];
  /** The checked package and what became known of its functions; null if it has errors. */
  readonly checked: CheckResult | null;
  /** The same with errors; null if there are syntax errors. */
  readonly attempt: CheckResult | null;
  readonly facts: ReadonlyMap<TypesFunc, FuncSummary>;
  /** The same of functions that have no declaration of their own, such as instances, by {@link linkName}. */
  readonly named: ReadonlyMap<string, FuncSummary>;
  /** If they were asked for. */
  readonly visits: readonly Visit[];
  /** Of a part: the functions of other packages whose bodies were inlined. */
  readonly inlined: ReadonlySet<TypesFunc>;
  /** What was found out depends on all of the package at once: on pointer types, or, of a part, on instances, or wrappers
   *  of types that have no declaration. */
  readonly needsMore: boolean;
}

/** Some functions of a package that was checked before, to be analysed again. */
export interface PackagePart {
  readonly files: readonly File[];
  readonly checked: CheckResult;
  readonly functions: LowerPart;
}

/** A package after escape analysis, for who goes on to compile it. */
export interface AnalyzedPackage {
  readonly n: Noder;
  readonly files: readonly File[];
  readonly checked: CheckResult;
  /** Types of the package that are needed; null for all. */
  readonly types: ReadonlySet<string> | null;
  /** Takes what turns out to be wrong with the package after all. */
  error(pos: Pos, msg: string): void;
}

/** What the summary of a package is written from that has been analysed without errors. */
export function summaryInput(session: Session, unit: PackageUnit, result: PackageResult): SummaryInput {
  return {
    fset: session.fset,
    files: result.files,
    facts: (fn) => result.facts.get(fn) ?? null,
    resolveImport: (path) => session.importPackage(unit.imports.get(path) ?? path),
  };
}

/** Takes packages without errors before their trees are given up. */
export type Backend = (pkg: AnalyzedPackage) => void;

const noFuncs: ReadonlySet<TypesFunc> = new Set();

/** The compiler's own function that gives variables of the package their values, or a part of it. */
function isInitialiser({ flags, source, sym }: Func): boolean {
  return (flags & FuncFlag.PackageInit) !== 0 || (source === null && sym.name.startsWith("map.init."));
}

/** Whether types have been read that have methods and are not declared in the package by a name. */
function needsWrappers({ needWrapperTypes }: Noder): boolean {
  return needWrapperTypes.some((type) => {
    if (type.sym !== null) return type.isFullyInstantiated || type.vargen > 0;
    if (type.kind === TKind.INTER) return type.fields.length > 0;
    return type.kind === TKind.STRUCT && type.fields.some((field) => field.embedded);
  });
}

function calledIn({ methods }: PartialUnit): (type: string, method: string) => boolean {
  return (type, method) => methods.has(`${type}.${method}`);
}

export function analyzePackage(
  session: Session,
  unit: PackageUnit,
  options: AnalyzeOptions,
  backend: Backend | null = null,
): PackageResult {
  return new PackageAnalysis(session, unit, options, backend).run();
}

/** Analyses some functions only, on what is known of the others (Func.summary). Nothing is said of functions that
 *  only exist for types, and the package itself learns nothing. */
export function analyzePart(
  session: Session,
  unit: PackageUnit,
  options: AnalyzeOptions,
  part: PackagePart,
): PackageResult {
  return new PackageAnalysis(session, unit, options, null).runPart(part);
}

class PackageAnalysis {
  private readonly entries: Entry[] = [];
  private readonly errors: Diagnostic[] = [];
  private readonly graphs: GraphDump[] = [];
  private readonly optLog: OptRecord[] = [];
  private allocs: readonly FuncAllocs[] = [];
  private readonly facts = new Map<TypesFunc, FuncSummary>();
  private readonly named = new Map<string, FuncSummary>();
  private debugText = "";
  private readonly visits: Visit[] = [];
  private inlined: ReadonlySet<TypesFunc> = noFuncs;
  private needsMore = false;

  constructor(
    private readonly session: Session,
    private readonly unit: PackageUnit,
    private readonly options: AnalyzeOptions,
    private readonly backend: Backend | null,
  ) {}

  run(): PackageResult {
    const files = this.parse();
    this.options.checkpoint?.();
    let checked: CheckResult | null = null;
    let attempt: CheckResult | null = null;
    if (this.options.tolerant === true || !this.errors.some(isSyntaxError)) {
      checked = this.check(files);
      attempt = checked;
      this.errors.push(...checked.errors);
      if (this.errors.length > 0) checked = null;
      else {
        this.options.checkpoint?.();
        this.compile(files, checked);
      }
    }
    return this.result(files, checked, attempt);
  }

  runPart({ files, checked, functions }: PackagePart): PackageResult {
    this.compile(files, checked, functions);
    return this.result(files, checked, checked);
  }

  private result(files: readonly File[], checked: CheckResult | null, attempt: CheckResult | null): PackageResult {
    const { entries, errors, graphs, optLog, allocs, facts, named, visits, inlined, needsMore } = this;
    const debug = this.debugText;
    const found = { entries, errors, graphs, optLog, allocs, facts, named, visits, inlined, needsMore };
    return { ...found, debug, files, checked, attempt };
  }

  private readonly say = (pos: Pos, msg: string, tight = false): void => {
    if (this.options.m > 0) this.entries.push({ remark: { pos, msg, flows: null, ...(tight ? { tight } : {}) } });
  };

  private readonly log = (pos: Pos, what: string, message: string): void => {
    this.optLog.push({ pos, last: pos, what, message, explanation: null });
  };

  /** Null if nobody wants to know. */
  private get onVisit(): OnVisit | null {
    return this.options.visits === true ? (stage, fn, isFirst) => this.visit(stage, fn, isFirst) : null;
  }

  private visit(stage: Stage, fn: Func | null, isFirst: boolean): void {
    const isLiteral = fn !== null && fn.closureParent !== null;
    let outer = fn;
    while (outer !== null && outer.closureParent !== null) outer = outer.closureParent;
    const source = outer === null || outer.isInstance ? null : outer.source;
    const isInit = outer !== null && isInitialiser(outer);
    this.visits.push({ stage, fn: source, isLiteral, isInit, isFirst, from: this.entries.length });
  }

  /** Explanations are wanted, by somebody who reads them or who prints them. */
  private get explains(): boolean {
    const { m, explain, optLog } = this.options;
    return m > 1 || explain || optLog === true;
  }

  private get switches(): DebugSwitches {
    const { switches = defaultSwitches } = this.options.compile;
    // The runtime cannot be instrumented.
    if (isRuntimePackage(this.unit.compilerPath)) return { ...switches, checkptr: 0 };
    return switches.checkptr >= 0 ? switches : { ...switches, checkptr: switches.race ? 1 : 0 };
  }

  private parse(): File[] {
    const { session, unit } = this;
    const files: File[] = [];
    const parse = session.host.parse ?? parseFile;
    const { genericMethods } = session.rules;
    const options = {
      std: unit.isStd,
      compilingRuntime: isRuntimePackage(unit.compilerPath),
      goarch: session.goarch,
      genericMethods,
      comments: this.options.comments === true,
    };
    for (const name of unit.goFiles) {
      this.options.checkpoint?.();
      const { file, errors } = parse(session.fset, name, session.host.readFile(name), options);
      if (file !== null) files.push(file);
      this.errors.push(...errors);
    }
    return files;
  }

  private check(files: readonly File[]): CheckResult {
    const { session, unit } = this;
    return checkPackage(
      {
        ...session.checkConfig(unit.goVersion, session.importerFor(unit.imports)),
        complete: unit.complete && unit.partial === undefined,
        partial: unit.partial !== undefined,
        hadErrors: this.errors.length > 0,
        goroot: session.host.goroot,
        ...this.interruption,
      },
      unit.compilerPath,
      files,
    );
  }

  private compile(files: readonly File[], checked: CheckResult, part: LowerPart | null = null): void {
    const { session, unit } = this;
    const n = lowerPackage({
      pkg: checked.pkg,
      files,
      initOrder: checked.initOrder,
      fset: session.fset,
      goVersion: unit.goVersion,
      versions: checked.versions,
      hasRangeFunc: checked.hasRangeFunc,
      machine: session.target,
      rules: session.rules,
      remark: this.say,
      switches: this.switches,
      notice: (pos, msg) => this.entries.push({ remark: { pos, msg, flows: null } }),
      sharedTypeFuncs: session.rules.sharedTypeFuncs,
      eagerDescriptors: this.explains && part === null,
      part,
      ...this.interruption,
    });
    const { funcs } = n.target;
    this.dump("ir", funcs);
    n.universe.pointers.stopKeeping();
    this.options.checkpoint?.();
    const profile = this.profileGraph(n);
    if (session.rules.bloop) bloopWalk(n, this.options.m, this.say);
    // Who compiles asks where values are; what is inlined is told to nobody.
    const spoken = this.backend === null ? this.options.m : 0;
    const { l } = this.options.compile;
    // As in the compiler, which swaps levels 0 and 1: -l means none.
    const log = this.options.optLog === true ? this.log : null;
    const inl = new Inliner(n, {
      level: l === 1 ? 0 : l === 0 ? 1 : l,
      m: spoken,
      rules: session.rules,
      log,
      remark: this.say,
      profile,
      assumed: this.options.assumed ?? null,
      visit: this.onVisit,
    });
    devirtualizeAndInlinePackage(inl, funcs);
    if (this.options.visits === true) this.visit(Stage.Other, null, true);
    this.dump("devirtualize", funcs);
    if (part === null) {
      makeWrappers(n, {
        optimize: (fn) => devirtualizeAndInlineFunc(inl, fn),
        haveInlineBody: (fn) => haveInlineBody(n, fn),
        ...(unit.partial === undefined ? {} : { isCalled: calledIn(unit.partial) }),
      });
    }
    this.dump("wrappers", funcs);
    const loopVars: VarAndLoop[] = [];
    for (const fn of funcs) loopVars.push(...forCapture(fn, n.universe, n.localPkg, n.fset));
    this.dump("loopvar", funcs);
    n.target.staticStores = makeTask(n);
    // Their parameters have no verdicts, so they only show in explanations.
    if (unit.asm !== undefined && this.explains && part === null) {
      genABIWrappers(n, files, this.symAbis(unit.asm));
    }
    if (!this.options.compile.N && !this.switches.nodeadlocals) deadLocals(funcs, n.blankNode, n.universe);
    this.dump("deadlocals", funcs);
    this.options.checkpoint?.();
    analyzeFuncs(funcs, this.escapeConfig(n));
    this.dump("escape", funcs);
    if (log !== null) this.logLoopVars(n, loopVars);
    if (spoken > 0) reportElidedBounds(funcs, session.target, this.say, this.onVisit);
    this.collectFacts(funcs);
    if (this.options.allocs === true) this.allocs = collectAllocs(n, funcs, this.zeroCopies());
    this.needsMore = n.universe.pointers.toldApart;
    if (part !== null) {
      this.inlined = new Set(inl.inlinedBodies.keys());
      this.needsMore ||= this.named.size > 0 || n.needMethodValueWrappers.length > 0 || needsWrappers(n);
      return;
    }
    this.collectInlinedBodies(n, inl);
    checked.pkg.typeCopies = typeCopies(n.local, (fn) => (this.facts.get(fn)?.inl ?? null) !== null);
    if (this.backend !== null && this.errors.length === 0)
      this.backend({
        n,
        files,
        checked,
        types: unit.partial?.types ?? null,
        error: (pos, msg) => this.errors.push({ pos, msg, code: "embed", soft: false }),
      });
  }

  /** What the profile says of the package; null without one, or if it is empty. */
  private profileGraph(n: Noder): ProfileGraph | null {
    const { session, unit, options } = this;
    const profile = unit.profile === undefined ? null : session.profile(unit.profile);
    if (profile === null || profile.totalWeight === 0) return null;
    return new ProfileGraph(n, profile, options.compile.pgo ?? defaultPgoOptions);
  }

  private symAbis(asm: AsmSources): SymAbis {
    const { host } = this.session;
    const decoder = new TextDecoder();
    return readSymAbis({
      ...asm,
      pkgPath: pathToPrefix(this.unit.compilerPath),
      readFile: (path) => {
        try {
          return decoder.decode(host.readFile(path));
        } catch {
          return null; // as for a file that cmd/go generates
        }
      },
    });
  }

  private escapeConfig(n: Noder): EscapeConfig {
    const { options, session, unit, entries } = this;
    const local = n.localPkg;
    let known: Instances | null = null;
    const instances = (): Instances => (known ??= new Instances(n));
    return {
      m: options.m,
      rules: session.rules,
      target: session.target,
      universe: n.universe,
      localPkg: local,
      limits: options.compile.smallFrames ? smallFrameLimits : frameLimits,
      mutations: options.compile.mutations,
      checkptr: this.switches.checkptr,
      zeroCopy: options.compile.zeroCopy,
      wrongStack: this.wrongStack(),
      explain: this.explains,
      str: (x: Node | CaseClause) => (x instanceof CaseClause ? caseString(x, local) : nodeString(x, local)),
      funcName,
      warn: (pos, msg, flows, size, fn) => {
        const shared = fn ? instances().of(fn) : [];
        const remark = { pos, msg, flows, size: size ?? -1, ...(shared.length > 0 ? { instances: shared } : {}) };
        entries.push({ remark });
      },
      error: (pos, msg) => this.errors.push({ pos, msg, code: "escape", soft: false }),
      explained: (explanation) => {
        if (options.m > 1) entries.push({ explanation });
        if (options.optLog === true) {
          const { pos, what, message } = explanation;
          this.optLog.push({ pos, last: pos, what, message, explanation });
        }
      },
      dumped: (fn) => {
        const msg = `escAnalyze${compilerDump(fn, fn, session.fset, local, n.usedNames, (call) => n.ordinals.get(call) ?? 0)}`;
        entries.push({ remark: { pos: fn.pos, msg, flows: null, bare: true } });
      },
      trace: (pos, msg) => entries.push({ remark: { pos, msg, flows: null, tight: true } }),
      logEscape: (pos) => {
        if (options.optLog === true) this.log(pos, "escape", "");
      },
      solved: options.graphs ? (b, fns) => this.graphs.push(dumpGraph(b, fns)) : null,
      compilingRuntime: isRuntimePackage(unit.compilerPath),
      visit: this.onVisit,
      ...this.interruption,
    };
  }

  private wrongStack(): ((n: Node) => boolean) | null {
    const { wrongstack } = this.switches;
    if (wrongstack === "") return null;
    const { fset } = this.session;
    return (n) =>
      n.op === Op.ONAME ? (n as Name).sym.name === wrongstack : String(fset.position(n.pos).line) === wrongstack;
  }

  /** What stages take that can be ended between functions. */
  private get interruption(): { checkpoint?: () => void } {
    const { checkpoint } = this.options;
    return checkpoint === undefined ? {} : { checkpoint };
  }

  /** Mirrors LogTransformations of cmd/compile/internal/loopvar. */
  private logLoopVars(n: Noder, vars: readonly VarAndLoop[]): void {
    const { fset } = this.session;
    const loops = new Map<Node, Pos>();
    for (const { name, loop, last } of vars) {
      if (!loops.has(loop)) loops.set(loop, last);
      const { pos } = name;
      const text = nodeString(name, n.localPkg);
      const place = name.esc === EscHeap ? "heap" : "stack";
      const inlined = fset.innermost(pos) !== fset.outermost(pos);
      this.log(pos, `iteration-variable-to-${place}`, inlined ? `${text} (from inline)` : text);
    }
    for (const [{ op, pos }, last] of loops) {
      const what = op === Op.OFOR ? "loop-modified-for" : "loop-modified-range";
      this.optLog.push({ pos, last, what, message: "", explanation: null });
    }
  }

  private zeroCopies(): Set<Pos> {
    const places = new Set<Pos>();
    for (const entry of this.entries) {
      if ("remark" in entry && kindOf(entry.remark.msg) === "zero-copy") places.add(entry.remark.pos);
    }
    return places;
  }

  /** Keeps what importers have to know about the functions of the package. */
  private collectFacts(funcs: readonly Func[]): void {
    for (const fn of funcs) {
      const summary = { tags: fn.tags ?? [], pragma: fn.pragma, inl: fn.inl };
      if (fn.source !== null && !fn.isInstance) this.facts.set(fn.source, summary);
      else if (fn.oclosure === null) this.named.set(linkName(fn), summary);
    }
  }

  /** Keeps what bodies of other packages' functions importers get here, and which of the declarations that the profile
   *  mentions they find. */
  private collectInlinedBodies(n: Noder, inl: Inliner): void {
    const { facts } = this;
    const inlined = new Set(inl.inlinedBodies.keys());
    const wanted = inl.profile?.profile.calledDecls ?? null;
    const names = new Set<string>();
    if (inlined.size > 0 || wanted !== null) {
      const { bodies, decls } = exportData(n, inlined, (own) => (facts.get(own)?.inl ?? null) !== null);
      for (const fn of bodies) names.add(inlinedBodyKey(fn.pkg!.path, inl.inlinedBodies.get(fn)!));
      if (wanted !== null) {
        for (const obj of decls) {
          const key = exportedDeclKey(obj.pkg!.path, obj.name);
          if (wanted.has(key) && obj.parent === obj.pkg!.scope) names.add(key);
        }
      }
    }
    n.local.pkg!.inlinedBodies = names;
  }

  private dump(stage: DebugStage, funcs: readonly Func[]): void {
    const { debug } = this.options;
    if (debug === null || debug.stage !== stage) return;
    for (const fn of funcs) {
      if (debug.func !== "" && funcName(fn) !== debug.func) continue;
      this.debugText += dumpFunc(`after ${stage} ${funcName(fn)}`, fn, this.session.fset);
    }
  }
}
