/** What a command line of `goesc run` came to: as long as the files and variables that decide on it are as they were, the
 *  program is started without looking at its packages. */
import type { ProgramOrigin } from "../runtime/options.ts";
import { type SummaryStore, summaryKey } from "./summary-store.ts";
import { isSame, type Seen, type Witness } from "./witness.ts";

export interface KnownRun {
  /** The key of the program (program-store.ts). */
  readonly program: string;
  /** What it is called. */
  readonly name: string;
  readonly godebug: string;
  readonly origin: ProgramOrigin;
}

/** What is run, without the program's own arguments: `.go` files up to the first word that is none, or one package. */
export function splitProgram(words: readonly string[]): [readonly string[], readonly string[]] {
  let n = 0;
  while (n < words.length && words[n].endsWith(".go")) n++;
  if (n === 0) n = 1;
  return [words.slice(0, n), words.slice(n)];
}

/** The key of what is known of a command line without flags; null for others. */
function keyOf(patterns: readonly string[]): string | null {
  if (patterns.length === 0 || patterns.some((word) => word.startsWith("-"))) return null;
  return summaryKey(["known run", process.cwd(), process.env.PWD ?? "", ...patterns]);
}

export function recallRun(store: SummaryStore, patterns: readonly string[]): KnownRun | null {
  const key = keyOf(patterns);
  const bytes = key === null ? null : store.read(key);
  if (bytes === null) return null;
  const { seen, ...run } = JSON.parse(Buffer.from(bytes).toString()) as KnownRun & { readonly seen: Seen };
  return isSame(seen, process.env) ? run : null;
}

/** Keeps it; the number of bytes written. */
export function noteRun(store: SummaryStore, patterns: readonly string[], run: KnownRun, witness: Witness): number {
  const key = keyOf(patterns);
  const seen = witness.report();
  if (key === null || seen === null) return 0;
  const content = Buffer.from(JSON.stringify({ ...run, seen }));
  return store.write(key, content) ? content.length : 0;
}
