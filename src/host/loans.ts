/** What the program's own pipes, and files that may block, are to its children: descriptors of the machine. A pipe that was
 *  in the program alone becomes a real one, for the program, too. */
import { closeSync, constants, writeSync } from "node:fs";
import { type Channel, type Pipe, type Poller, pipeOf } from "../runtime/channels.ts";
import { Errno } from "../runtime/errno.ts";
import { attempt } from "./attempt.ts";
import { OutsideChannel } from "./outside.ts";
import { PipeSupply, reopen, reopenPipe } from "./real-pipes.ts";

const pipeCapacity = 65536;

export class Loans {
  private readonly pipes = new PipeSupply();
  /** Where children write what this process is to take instead of its standard streams. */
  private output: number | null = null;

  constructor(
    private readonly poller: Poller,
    /** Has `to` stand where `from` did. */
    private readonly replace: (from: Channel, to: Channel) => void,
    private readonly closed: (file: object) => void,
    /** Has this process read what comes from a pipe. */
    private readonly readOutput: (fd: number) => void,
  ) {}

  /** A descriptor for the child, to be closed here after it has begun; or a negative error number. */
  openChannel(given: Channel): number {
    return attempt(() => {
      const pipe = pipeOf(given);
      const channel = pipe === null ? given : this.makeReal(pipe, given);
      if (!(channel instanceof OutsideChannel)) return -Errno.ENOTSUP;
      const isPipe = (channel.mode & constants.S_IFMT) === constants.S_IFIFO;
      return (isPipe ? reopenPipe : reopen)(channel.fd, channel.access);
    });
  }

  private makeReal({ reader, writer, queue }: Pipe, given: Channel): Channel {
    const [input, output] = this.pipes.take();
    const content = new Uint8Array(Math.min(queue.size, pipeCapacity));
    queue.take(content);
    if (content.length > 0) writeSync(output, content);
    let real = given;
    for (const [end, fd] of [[reader, input] as const, [writer, output] as const]) {
      if (end === null) {
        closeSync(fd);
        continue;
      }
      const channel = new OutsideChannel(this.poller, fd, end.access, end.nonblocking, () => this.closed(channel));
      // Only then: what is read to see whether there is something is lost to the child.
      if (end === reader && reader.awaited) channel.expectInput();
      this.replace(end, channel);
      if (end === given) real = channel;
    }
    return real;
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
        this.readOutput(input);
        return this.output;
      } finally {
        closeSync(input);
        closeSync(output);
      }
    });
  }
}
