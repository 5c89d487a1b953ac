/** Linked programs in the cache, and the machine code that the engine has made of them. */
import type { LinkedModule, SavedCounter } from "../wasm/link.ts";
import { type Build, Cache } from "./cache.ts";
import { cacheDir } from "./cache-dir.ts";
import { engineTag } from "./code-cache.ts";
import { type SummaryStore, summaryKey } from "./summary-store.ts";

export interface StoredProgram {
  readonly module: Uint8Array;
  /** The first address that the program's data leaves free. */
  readonly dataEnd: number;
  readonly saved: readonly SavedCounter[];
}

/** What the engine has made of a program, and how to keep that. */
export interface StoredCode {
  readonly known: Uint8Array | null;
  keep(code: Uint8Array): void;
}

/** A program as it is kept: where its data ends, its counters (JSON) with their length, then the module. */
export function writeProgram({ bytes, dataEnd, saved }: LinkedModule): Uint8Array {
  const counters = new TextEncoder().encode(JSON.stringify(saved));
  const record = new Uint8Array(8 + counters.length + bytes.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, dataEnd, true);
  view.setUint32(4, counters.length, true);
  record.set(counters, 8);
  record.set(bytes, 8 + counters.length);
  return record;
}

export function readProgram(record: Uint8Array): StoredProgram {
  const view = new DataView(record.buffer, record.byteOffset);
  const end = 8 + view.getUint32(4, true);
  const saved = JSON.parse(new TextDecoder().decode(record.subarray(8, end))) as SavedCounter[];
  return { module: record.subarray(end), dataEnd: view.getUint32(0, true), saved };
}

/** Under the engine's version and flags: building changes them, so it is only kept by runs that did not build. */
export function storedCode(store: SummaryStore, programKey: string, limit: number, build: Build): StoredCode {
  const key = summaryKey(["machine code", programKey, engineTag()]);
  const keep = (code: Uint8Array): void => {
    if (store.write(key, code)) new Cache(cacheDir(), limit, build).added(code.length);
  };
  return { known: store.read(key), keep };
}
