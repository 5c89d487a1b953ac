/** Lowering some functions of a package again, while the others count as compiled elsewhere: what callers have to know of
 *  them is told. For editors, where one function changes at a time. */
import type { Func as CheckerFunc, FuncSummary } from "../../types/types.ts";
import type { Func } from "../node.ts";

export interface LowerPart {
  /** The functions whose bodies are read. Of the others of the package `summary` has to be set, if it is known. */
  readonly funcs: ReadonlySet<CheckerFunc>;
  /** Whether the initialisers of package variables are read. */
  readonly inits: boolean;
  /** What is known of functions without a declaration of their own (instances, wrappers), by {@link linkName}; those that
   *  are not known are compiled with the part. */
  readonly named: ReadonlyMap<string, FuncSummary>;
}

/** A name that tells the functions of a package from each other, literals left aside. */
export function linkName(fn: Func): string {
  return `${fn.sym.pkg?.path ?? ""} ${fn.sym.name}`;
}
