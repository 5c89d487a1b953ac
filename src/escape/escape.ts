/** Escape analysis of a package: batches of mutually recursive functions, callees first.
 *
 *  Mirrors  escape.Funcs of cmd/compile/internal/escape/escape.go. */
import type { Func } from "../ir/node.ts";
import type { ReassignOracle } from "../ir/reassign.ts";
import { visitFuncsBottomUp } from "../ir/scc.ts";
import { Stage } from "../ir/stage.ts";
import { analyzeBatch, type EscapeConfig } from "./batch.ts";

export function analyzeFuncs(funcs: readonly Func[], config: EscapeConfig): void {
  const oracles = new Map<Func, ReassignOracle>();
  visitFuncsBottomUp(funcs, (batch) => {
    config.checkpoint?.();
    for (const fn of batch) config.visit?.(Stage.Escape, fn, fn === batch[0]);
    analyzeBatch(batch, config, oracles);
  });
}
