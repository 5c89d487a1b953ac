/** Threads that help with summaries: when a module is opened the first time, all that the open package imports has to be
 *  analysed. */
import type { PackageUnit } from "../../report/analyze.ts";
import type { SessionSetup } from "./summarize.ts";

export interface SummaryJob {
  readonly key: string;
  readonly unit: PackageUnit;
  readonly setup: SessionSetup;
  /** Jobs of one session; what was known in another is forgotten. */
  readonly session: number;
  /** Summaries that the thread has not been given in this session. */
  readonly imports: ReadonlyMap<string, Uint8Array>;
}

export interface SummaryReply {
  readonly key: string;
  readonly importPath: string;
  /** Null for a package that cannot be summarised. */
  readonly bytes: Uint8Array | null;
}

export interface Helpers {
  /** How many there are. */
  readonly width: number;
  /** Gives a job to one of them; it may have several. */
  post(helper: number, job: SummaryJob): void;
  /** Whatever has been done by now; waits so many ms for the first one. */
  poll(ms: number): { readonly helper: number; readonly reply: SummaryReply }[];
  close(): void;
}
