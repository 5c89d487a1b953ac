/** What a request printed, package by package and ready to be printed again, in one file: to read the output of many
 *  packages one by one (kept.ts), and to shorten its file names, takes longer than to find out that it holds.
 *
 *  A line of JSON, the name of the file and [key, length, origin] for each package, stands before the texts. The key of a
 *  text is that of the package's kept output, which is made of all that the text depends on but the current directory; that
 *  is in the name of the file. A package that was not analysed again although its imports have changed (early-cutoff.ts)
 *  has a new key for what was kept under another one, the origin: the next change of its imports will lead there again. */
import { type SummaryStore, summaryKey } from "../host/summary-store.ts";

/** A longer file is not written: what takes time then is not reading. */
const maxBytes = 4 << 20;
/** So many packages may be missing or new before the file is written again. */
const maxStale = 3;

export class Replay {
  private readonly texts = new Map<string, Uint8Array>();
  private readonly origins = new Map<string, string>();
  /** Texts that are known under an origin. */
  private readonly byOrigin = new Map<string, Uint8Array>();
  private readonly printed = new Map<string, Uint8Array>();
  private readonly name: string;
  private added = 0;
  private size = 0;

  /** `request` tells requests apart that should not share a file. */
  constructor(
    private readonly store: SummaryStore,
    cwd: string,
    request: readonly string[],
  ) {
    this.name = summaryKey(["replay", cwd, ...request]);
    const bytes = store.read(this.name);
    if (bytes === null) return;
    let at = bytes.indexOf(10) + 1;
    const head = decode(bytes.subarray(0, at));
    // Somebody may have put another file in its place.
    if (!head.startsWith(`["${this.name}",[`)) return;
    for (const [key, length, origin] of JSON.parse(head)[1] as [string, number, string][]) {
      const text = bytes.subarray(at, at + length);
      this.texts.set(key, text);
      this.link(key, origin);
      at += length;
    }
  }

  /** What was printed for the output of this key; null if that is not known. */
  get(key: string): Uint8Array | null {
    return this.texts.get(key) ?? this.byOrigin.get(key) ?? null;
  }

  /** Notes that what was kept under `origin` is now the output of that key, too. */
  link(key: string, origin: string): void {
    if (origin === "") return;
    this.origins.set(key, origin);
    const text = this.get(key) ?? this.get(origin);
    if (text !== null) this.byOrigin.set(origin, text);
  }

  /** Notes what is printed now. */
  add(key: string, text: Uint8Array): void {
    if (key === "") return;
    this.size += text.length;
    if (this.size > maxBytes) {
      this.printed.clear();
      return;
    }
    this.printed.set(key, text);
    if (!this.texts.has(key)) this.added++;
  }

  /** Keeps what was printed, if enough of it is new; the number of bytes written. */
  save(): number {
    const gone = this.texts.size + this.added - this.printed.size;
    if (this.size > maxBytes || this.added + gone <= maxStale) return 0;
    const texts = [...this.printed.values()];
    const head = JSON.stringify([
      this.name,
      [...this.printed].map(([key, { length }]) => [key, length, this.origins.get(key) ?? ""]),
    ]);
    const content = Buffer.concat([Buffer.from(`${head}\n`), ...texts]);
    return this.store.write(this.name, content) ? content.length : 0;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
