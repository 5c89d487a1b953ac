/** Links objects into one module: what the roots reach is kept, numbered, placed in memory, and its holes are filled. */

import { SavedPrefix } from "../ssa/object.ts";
import { writeModule } from "./module.ts";
import type { PackageObject } from "./object.ts";
import { Placement } from "./place.ts";
import { LinkedProgram, type LinkOptions } from "./program.ts";
import { index, reach } from "./reach.ts";

export interface LinkedModule {
  readonly bytes: Uint8Array;
  /** Functions and data that something refers to and nobody defines. */
  readonly missing: readonly string[];
  /** Address of a data symbol, 0 if it is not there. */
  address(sym: string): number;
  /** Code address of a function. */
  entry(sym: string): number;
  /** Address of the table of function records by pc. */
  readonly recordsByPC: number;
  /** Where the memory that the linker has not used begins. */
  readonly dataEnd: number;
  /** Counters of what stays on the stack. */
  readonly saved: readonly SavedCounter[];
}

/** A counter in the program's data (ssa/build/saved.ts): two 64-bit words, times and bytes. */
export interface SavedCounter {
  readonly address: number;
  readonly file: string;
  readonly line: number;
  readonly func: string;
  readonly what: string;
}

export function link(objects: readonly PackageObject[], options: LinkOptions): LinkedModule {
  const program = new LinkedProgram(objects, options);
  index(program);
  reach(program);
  program.number();
  const placement = new Placement(program);
  placement.place();
  const bytes = writeModule(program, placement);
  return {
    bytes,
    missing: [...program.missing],
    address: (sym) => program.dataByName.get(sym)?.address ?? 0,
    entry: (sym) => program.funcByName.get(sym)?.entry ?? 0,
    recordsByPC: program.tables.byPC,
    dataEnd: program.dataEnd,
    saved: savedCounters(program),
  };
}

function savedCounters(p: LinkedProgram): SavedCounter[] {
  const counters: SavedCounter[] = [];
  for (const { data, address } of p.data) {
    if (!data.name.startsWith(SavedPrefix)) continue;
    const [file, line, func, what] = data.name.slice(SavedPrefix.length).split("\0");
    counters.push({ address, file, line: Number(line), func, what });
  }
  return counters;
}
