/** What the launcher (launch.ts) hands to the program that it starts. */
import type { Script } from "node:vm";
import type { Worker } from "node:worker_threads";

export interface StartedCode {
  readonly script: Script;
  /** Where its text is. */
  readonly file: string;
  /** What the code that was read had been used for. */
  readonly known: ReadonlySet<string>;
  /** What this run uses the program for. */
  readonly uses: Set<string>;
  /** The key of the code (code-cache.ts) when the program started. */
  readonly key: string;
  /** A thread for a program, if one is going to run. */
  thread: Worker | null;
}

declare const goescCode: StartedCode | undefined;

/** Null in programs that no launcher has started. */
export function startedCode(): StartedCode | null {
  return typeof goescCode === "object" ? goescCode : null;
}

/** The thread that the launcher has started, for the first who asks. */
export function takeThread(): Worker | null {
  const code = startedCode();
  const thread = code?.thread ?? null;
  if (code !== null) code.thread = null;
  return thread;
}
