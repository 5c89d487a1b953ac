/** What the engine asks of the outside, so that it runs in Node and in a browser. */
import type { LoadHost } from "../../load/fs.ts";
import type { EmbeddedStd } from "../../load/goroot.ts";
import type { Helpers } from "./helpers.ts";

/** The standard library that comes with goesc. */
export interface StdSummaries extends EmbeddedStd {
  summary(importPath: string, platform: string): Uint8Array | null;
  source(name: string, platform: string): Uint8Array | null;
}

export interface EngineHost {
  /** The machine as seen from a directory. */
  loadHost(cwd: string): LoadHost;
  readonly std: StdSummaries | null;
  /** Summaries kept between runs; null if there is none. */
  readSummary(key: string): Uint8Array | null;
  writeSummary(key: string, bytes: Uint8Array): void;
  /** Threads that make summaries; null or absent where there is only one. They end when they are closed. */
  helpers?(): Helpers | null;
  /** Something has arrived that should be looked at first. */
  interrupted(): boolean;
}

/** What users can set that changes the analysis. */
export interface EngineSettings {
  /** The installation to read, "" to look for one, `off` for none. */
  readonly goroot: string;
  /** Null to take GOFLAGS. */
  readonly tags: readonly string[] | null;
  /** Variables in place of those of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** -l: no inlining. */
  readonly noInline: boolean;
}

export const defaultSettings: EngineSettings = { goroot: "", tags: null, env: {}, noInline: false };
