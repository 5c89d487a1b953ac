/** What a call of a function allocates, callees included: from the allocations and calls that collect.ts finds, with
 *  what is known of imported functions. The facts of a package are kept beside its summary, so that a promise about one
 *  function can be checked without looking at the code that it ends up in again. */
import type { FileSet, Pos } from "../../base/pos.ts";
import { AllocKind, type FuncAllocs } from "./collect.ts";

export interface SourcePlace {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** Something that allocates, or a call of a function in which something does. */
export interface AllocCause {
  readonly place: SourcePlace;
  readonly text: string;
  /** The key of the called function; "" at the end of the chain. */
  readonly next: string;
}

export interface AllocFact {
  /** How many allocations one call makes at most; -1 if there is no limit. */
  readonly count: number;
  /** What allocates; null if nothing does. */
  readonly hard: AllocCause | null;
  /** A call of code that is not known. */
  readonly soft: AllocCause | null;
}

/** By {@link FuncAllocs.key}. */
export type AllocFacts = ReadonlyMap<string, AllocFact>;

export const noAllocs: AllocFact = { count: 0, hard: null, soft: null };

export function sourcePlace(fset: FileSet, pos: Pos): SourcePlace {
  const { filename, line, col } = fset.absolute(pos);
  return { file: filename, line, col };
}

/** A function's key as people read it. */
export function displayKey(key: string): string {
  return key.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The runtime's own code is not followed: its functions are what allocating consists of. */
export function isPrimitive(key: string): boolean {
  return /^(?:runtime|internal\/runtime\/[\w/]+|internal\/abi|internal\/bytealg|internal\/cpu|go\.runtime|unsafe)\./.test(
    key,
  );
}

/** Facts about all functions of a package; `imported` knows those of others. */
export function solveAllocs(
  fset: FileSet,
  funcs: readonly FuncAllocs[],
  imported: (key: string) => AllocFact | null,
): Map<string, AllocFact> {
  return new Solver(fset, funcs, imported).solve();
}

class Solver {
  private readonly byKey = new Map<string, FuncAllocs>();
  private readonly facts = new Map<string, AllocFact>();
  private readonly index = new Map<FuncAllocs, number>();
  private readonly low = new Map<FuncAllocs, number>();
  private readonly stack: FuncAllocs[] = [];
  private readonly onStack = new Set<FuncAllocs>();

  constructor(
    private readonly fset: FileSet,
    private readonly funcs: readonly FuncAllocs[],
    private readonly imported: (key: string) => AllocFact | null,
  ) {
    for (const fn of funcs) this.byKey.set(fn.key, fn);
  }

  solve(): Map<string, AllocFact> {
    for (const fn of this.funcs) if (!this.index.has(fn)) this.connect(fn);
    return this.facts;
  }

  /** Tarjan: groups of functions that call each other, callees first. */
  private connect(fn: FuncAllocs): void {
    const number = this.index.size;
    this.index.set(fn, number);
    this.low.set(fn, number);
    this.stack.push(fn);
    this.onStack.add(fn);
    for (const { callee } of fn.calls) {
      const other = this.byKey.get(callee);
      if (other === undefined) continue;
      if (!this.index.has(other)) {
        this.connect(other);
        this.low.set(fn, Math.min(this.low.get(fn)!, this.low.get(other)!));
      } else if (this.onStack.has(other)) {
        this.low.set(fn, Math.min(this.low.get(fn)!, this.index.get(other)!));
      }
    }
    if (this.low.get(fn) !== number) return;
    const group: FuncAllocs[] = [];
    for (let member: FuncAllocs; ; ) {
      member = this.stack.pop()!;
      this.onStack.delete(member);
      group.push(member);
      if (member === fn) break;
    }
    this.settle(group);
  }

  private settle(group: readonly FuncAllocs[]): void {
    const isRecursive = group.length > 1 || group[0].calls.some((call) => call.callee === group[0].key);
    for (const fn of group) this.facts.set(fn.key, noAllocs);
    // A cause found in one member reaches the others through their calls.
    for (let changed = true; changed; ) {
      changed = false;
      for (const fn of group) {
        const before = this.facts.get(fn.key)!;
        const hard = before.hard ?? this.cause(fn, true);
        const soft = before.soft ?? this.cause(fn, false);
        if (hard === before.hard && soft === before.soft) continue;
        this.facts.set(fn.key, { count: 0, hard, soft });
        changed = true;
      }
    }
    const counts = group.map((fn) => (isRecursive && this.facts.get(fn.key)!.hard !== null ? -1 : this.count(fn)));
    group.forEach((fn, i) => {
      this.facts.set(fn.key, { ...this.facts.get(fn.key)!, count: counts[i] });
    });
  }

  private fact(key: string): AllocFact | null {
    if (isPrimitive(key)) return noAllocs;
    return this.facts.get(key) ?? this.imported(key);
  }

  private cause(fn: FuncAllocs, hard: boolean): AllocCause | null {
    for (const { pos, kind, text } of fn.sites) {
      if (isHard(kind) === hard) return { place: sourcePlace(this.fset, pos), text, next: "" };
    }
    for (const { pos, callee } of fn.calls) {
      const fact = this.fact(callee);
      if (fact === null) {
        if (!hard)
          return {
            place: sourcePlace(this.fset, pos),
            text: `${displayKey(callee)} is called, whose code is not known here`,
            next: "",
          };
      } else if ((hard ? fact.hard : fact.soft) !== null) {
        return { place: sourcePlace(this.fset, pos), text: `${displayKey(callee)} is called`, next: callee };
      }
    }
    return null;
  }

  private count(fn: FuncAllocs): number {
    let sum = 0;
    for (const { kind, inLoop } of fn.sites) {
      if (!isHard(kind)) continue;
      if (inLoop) return -1;
      sum++;
    }
    for (const { callee, inLoop } of fn.calls) {
      const count = this.fact(callee)?.count ?? 0;
      if (count < 0 || (inLoop && count > 0)) return -1;
      sum += count;
    }
    return sum;
  }
}

export function isHard(kind: AllocKind): boolean {
  return kind === AllocKind.Value || kind === AllocKind.Operation;
}

/** The chain of calls from a cause to what allocates. */
export function chainOf(cause: AllocCause, hard: boolean, fact: (key: string) => AllocFact | null): AllocCause[] {
  const chain: AllocCause[] = [];
  const seen = new Set<string>();
  for (let at: AllocCause | null = cause; at !== null; ) {
    chain.push(at);
    if (at.next === "" || seen.has(at.next)) break;
    seen.add(at.next);
    const next: AllocFact | null = fact(at.next);
    at = next === null ? null : hard ? next.hard : next.soft;
  }
  return chain;
}

// ------------------------------------------------------------------------------------------------- on disk

type Row = readonly [key: string, count: number, hard: CauseRow | 0, soft: CauseRow | 0];
type CauseRow = readonly [file: number, line: number, col: number, text: string, next: string];

const formatVersion = 1;

/** Functions that allocate nothing are listed too: a function that is not listed is not known. */
export function encodeAllocFacts(facts: AllocFacts): Uint8Array {
  const files: string[] = [];
  const numbers = new Map<string, number>();
  const cause = (c: AllocCause | null): CauseRow | 0 => {
    if (c === null) return 0;
    let file = numbers.get(c.place.file);
    if (file === undefined) {
      file = files.push(c.place.file) - 1;
      numbers.set(c.place.file, file);
    }
    return [file, c.place.line, c.place.col, c.text, c.next];
  };
  const rows: Row[] = [];
  for (const [key, { count, hard, soft }] of facts) rows.push([key, count, cause(hard), cause(soft)]);
  return new TextEncoder().encode(JSON.stringify([formatVersion, files, rows]));
}

/** Null for what another version has written. */
export function decodeAllocFacts(bytes: Uint8Array): AllocFacts | null {
  const [version, files, rows] = JSON.parse(new TextDecoder().decode(bytes)) as [number, string[], Row[]];
  if (version !== formatVersion) return null;
  const cause = (row: CauseRow | 0): AllocCause | null =>
    row === 0 ? null : { place: { file: files[row[0]], line: row[1], col: row[2] }, text: row[3], next: row[4] };
  const facts = new Map<string, AllocFact>();
  for (const [key, count, hard, soft] of rows) facts.set(key, { count, hard: cause(hard), soft: cause(soft) });
  return facts;
}
