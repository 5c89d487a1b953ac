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
  const p = new PkgState(n, options.linknames, options.savedPlace ?? null, options.ownParams === true);
  const build = (fn: Func): void => {
    if (!fn.hasBody || !p.claimFunc(p.funcName(fn))) return;
    if (options.failed === undefined) {
      buildFunc(p, fn);
      return;
    }
    try {
      buildFunc(p, fn);
    } catch (error) {
      options.failed(fn, error);
    }
  };
  let next = 0;
  const queue = (): void => {
    for (; next < funcs.length; next++) if (funcs[next].oclosure === null) build(funcs[next]);
    // Those of literals may be added while others are built.
    for (const fn of p.closures) build(fn);
    if (next < funcs.length) queue();
  };
  queue();
  const initTask = makeInitTask(p);
  globals(p, options.embeds, options.error);
  writeDictionaries(p);
  exportedTypes(p, options.wanted ?? (() => true));
  // Descriptors refer to functions that are made for them, whose code may need more descriptors.
  do {
    writeRuntimeTypes(p);
    queue();
  } while (p.pendingTypes.length > 0);
  return { path: n.localPkg.path, funcs: p.funcs, data: p.data, initTask };
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
