/** Open documents and what was found out about them. A view may be of an older text: then its places are moved. */
import type { FileView, FunctionView } from "./engine/model.ts";
import { type ByteRange, type Difference, difference, shifted, type Text } from "./text.ts";

export interface Decided {
  readonly view: FileView;
  /** The text that the view is of. */
  readonly text: Text;
}

export class Document {
  decided: Decided | null = null;
  /** Texts that views may still come for. */
  private readonly texts = new Map<number, Text>();
  private readonly waiting: { readonly version: number; readonly done: () => void }[] = [];

  constructor(
    readonly uri: string,
    readonly file: string,
    public version: number,
    public text: Text,
  ) {
    this.texts.set(version, text);
  }

  update(version: number, text: Text): void {
    this.version = version;
    this.text = text;
    this.texts.set(version, text);
  }

  /** Takes a view; what it leaves out was sent before. */
  decide(view: FileView): void {
    const known = new Map(this.decided?.view.functions.map((fn) => [fn.key, fn]) ?? []);
    const functions = view.functions.map((fn): FunctionView => {
      if (fn.findings !== null) return fn;
      const before = known.get(fn.key);
      return { ...fn, findings: before?.serial === fn.serial ? before.findings : [] };
    });
    this.decided = { view: { ...view, functions }, text: this.texts.get(view.version) ?? this.text };
    for (const version of this.texts.keys()) if (version < view.version) this.texts.delete(version);
    const ready = this.waiting.filter((waiter) => waiter.version <= view.version);
    for (const waiter of ready) {
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      waiter.done();
    }
  }

  get isCurrent(): boolean {
    return this.decided !== null && this.decided.view.version >= this.version;
  }

  /** Waits for a view of the present text, for so many ms at most. */
  async current(ms: number): Promise<void> {
    if (this.isCurrent) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.push({ version: this.version, done });
    });
  }

  /** How the text has changed since the view; null if it has not. */
  get change(): Difference | null {
    if (this.decided === null || this.decided.text === this.text) return null;
    return difference(this.decided.text.bytes, this.text.bytes);
  }
}

/** Where a place of a view is now; null if it was edited. */
export function placed(range: ByteRange, change: Difference | null): ByteRange | null {
  return change === null ? range : shifted(range, change);
}
