/** The engine behind messages, so that it may run in a thread of its own. */
import { Engine } from "./engine.ts";
import type { EngineHost, EngineSettings } from "./host.ts";
import type { ClosedView, Explanation, FileView, FixView, HeapSite } from "./model.ts";

export type Question =
  | { readonly what: "explain"; readonly file: string; readonly offset: number }
  | { readonly what: "fixes"; readonly file: string; readonly start: number; readonly end: number }
  | { readonly what: "graph"; readonly file: string; readonly offset: number; readonly format: "dot" | "json" }
  | { readonly what: "heapSites" }
  | { readonly what: "views"; readonly known: ReadonlyMap<string, string> }
  | { readonly what: "stats" };

export interface Answers {
  readonly explain: readonly Explanation[];
  readonly fixes: readonly FixView[];
  readonly graph: string;
  readonly heapSites: readonly HeapSite[];
  readonly views: readonly ClosedView[];
  readonly stats: { readonly idle: boolean; readonly helped: number; readonly packages: unknown };
}

export type Request =
  | { readonly kind: "document"; readonly file: string; readonly version: number; readonly bytes: Uint8Array }
  | { readonly kind: "close"; readonly file: string }
  | { readonly kind: "changed"; readonly files: readonly string[] }
  | { readonly kind: "configure"; readonly settings: EngineSettings }
  | { readonly kind: "analyzeBelow"; readonly dirs: readonly string[] }
  | { readonly kind: "ask"; readonly id: number; readonly question: Question };

export type Report =
  | { readonly kind: "view"; readonly view: FileView }
  | { readonly kind: "progress"; readonly done: number; readonly total: number; readonly what: string }
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "answer"; readonly id: number; readonly result: unknown; readonly error: string };

/** Handles requests one by one and works on in between. `wait` has `f` called after so many ms, and after whatever has
 *  arrived by then. */
export class EngineService {
  private readonly engine: Engine;
  private timer = 0;

  constructor(
    host: EngineHost,
    private readonly send: (report: Report) => void,
    private readonly wait: (f: () => void, ms: number) => void,
  ) {
    this.engine = new Engine(host, {
      view: (view) => send({ kind: "view", view }),
      progress: (done, total, what) => send({ kind: "progress", done, total, what }),
      log: (text) => send({ kind: "log", text }),
    });
  }

  handle(request: Request): void {
    const { engine } = this;
    try {
      switch (request.kind) {
        case "document":
          engine.setDocument(request.file, request.version, request.bytes);
          break;
        case "close":
          engine.closeDocument(request.file);
          break;
        case "changed":
          engine.filesChanged(request.files);
          break;
        case "configure":
          engine.configure(request.settings);
          break;
        case "analyzeBelow":
          engine.analyzeBelow(request.dirs);
          break;
        case "ask":
          this.answer(request.id, request.question);
          break;
      }
    } catch (error) {
      this.send({ kind: "log", text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    this.schedule();
  }

  private answer(id: number, question: Question): void {
    let result: unknown = null;
    let error = "";
    try {
      result = this.ask(question);
    } catch (failure) {
      error = failure instanceof Error ? failure.message || failure.constructor.name : String(failure);
    }
    this.send({ kind: "answer", id, result, error });
  }

  private ask(question: Question): unknown {
    switch (question.what) {
      case "explain":
        return this.engine.stateOf(question.file)?.explain(question.file, question.offset) ?? [];
      case "fixes":
        return this.engine.stateOf(question.file)?.fixes(question.file, question.start, question.end) ?? [];
      case "graph":
        return this.engine.stateOf(question.file)?.graph(question.file, question.offset, question.format) ?? "";
      case "heapSites":
        return this.engine.heapSites();
      case "views":
        return this.engine.closedViews(question.known);
      case "stats":
        return { idle: this.engine.delay() === null, helped: this.engine.helped, packages: this.engine.stats() };
    }
  }

  private schedule(): void {
    const delay = this.engine.delay();
    if (delay === null) return;
    const own = ++this.timer;
    this.wait(() => {
      if (own !== this.timer) return; // something has happened since, which has scheduled anew
      this.engine.step();
      this.schedule();
    }, delay);
  }
}
