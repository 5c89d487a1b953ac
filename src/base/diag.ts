/** Diagnostics: what is wrong with the Go source under analysis. Errors are data, never thrown. */
import type { Pos } from "./pos.ts";

export interface Diagnostic {
  readonly pos: Pos;
  /** As the compiler words it, without position; further lines start with `\n\t`. */
  readonly msg: string;
  /** internal/types/errors code name (`UnusedVar`), or "syntax" for syntax errors. */
  readonly code: string;
  /** Soft errors do not invalidate types (unused variables, imports); the compiler reports them all the same. */
  readonly soft: boolean;
}

export type ErrorSink = (diagnostic: Diagnostic) => void;

/** A state that must not occur: a bug in goesc, never the Go source's fault. */
export class InternalError extends Error {
  override name = "InternalError";
}

export function unreachable(what: never): never {
  throw new InternalError(
    `unexpected ${String((what as { constructor?: { name?: string } })?.constructor?.name ?? what)}`,
  );
}
