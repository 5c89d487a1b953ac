/** Processes that a program starts. Its own thread has no time to hear of their ends, so it asks the main thread
 *  (child-starter.ts) for everything, and waits for the answer. */
import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { ChildEnd, ChildHost, StartRequest } from "../runtime/children.ts";
import { Errno } from "../runtime/errno.ts";
import type { Endpoint, LinkEvent } from "../runtime/network-host.ts";
import { attempt } from "./attempt.ts";
import type { LinkOrder } from "./network-links.ts";
import type { NodeFiles } from "./node-files.ts";

/** What the main thread is to do. */
export type Order =
  /** Where answers go, and what is counted up when there is one. */
  | { readonly what: "connect"; readonly port: MessagePort; readonly answers: SharedArrayBuffer }
  | StartOrder
  /** To close a descriptor that the program's thread has not opened: Node would give a warning there. What stands for it
   *  afterwards is nothing, or for a standard stream a file that takes everything. */
  | { readonly what: "close"; readonly fd: number }
  /** To write the program's own file. */
  | { readonly what: "makeProgram" }
  /** To take what comes from a pipe for the program's output. */
  | { readonly what: "readOutput"; readonly fd: number }
  | RelayOrder
  /** About a socket beyond the program. */
  | { readonly what: "link"; readonly order: LinkOrder };

/** To have what is in a file, and then all that comes from one pipe (-1 for nothing more), written to another one, whoever
 *  lives that long. */
export interface RelayOrder {
  readonly what: "relay";
  readonly content: number;
  readonly from: number;
  readonly to: number;
}

export interface StartOrder {
  readonly what: "start";
  readonly path: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  /** Descriptors of this process, by number in the child; -1 for none. */
  readonly files: readonly number[];
  readonly newGroup: boolean;
  readonly credential: StartRequest["credential"];
  readonly deathSignal: number;
  readonly umask: number;
  /** Signals for the program are for the child instead. */
  readonly replaces: boolean;
}

export interface Result {
  readonly result: number;
  /** Of a socket. */
  readonly place?: Endpoint;
}

export type Answer = Result | { readonly end: ChildEnd } | { readonly link: LinkEvent };

export class ChildProcesses implements ChildHost {
  private port: MessagePort | null = null;
  private readonly answers = new Int32Array(new SharedArrayBuffer(4));
  /** How many have been taken. */
  private taken = 0;
  private readonly ends: ChildEnd[] = [];
  private readonly links: LinkEvent[] = [];

  constructor(
    private readonly send: (order: Order, transfer?: readonly MessagePort[]) => void,
    /** Ends the program. */
    private readonly exit: (status: number) => never,
  ) {}

  /** Set right after: files ask for things, too. */
  files: NodeFiles | null = null;

  start(request: StartRequest): number {
    return this.startOne(request, false);
  }

  replace(request: StartRequest): number {
    const pid = this.startOne(request, true);
    if (pid < 0) return pid;
    for (;;) {
      const end = this.ended().find((one) => one.pid === pid);
      if (end !== undefined) this.exit(end.status);
      this.waitForAnswer();
    }
  }

  ended(): readonly ChildEnd[] {
    this.receive();
    return this.ends.splice(0);
  }

  /** What has happened to sockets beyond the program since it was last asked. */
  linkEvents(): readonly LinkEvent[] {
    this.receive();
    return this.links.splice(0);
  }

  ask(order: Order): number {
    return this.askFor(order).result;
  }

  /** Waits for no answer. */
  tell(order: Order): void {
    this.connect();
    this.send(order);
  }

  askFor(order: Order): Result {
    this.tell(order);
    for (;;) {
      const result = this.receive();
      if (result !== null) return result;
      this.waitForAnswer();
    }
  }

  private startOne(request: StartRequest, replaces: boolean): number {
    const files = this.files!;
    const cwd = resolve(files.cwd(), request.dir);
    const path = request.path.includes("/") ? request.path : `./${request.path}`;
    const problem = executableProblem(resolve(cwd, path));
    if (problem !== 0) return problem;
    const { program } = files;
    if (path === program || [...request.args, ...request.env].some((text) => text.includes(program)))
      files.makeProgram();
    const lent = files.lend(request.files);
    if (typeof lent === "number") return lent;
    const { args, env, newGroup, credential, deathSignal } = request;
    const child = { path, args, env, cwd, files: lent.fds, newGroup, credential, deathSignal };
    const result = this.ask({ what: "start", ...child, umask: files.currentMask, replaces });
    for (const fd of lent.opened) closeSync(fd);
    return result;
  }

  private connect(): void {
    if (this.port !== null) return;
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.send({ what: "connect", port: port2, answers: this.answers.buffer as SharedArrayBuffer }, [port2]);
  }

  /** Takes what has come: the result of what was asked for, null if it is not there. */
  private receive(): Result | null {
    for (;;) {
      const message = this.port === null ? undefined : (receiveMessageOnPort(this.port)?.message as Answer | undefined);
      if (message === undefined) return null;
      this.taken++;
      if ("result" in message) return message;
      if ("end" in message) this.ends.push(message.end);
      else this.links.push(message.link);
    }
  }

  /** Answers are counted when they are there already. */
  private waitForAnswer(): void {
    Atomics.wait(this.answers, 0, this.taken);
  }
}

const ENOEXEC = 8;

/** Why the system would not run a file that Node would have a shell run: 0, or a negative error number. Everything else
 *  Node finds out itself. */
function executableProblem(path: string): number {
  const head = new Uint8Array(4);
  const read = attempt(() => {
    if (!statSync(path).isFile()) return -Errno.EACCES;
    accessSync(path, constants.X_OK);
    const fd = openSync(path, "r");
    try {
      return readSync(fd, head);
    } finally {
      closeSync(fd);
    }
  });
  if (read === -Errno.EACCES) return 0;
  const text = String.fromCharCode(...head);
  return read < 0 || text === "\x7fELF" || text.startsWith("#!") ? 0 : -ENOEXEC;
}
