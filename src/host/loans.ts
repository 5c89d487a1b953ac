/** What the program's own pipes, and files that may block, are to its children: descriptors of the machine. A pipe that was
 *  in the program alone becomes a real one, for the program, too. What has been read from a pipe before its time goes to
 *  whoever reads next, through another pipe. */
import { closeSync, constants, openSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getSystemErrorName } from "node:util";
import { type Channel, type Pipe, type Poller, pipeOf } from "../runtime/channels.ts";
import { Errno } from "../runtime/errno.ts";
import { attempt } from "./attempt.ts";
import { OutsideChannel } from "./outside.ts";
import { helperProblem, PipeSupply, pipeCapacity, reopen, reopenPipe } from "./real-pipes.ts";

/** What is to be done elsewhere. */
export interface Lender {
  /** Has `to` stand where `from` did. */
  replace(from: Channel, to: Channel): void;
  closed(file: object): void;
  /** Has this process read what comes from a pipe. */
  readOutput(fd: number): void;
  /** Has what is in the file `content`, then what comes from a pipe (-1 for none), written to another one; a negative error
   *  number if that cannot be. */
  relay(content: number, from: number, to: number): number;
}

export class Loans {
  private readonly pipes = new PipeSupply();
  /** Where children write what this process is to take instead of its standard streams. */
  private output: number | null = null;

  constructor(
    private readonly poller: Poller,
    private readonly lender: Lender,
  ) {}

  /** A descriptor for the child, to be closed here after it has begun; or a negative error number. */
  openChannel(given: Channel): number {
    return attempt(() => {
      const pipe = pipeOf(given);
      const channel = pipe === null ? this.unread(given) : this.makeReal(pipe, given);
      if (!(channel instanceof OutsideChannel)) return -Errno.ENOTSUP;
      const isPipe = (channel.mode & constants.S_IFMT) === constants.S_IFIFO;
      return (isPipe ? reopenPipe : reopen)(channel.fd, channel.access);
    });
  }

  private makeReal({ reader, writer, queue }: Pipe, given: Channel): Channel {
    const content = new Uint8Array(Math.min(queue.size, pipeCapacity));
    queue.take(content);
    const [input, output] = this.fill(content, writer === null);
    let real = given;
    for (const [end, fd] of [[reader, input] as const, [writer, output] as const]) {
      if (end === null) {
        closeSync(fd);
        continue;
      }
      const channel = new OutsideChannel(this.poller, fd, end.access, end.nonblocking, () =>
        this.lender.closed(channel),
      );
      // Only then: what is read to see whether there is something is lost to the child.
      if (end === reader && reader.awaited) channel.expectInput();
      this.lender.replace(end, channel);
      if (end === given) real = channel;
    }
    return real;
  }

  /** A pipe with that in it: what is written comes after it. `isAll`: nothing will be. */
  private fill(content: Uint8Array, isAll: boolean): readonly [reader: number, writer: number] {
    const [input, output] = this.pipes.take();
    if (content.length === 0) return [input, output];
    const done = Math.max(
      attempt(() => writeSync(output, content)),
      0,
    );
    if (done === content.length) return [input, output];
    // Pipes are short where there are many (pipe-user-pages-soft).
    const [between, writer] = isAll ? [-1, output] : this.pipes.take();
    this.relay(content.subarray(done), between, output);
    if (isAll) return [input, writer];
    closeSync(between);
    closeSync(output);
    return [input, writer];
  }

  /** Where all is that was to be read from `given`. */
  private unread(given: Channel): Channel {
    if (!(given instanceof OutsideChannel) || given.access !== constants.O_RDONLY) return given;
    const ahead = given.takeAhead();
    if (ahead === null) return given;
    const channel = this.withContent(ahead, given.fd, given.nonblocking);
    this.lender.replace(given, channel);
    given.discard();
    return channel;
  }

  /** What gives `content` first, and then what comes from a descriptor of the machine. */
  withContent(content: Uint8Array, from: number, nonblocking: boolean): OutsideChannel {
    const [input, output] = this.pipes.take();
    try {
      this.relay(content, from, output);
    } finally {
      closeSync(output);
    }
    const channel = new OutsideChannel(this.poller, input, constants.O_RDONLY, nonblocking, () =>
      this.lender.closed(channel),
    );
    return channel;
  }

  private relay(content: Uint8Array, from: number, to: number): void {
    const path = join(tmpdir(), `goesc-${process.pid}-${process.hrtime.bigint()}`);
    const opened = [openSync(path, "wx+", 0o600)];
    try {
      unlinkSync(path);
      for (let done = 0; done < content.length; )
        done += writeSync(opened[0], content, done, content.length - done, done);
      // The other process may block.
      for (const [fd, access] of [[from, constants.O_RDONLY] as const, [to, constants.O_WRONLY] as const])
        opened.push(fd <= 0 ? fd : reopenPipe(fd, access));
      const errno = this.lender.relay(opened[0], opened[1], opened[2]);
      if (errno < 0) throw helperProblem({ name: "", message: "", code: getSystemErrorName(errno) });
    } finally {
      for (const fd of opened) if (fd > 0) closeSync(fd);
    }
  }

  /** Writes what is for this process to take, after what children have written there; false if none was given a pipe. */
  write(bytes: Uint8Array): boolean {
    if (this.output === null) return false;
    for (let done = 0; done < bytes.length; ) done += writeSync(this.output, bytes, done);
    return true;
  }

  /** A pipe to where the program's output goes if that is not to this process's standard streams. */
  openOutput(): number {
    if (this.output !== null) return this.output;
    return attempt(() => {
      const [input, output] = this.pipes.take();
      try {
        this.output = reopenPipe(output, constants.O_WRONLY);
        this.lender.readOutput(input);
        return this.output;
      } finally {
        closeSync(input);
        closeSync(output);
      }
    });
  }
}
