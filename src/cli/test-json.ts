/** `goesc test -json`: what a test program prints, as the events that `go test -json` gives (cmd/internal/test2json).
 *
 *  The program runs with `-test.v=test2json`, so that lines about tests begin with a marker, even in the midst of a line
 *  that the program printed itself. Reports (`--- PASS`) are held back until the test's own output has come: until the
 *  next line about tests. Lines are not held together beyond their end, nor split at a length. */

/** Begins lines about tests. */
const Marker = 0x16;
const Newline = 0x0a;
const Tab = 0x09;

const update = /^=== (RUN|PAUSE|CONT|NAME|PASS|FAIL|SKIP|ATTR|ARTIFACTS) +(.*)$/;
const report = /^((?: {4})*)--- (PASS|FAIL|SKIP|BENCH): (.*)$/;

export interface TestEvent {
  readonly Time?: string;
  /** Of events about builds, instead of Package: as in the header of the build's output. */
  readonly ImportPath?: string;
  readonly Action: string;
  readonly Package?: string;
  readonly Test?: string;
  readonly Elapsed?: number;
  readonly Output?: string;
  readonly Key?: string;
  readonly Value?: string;
  readonly Path?: string;
  readonly FailedBuild?: string;
}

export class TestEvents {
  private test = "";
  private pending: (Pick<TestEvent, "Action" | "Elapsed"> & { readonly Test: string })[] = [];
  private rest: number[] = [];
  /** In the midst of a line whose beginning has gone out. */
  private midLine = false;
  private needsMarker = false;
  private result = "";
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly pkg: string,
    private readonly emit: (event: TestEvent) => void,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.event({ Action: "start" });
  }

  write(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === Marker && this.rest.length > 0) this.line();
      this.rest.push(byte);
      if (byte === Newline) this.line();
    }
    // The name of a benchmark that runs now: its results come later.
    const tab = this.midLine ? -1 : this.rest.indexOf(Tab);
    if (tab < 0 || !/^Benchmark(?!\p{Ll})\S* *$/u.test(String.fromCharCode(...this.rest.slice(0, tab)))) return;
    const after = this.rest.slice(tab + 1);
    this.rest.length = tab + 1;
    this.output(this.take());
    this.rest = after;
    this.midLine = true;
  }

  /** The package is done; `seconds` it took. `failedBuild` names what could not be built for it. */
  close(seconds: number, failedBuild?: string): void {
    if (this.rest.length > 0) this.output(this.take());
    this.flush(0);
    if (this.result !== "") this.event({ Action: this.result, Elapsed: seconds, FailedBuild: failedBuild });
  }

  private take(): string {
    const text = this.decoder.decode(Uint8Array.from(this.rest));
    this.rest = [];
    return text;
  }

  private line(): void {
    let text = this.take();
    if (this.midLine) {
      this.midLine = !text.endsWith("\n");
      this.output(text);
      return;
    }
    const marked = text.charCodeAt(0) === Marker;
    if (this.needsMarker && !marked) {
      this.output(text);
      return;
    }
    if (marked) text = text.slice(1);
    const bare = text.replace(/\r?\n$/, "");
    if (bare === "PASS" || bare === "FAIL" || bare.startsWith("FAIL\t")) {
      this.flush(0);
      this.needsMarker = marked;
      this.output(text);
      this.result = bare === "PASS" ? "pass" : "fail";
      return;
    }
    if (/^\? {3}\t.*\t\[no test files\]$/.test(bare)) this.result = "skip";
    else if (bare.startsWith("ok  \t") && this.result !== "fail") this.result = "pass";
    const updated = update.exec(bare === "=== NAME" ? "=== NAME  " : bare);
    if (updated !== null) this.update(updated[1].toLowerCase(), updated[2].trim(), text, marked);
    else this.reportOrOutput(bare, text, marked);
  }

  private update(action: string, rest: string, text: string, marked: boolean): void {
    this.needsMarker = marked;
    this.flush(0);
    const details: { Key?: string; Value?: string; Path?: string } = {};
    let name = rest;
    if (action === "attr" || action === "artifacts") {
      const [first, more] = cut(rest);
      name = first;
      if (action === "artifacts") details.Path = more;
      else [details.Key, details.Value] = cut(more);
    }
    this.test = name;
    if (action === "name") return;
    // What a paused test prints must not seem to come after its pause.
    if (action === "pause") this.output(text);
    this.event({ Action: action, ...details });
    if (action !== "pause") this.output(text);
  }

  private reportOrOutput(bare: string, text: string, marked: boolean): void {
    const match = report.exec(bare);
    const depth = (match === null ? /^(?: {4})*/.exec(bare)![0] : match[1]).length / 4;
    if (match === null) {
      if (depth > 0 && depth <= this.pending.length) this.test = this.pending[depth - 1].Test;
      this.output(text);
      return;
    }
    if (this.pending.length < depth) {
      this.output(text);
      return;
    }
    this.needsMarker = marked;
    this.flush(depth);
    const [, name, elapsed] = /^(.*?)(?: \((\d+(?:\.\d+)?)s\).*)?$/.exec(match[3].trim())!;
    this.test = name;
    const Elapsed = elapsed === undefined ? undefined : Number(elapsed);
    this.pending.push({ Action: match[2].toLowerCase(), Test: name, Elapsed });
    this.output(text);
  }

  /** Gives out the reports at `depth` and deeper. */
  private flush(depth: number): void {
    this.test = "";
    while (this.pending.length > depth) this.event(this.pending.pop()!);
  }

  private output(text: string): void {
    this.event({ Action: "output", Output: text });
  }

  private event({ Action, Test = this.test, Elapsed, Output, Key, Value, Path, FailedBuild }: TestEvent): void {
    const Time = this.now().toISOString();
    const name = Test === "" ? undefined : Test;
    this.emit({ Time, Action, Package: this.pkg, Test: name, Elapsed, Output, Key, Value, Path, FailedBuild });
  }
}

function cut(text: string): [string, string] {
  const at = text.indexOf(" ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
