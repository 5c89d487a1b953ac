/** Reads standard input for a program in a worker thread, when it asks: a terminal, pipe or socket, which may have nothing to
 *  read for a long time. Files are always ready, and the worker reads them itself. */
import { fstatSync } from "node:fs";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { type InputBox, inputBytes } from "../runtime/input.ts";

/** Only programs that read need these, which take milliseconds to load. */
const load = createRequire(import.meta.url);
const net = (): typeof import("node:net") => load("node:net");
const tty = (): typeof import("node:tty") => load("node:tty");

export function isTerminal(fd: number): boolean {
  return tty().isatty(fd);
}

/** A read of descriptor 0 may block. */
export function inputBlocks(): boolean {
  try {
    const info = fstatSync(0);
    return info.isFIFO() || info.isSocket() || isTerminal(0);
  } catch {
    return false;
  }
}

export class Input {
  private stream: Socket | null = null;

  /** `notify` tells the program that something has come. */
  constructor(
    private readonly box: InputBox,
    private readonly notify: () => void,
  ) {}

  /** Reads the next piece. */
  wanted(): void {
    if (this.stream === null) this.stream = this.open();
    this.stream.resume();
  }

  private open(): Socket {
    const give = (bytes: Uint8Array): void => {
      this.box.give(bytes);
      this.notify();
    };
    const options = {
      readable: true,
      writable: false,
      manualStart: true,
      onread: {
        buffer: new Uint8Array(inputBytes),
        // It reads no further before the program wants more.
        callback: (n: number, buffer: Uint8Array) => {
          give(buffer.subarray(0, n));
          return false;
        },
      },
    };
    // Types of Node do not know that terminals take the options of sockets.
    const Terminal = tty().ReadStream as unknown as new (fd: number, options: object) => Socket;
    const stream = tty().isatty(0) ? new Terminal(0, options) : new (net().Socket)({ fd: 0, ...options });
    const end = (): void => give(new Uint8Array());
    stream.once("end", end);
    stream.on("error", end);
    return stream;
  }

  close(): void {
    this.stream?.removeAllListeners("end");
    this.stream?.destroy();
  }
}
