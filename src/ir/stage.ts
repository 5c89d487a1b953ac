/** Which stage is at which function: remarks come in the order in which stages visit functions. */
import type { Func } from "./node.ts";

/** Those that speak while they visit one function after the other. */
export const enum Stage {
  /** Everything that is about no function in particular. */
  Other,
  CanInline,
  /** Finding out what calls call, in the order of the package's functions. */
  Resolve,
  Inline,
  Escape,
  /** Elided bounds checks, in the order of the package's functions. */
  Bounds,
}

/** Called when `stage` comes to a function; `isFirst` tells the first of functions that reach each other. */
export type OnVisit = (stage: Stage, fn: Func, isFirst: boolean) => void;
