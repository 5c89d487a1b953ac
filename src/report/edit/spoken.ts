/** Which lines of a package's output are whose: stage by stage, function by function, in the order of emission. */
import { Stage } from "../../ir/stage.ts";
import { type File, Kind } from "../../syntax/ast.ts";
import type { Func } from "../../types/types.ts";
import type { PackageResult } from "../analyze.ts";

/** A stretch of lines. */
export interface Stretch {
  readonly stage: Stage;
  /** The number of the function among those declared in the package, files in their order; {@link initialiser}, or -1 for
   *  what is of none. */
  readonly fn: number;
  /** A literal in it. */
  readonly isLiteral: boolean;
  /** The first of functions that reach each other, which are visited together. */
  readonly isFirst: boolean;
  readonly lines: number;
}

/** What gives the variables of the package their values: it comes before all functions. */
export const initialiser = -2;

/** In stages that go through the list of the package's functions, where literals have places of their own. */
export function goesByList(stage: Stage): boolean {
  return stage === Stage.Resolve || stage === Stage.Bounds;
}

/** The stretches of a result; `numberOf` gives -1 for functions that are none of the package. */
export function stretchesOf({ entries, visits }: PackageResult, numberOf: (fn: Func) => number): Stretch[] {
  const stretches: Stretch[] = [];
  const first = visits.length === 0 ? entries.length : visits[0].from;
  if (first > 0) stretches.push({ stage: Stage.Other, fn: -1, isLiteral: false, isFirst: true, lines: first });
  for (let i = 0; i < visits.length; i++) {
    const { stage, fn, isLiteral, isInit, isFirst, from } = visits[i];
    const to = i + 1 < visits.length ? visits[i + 1].from : entries.length;
    const number = isInit ? initialiser : fn === null ? -1 : numberOf(fn);
    stretches.push({ stage, fn: number, isLiteral, isFirst, lines: to - from });
  }
  return stretches;
}

/** The numbers of the functions that `files` declare. */
export function numberFuncs(files: readonly File[]): Map<Func, number> {
  const numbers = new Map<Func, number>();
  let next = 0;
  for (const file of files) {
    for (const decl of file.decls) {
      if (decl.kind !== Kind.FuncDecl) continue;
      const { obj } = decl.name;
      if (obj !== null) numbers.set(obj as Func, next);
      next++;
    }
  }
  return numbers;
}

export function countFuncs(file: File): number {
  let count = 0;
  for (const decl of file.decls) if (decl.kind === Kind.FuncDecl) count++;
  return count;
}

/** Whether the functions stand in the list in the order of their declarations, which edits rely on. */
export function isInOrder(stretches: readonly Stretch[]): boolean {
  let last = -1;
  for (const { stage, fn, isLiteral } of stretches) {
    if (stage !== Stage.Resolve || isLiteral || fn < 0) continue;
    if (fn <= last) return false;
    last = fn;
  }
  return true;
}

/** As numbers, to be kept. */
export function packStretches(stretches: readonly Stretch[]): number[] {
  return stretches.flatMap(({ stage, fn, isLiteral, isFirst, lines }) => [
    4 * stage + (isFirst ? 2 : 0) + (isLiteral ? 1 : 0),
    fn,
    lines,
  ]);
}

export function unpackStretches(numbers: readonly number[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (let i = 0; i + 2 < numbers.length; i += 3)
    stretches.push({
      stage: numbers[i] >> 2,
      isLiteral: (numbers[i] & 1) !== 0,
      isFirst: (numbers[i] & 2) !== 0,
      fn: numbers[i + 1],
      lines: numbers[i + 2],
    });
  return stretches;
}
