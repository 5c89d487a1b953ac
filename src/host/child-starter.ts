/** Starts processes for a program, on the main thread, whose event loop hears of their ends. */
import { closeSync, constants as fsConstants, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { constants } from "node:os";
import type { MessagePort } from "node:worker_threads";
import type { ChildEnd } from "../runtime/children.ts";
import { Errno } from "../runtime/errno.ts";
import { attempt } from "./attempt.ts";
import { spawn } from "./child-process.ts";
import type { Answer, Order, RelayOrder, StartOrder } from "./child-processes.ts";
import { NetworkLinks } from "./network-links.ts";
import { pipeCapacity, reopen } from "./real-pipes.ts";

const load = createRequire(import.meta.url);
const net = (): typeof import("node:net") => load("node:net");

/** The program's own file, as its children start it: what to run instead. */
export interface OwnProgram {
  readonly path: string;
  make(): void;
  /** A descriptor of what a child needs to know, which it gets as number `job`, besides `files`. */
  open(): number;
  command(files: readonly number[], job: number, args: readonly string[]): readonly string[];
}

export class ChildStarter {
  private port: MessagePort | null = null;
  private answers = new Int32Array(new SharedArrayBuffer(4));
  private output: { readonly fd: number; readonly stream: Socket } | null = null;
  private childTime = childTime();
  private links: NetworkLinks | null = null;
  /** What has taken the program's place. */
  private replacement = 0;
  /** Children that get a signal when the program ends. */
  private readonly heirs = new Map<number, number>();

  constructor(
    private readonly own: OwnProgram,
    /** Has the program look for news. */
    private readonly notify: () => void,
    private readonly capture: ((bytes: Uint8Array) => void) | null,
  ) {}

  handle(order: Order): void {
    switch (order.what) {
      case "connect":
        this.port = order.port;
        this.answers = new Int32Array(order.answers);
        return;
      case "close":
        this.answer({ result: attempt(() => close(order.fd)) });
        return;
      case "makeProgram":
        this.answer({
          result: attempt(() => {
            this.own.make();
            return 0;
          }),
        });
        return;
      case "readOutput":
        this.answer({ result: this.readOutput(order.fd) });
        return;
      case "relay":
        startRelay(order).then((result) => this.answer({ result }));
        return;
      case "link":
        this.links ??= new NetworkLinks(
          (result) => this.answer(result),
          (link) => {
            this.answer({ link });
            this.notify();
          },
        );
        this.links.handle(order.order);
        return;
      case "start":
        this.start(order);
    }
  }

  /** Whether a signal for the program went to what has taken its place. */
  passOn(signal: NodeJS.Signals): boolean {
    if (this.replacement === 0) return false;
    attempt(() => process.kill(this.replacement, signal));
    return true;
  }

  /** The program has ended. Waits for what it has sent to others. */
  async close(): Promise<void> {
    if (this.output !== null) {
      const { fd, stream } = this.output;
      takeWhatIsThere(fd, (bytes) => this.capture?.(bytes));
      stream.destroy();
    }
    for (const [pid, signal] of this.heirs) attempt(() => process.kill(pid, signal));
    this.port?.close();
    await this.links?.close();
  }

  private answer(message: Answer): void {
    this.port?.postMessage(message);
    Atomics.add(this.answers, 0, 1);
    Atomics.notify(this.answers, 0);
  }

  private readOutput(pipe: number): number {
    return attempt(() => {
      const fd = reopen(pipe, fsConstants.O_RDONLY | fsConstants.O_NONBLOCK);
      const stream = new (net().Socket)({ fd, readable: true, writable: false });
      stream.on("data", (bytes: Buffer) => this.capture?.(new Uint8Array(bytes)));
      stream.on("error", () => {});
      stream.unref();
      this.output = { fd, stream };
      return 0;
    });
  }

  private start(order: StartOrder): void {
    const { path, args, cwd, newGroup, credential } = order;
    // Node would make pipes for standard streams that are not mentioned.
    const files = [...order.files, ...[-1, -1, -1].slice(order.files.length)];
    const own = path === this.own.path;
    const [file, ...words] = own ? this.own.command(files, files.length, args) : [path, ...args.slice(1)];
    const env: Record<string, string> = Object.create(null);
    for (const setting of order.env) {
      const at = setting.indexOf("=", 1);
      if (at > 0) env[setting.slice(0, at)] = setting.slice(at + 1);
    }
    const mask = process.umask();
    process.umask(order.umask);
    let job = -1;
    try {
      // The file may be gone by the time that the child reads it.
      if (own) job = this.own.open();
      const stdio = [...files, ...(own ? [job] : [])];
      const child = spawn(file, words, {
        cwd,
        env,
        stdio: stdio.map((fd) => (fd < 0 ? "ignore" : fd)),
        detached: newGroup,
        ...(own || args.length === 0 ? {} : { argv0: args[0] }),
        ...(credential ?? {}),
      });
      const { pid } = child;
      if (pid === undefined) {
        child.once("error", (error: NodeJS.ErrnoException) => this.answer({ result: error.errno ?? -Errno.EIO }));
        return;
      }
      child.on("error", () => {});
      child.once("exit", (code, signal) => this.ended(pid, code, signal));
      child.unref();
      if (order.deathSignal !== 0) this.heirs.set(pid, order.deathSignal);
      if (order.replaces) this.replacement = pid;
      this.answer({ result: pid });
    } catch (error) {
      this.answer({
        result: attempt(() => {
          throw error;
        }),
      });
    } finally {
      if (job >= 0) closeSync(job);
      process.umask(mask);
    }
  }

  private ended(pid: number, code: number | null, signal: NodeJS.Signals | null): void {
    const status = signal === null ? ((code ?? 0) & 0xff) << 8 : constants.signals[signal];
    const before = this.childTime;
    this.childTime = childTime();
    const { user, system } = this.childTime;
    this.heirs.delete(pid);
    const end: ChildEnd = { pid, status, user: user - before.user, system: system - before.system };
    this.answer({ end });
    this.notify();
  }
}

function close(fd: number): number {
  closeSync(fd);
  if (fd > 2) return 0;
  // The lowest number is free.
  const instead = openSync("/dev/null", fsConstants.O_WRONLY);
  if (instead !== fd) closeSync(instead);
  return 0;
}

/** What is in a pipe by now: others may go on filling it. */
export function takeWhatIsThere(fd: number, take: (bytes: Uint8Array) => void): void {
  for (let left = pipeCapacity, n = 1; n > 0 && left > 0; left -= n) {
    const bytes = new Uint8Array(left);
    n = attempt(() => readSync(fd, bytes));
    if (n > 0) take(bytes.subarray(0, n));
  }
}

/** 0 when it has begun, or a negative error number. */
export function startRelay({ content, from, to }: RelayOrder): Promise<number> {
  return new Promise((resolve) => {
    const relay = spawn("cat", ["/dev/fd/3", "-"], { stdio: [from < 0 ? "ignore" : from, to, "ignore", content] });
    relay.once("spawn", () => resolve(0));
    relay.once("error", (error: NodeJS.ErrnoException) => resolve(error.errno ?? -Errno.EIO));
    relay.unref();
  });
}

/** What children of this process that have ended have used: microseconds, exact to hundredths of a second. */
function childTime(): { readonly user: number; readonly system: number } {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { user: Number(fields[13]) * 10_000, system: Number(fields[14]) * 10_000 };
  } catch {
    return { user: 0, system: 0 };
  }
}
