/** What packages said, kept beside their summaries: a package that is asked for again is printed without being analysed,
 *  as the go command replays what the compiler said. Only the output of sound packages is kept, and only where it is a
 *  function of what the key is made of. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type SummaryStore, summaryKey } from "../host/summary-store.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { Job } from "./job.ts";

/** Longer output is made again: it would crowd out what saves more time. */
const maxKept = 4 << 20;

/** How the text is kept, in the first byte. */
const enum Form {
  Plain,
  Deflated,
}

/** Of shorter texts it takes longer to inflate them than to read them. */
const worthDeflating = 1 << 17;

/** The key of what `job` prints, from that of the package's summary; "" where it must not be kept. */
export function keptKey(job: Job, pkg: LoadedPackage, key: string | undefined): string {
  const { unit, analyze, render } = job;
  if (key === undefined || analyze.debug !== null || job.optLogDir !== "") return "";
  if ((job.findings ?? null) !== null || (job.compile ?? null) !== null || analyze.allocs === true) return "";
  // Assembly and what it includes are no part of the summary's key, unless the release of Go stands for them.
  if (unit.asm !== undefined && unit.asm.files.length > 0 && !pkg.isStd) return "";
  return summaryKey(["output", key, JSON.stringify([analyze, render])]);
}

export function readKept(store: SummaryStore, key: string): string | null {
  const bytes = store.read(key);
  if (bytes === null) return null;
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + 1, bytes.length - 1);
    return (bytes[0] === Form.Plain ? text : inflateRawSync(text)).toString("utf8");
  } catch {
    return null;
  }
}

export function keep(store: SummaryStore, key: string, out: string): void {
  if (out.length > maxKept) return;
  const form = out.length < worthDeflating ? Form.Plain : Form.Deflated;
  const text = form === Form.Plain ? Buffer.from(out) : deflateRawSync(out, { level: 1 });
  store.write(key, Buffer.concat([Buffer.of(form), text]));
}
