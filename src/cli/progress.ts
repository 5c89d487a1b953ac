/** A line of progress on standard error, while long work runs on a terminal. */
import { fstatSync } from "node:fs";

/** Shorter work stays silent. */
const DelayMs = 700;
const IntervalMs = 100;

export class Progress {
  private readonly total: number;
  private readonly enabled: boolean;
  private readonly start = Date.now();
  private shownAt = 0;
  private shown = false;

  constructor(total: number) {
    this.total = total;
    this.enabled = mayBeTerminal() && process.stderr.isTTY === true;
  }

  /** `done` packages are finished; `current` is being worked on. */
  update(done: number, current: string): void {
    if (!this.enabled) return;
    const now = Date.now();
    if (now - this.start < DelayMs || now - this.shownAt < IntervalMs) return;
    this.shownAt = now;
    this.shown = true;
    const width = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\u001b[K${`goesc: ${done}/${this.total} ${current}`.slice(0, width)}`);
  }

  /** Takes the line away, before other output and at the end. */
  clear(): void {
    if (!this.shown) return;
    this.shown = false;
    process.stderr.write("\r\u001b[K");
  }
}

/** Told without the streams of Node, which are loaded when somebody asks for one. */
function mayBeTerminal(): boolean {
  try {
    return fstatSync(2).isCharacterDevice();
  } catch {
    return false;
  }
}
