/** Pipes that others have, and terminals: files of the machine of which a read or write may have to wait for another program. They are
 *  opened so that they never block, and tried again every so often while the program waits for one. */
import { closeSync, fstatSync, readSync, writeSync } from "node:fs";
import { Channel, type Poller } from "../runtime/channels.ts";
import { Errno, Poll } from "../runtime/errno.ts";
import { attempt } from "./attempt.ts";

const aheadBytes = 65536;

export class OutsideChannel extends Channel {
  readonly mode: number;
  /** What was read to find out whether there is something. */
  private ahead: Uint8Array | null = null;
  private hungUp = false;
  private wantsRead = false;
  private wantsWrite = false;

  constructor(
    poller: Poller,
    /** Of the system. */
    readonly fd: number,
    override readonly access: number,
    nonblocking: boolean,
    private readonly atEnd: () => void,
  ) {
    super(poller);
    this.nonblocking = nonblocking;
    this.mode = fstatSync(fd).mode;
  }

  /** What was read to find out whether there is something, for others who read from here. */
  takeAhead(): Uint8Array | null {
    const { ahead } = this;
    this.ahead = null;
    return ahead;
  }

  read(bytes: Uint8Array): number {
    if (this.ahead !== null) {
      const part = this.ahead.subarray(0, bytes.length);
      bytes.set(part);
      this.ahead = part.length < this.ahead.length ? this.ahead.subarray(part.length) : null;
      return part.length;
    }
    const n = bytes.length === 0 ? 0 : attempt(() => readSync(this.fd, bytes));
    if (n !== -Errno.EAGAIN) return n;
    this.hungUp = false;
    this.wantsRead = true;
    this.poller.await(this.due);
    return n;
  }

  write(bytes: Uint8Array): number {
    const n = attempt(() => writeSync(this.fd, bytes));
    if (n !== -Errno.EAGAIN) return n;
    this.wantsWrite = true;
    this.poller.await(this.due);
    return n;
  }

  /** The program waits for it already. */
  expectInput(): void {
    this.wantsRead = true;
    this.poller.await(this.due);
  }

  /** Somebody has it open for writing, or had, and wrote. */
  get hasWriter(): boolean {
    return this.look() !== 0;
  }

  ready(): number {
    if (this.wantsRead) this.look();
    const room = this.access !== 0 && !this.wantsWrite;
    return (this.ahead !== null ? Poll.In : 0) | (this.hungUp ? Poll.In | Poll.Hup : 0) | (room ? Poll.Out : 0);
  }

  /** Reads if nothing is there: its length, 0 if nobody writes, or a negative number. Whoever waits is to see the end, and errors. */
  private look(): number {
    if (this.ahead !== null) return this.ahead.length;
    const buffer = new Uint8Array(aheadBytes);
    const n = attempt(() => readSync(this.fd, buffer));
    if (n > 0) this.ahead = buffer.slice(0, n);
    this.hungUp = n <= 0 && n !== -Errno.EAGAIN;
    return n;
  }

  private readonly due = (): boolean => {
    // Whether there is room can only be found out by writing.
    const due = this.wantsWrite || this.look() !== -Errno.EAGAIN;
    if (!due) return false;
    this.wantsRead = false;
    this.wantsWrite = false;
    this.poller.touch(this);
    return true;
  };

  /** Another channel is what this one was. */
  discard(): void {
    this.end();
  }

  protected end(): void {
    this.poller.forget(this.due);
    closeSync(this.fd);
    this.atEnd();
  }
}
