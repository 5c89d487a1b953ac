/** What a program's descriptors stand for that may have to wait: ends of its pipes here, sockets in `sockets.ts`, pipes and
 *  terminals of the machine in `host/outside.ts`. Nothing blocks: what would gives EAGAIN, and the poller tells package runtime
 *  (overlay/runtime/netpoll.go) when that changes. */
import { Errno, Poll } from "./errno.ts";

/** Whoever waits for a channel: what it is known by to package runtime. */
export interface Watch {
  /** Another one once the pipe has become one of the machine. */
  channel: Channel;
  readonly data: bigint;
}

/** Something outside of the program that touches channels when it is looked at. */
export interface Source {
  active(): boolean;
  /** Whether something has happened. */
  look(): boolean;
}

/** Collects the channels at which something happened. */
export class Poller {
  private readonly touched = new Set<Channel>();
  /** What other programs change is looked at again and again: whether something is possible now. */
  private readonly outside = new Set<() => boolean>();
  private changed = false;
  private source: Source | null = null;

  /** What is looked at as long as it is active. */
  setSource(source: Source): void {
    this.source = source;
  }

  /** The source may have something for whoever waits for channels. */
  get hasSource(): boolean {
    return this.source?.active() === true;
  }

  touch(channel: Channel): void {
    this.changed = true;
    if (channel.watches.size > 0) this.touched.add(channel);
  }

  add(watch: Watch): void {
    watch.channel.watches.add(watch);
    this.touched.add(watch.channel);
  }

  /** Something happened that a system call may wait for. */
  change(): void {
    this.changed = true;
  }

  /** Whether that was so since it was last asked. */
  takeChange(): boolean {
    const { changed } = this;
    this.changed = false;
    return changed;
  }

  /** Has `look` called every so often until it is true. */
  await(look: () => boolean): void {
    this.outside.add(look);
  }

  forget(look: () => boolean): void {
    this.outside.delete(look);
  }

  /** The program waits for what comes from outside of it. */
  get awaits(): boolean {
    return this.outside.size > 0;
  }

  /** Whether something has come from outside. */
  look(): boolean {
    let found = this.hasSource && this.source!.look();
    if (found) this.changed = true;
    for (const look of this.outside) {
      if (!look()) continue;
      this.outside.delete(look);
      this.changed = true;
      found = true;
    }
    return found;
  }

  remove(watch: Watch): void {
    watch.channel.watches.delete(watch);
  }

  /** Whoever waits for `from` waits for `to` instead. */
  move(from: Channel, to: Channel): void {
    for (const watch of from.watches) {
      watch.channel = to;
      to.watches.add(watch);
    }
    from.watches.clear();
    this.touch(to);
  }

  /** What has become possible: at most so many. */
  take(most: number): { readonly data: bigint; readonly events: number }[] {
    const found: { data: bigint; events: number }[] = [];
    for (const channel of this.touched) {
      if (found.length + channel.watches.size > most && found.length > 0) break;
      this.touched.delete(channel);
      const events = channel.ready();
      if (events !== 0) for (const { data } of channel.watches) found.push({ data, events });
    }
    return found;
  }
}

export abstract class Channel {
  /** Descriptors that stand for it. */
  private uses = 1;
  readonly watches = new Set<Watch>();
  /** System calls give EAGAIN and do not wait (O_NONBLOCK). */
  nonblocking = false;

  constructor(protected readonly poller: Poller) {}

  /** Kind and permissions, as `stat` tells them. */
  abstract readonly mode: number;
  abstract read(bytes: Uint8Array): number;
  abstract write(bytes: Uint8Array): number;
  /** What would not block. */
  abstract ready(): number;
  /** O_RDONLY, O_WRONLY or O_RDWR. */
  readonly access: number = 2;
  /** The last descriptor was closed. */
  protected abstract end(): void;

  use(): void {
    this.uses++;
  }

  close(): void {
    if (--this.uses === 0) this.end();
  }
}

/** Bytes on their way: a queue of pieces. */
export class ByteQueue {
  private readonly pieces: Uint8Array[] = [];
  private first = 0;
  size = 0;

  push(bytes: Uint8Array): void {
    this.pieces.push(bytes.slice());
    this.size += bytes.length;
  }

  /** Whether there is a piece, if only an empty one. */
  get empty(): boolean {
    return this.first === this.pieces.length;
  }

  /** Fills `bytes` as far as it goes; `peek` leaves everything where it is. */
  take(bytes: Uint8Array, peek = false): number {
    let n = 0;
    for (let at = this.first; n < bytes.length && at < this.pieces.length; at++) {
      const piece = this.pieces[at];
      const part = piece.subarray(0, bytes.length - n);
      bytes.set(part, n);
      n += part.length;
      if (peek) continue;
      this.size -= part.length;
      if (part.length < piece.length) this.pieces[at] = piece.subarray(part.length);
      else this.first++;
    }
    this.shorten();
    return n;
  }

  /** Takes one piece; what `bytes` has no room for is lost. */
  takePiece(bytes: Uint8Array, peek = false): number {
    const piece = this.pieces[this.first];
    const part = piece.subarray(0, bytes.length);
    bytes.set(part);
    if (!peek) {
      this.first++;
      this.size -= piece.length;
      this.shorten();
    }
    return part.length;
  }

  private shorten(): void {
    if (this.first < 64 && this.first < this.pieces.length) return;
    this.pieces.splice(0, this.first);
    this.first = 0;
  }
}

/** What a pipe holds, and how much of it is written at once or not at all. */
const pipeCapacity = 65536;
const pipeAtom = 4096;

/** A pipe: the end to read, the end to write. */
export function makePipe(poller: Poller): readonly [Channel, Channel] {
  const queue = new ByteQueue();
  const reader = new PipeReader(poller, queue);
  const writer = new PipeWriter(poller, queue, reader);
  reader.writer = writer;
  return [reader, writer];
}

/** The ends of a pipe of the program, null for one that is closed, and what is in it. */
export interface Pipe {
  readonly reader: PipeReader | null;
  readonly writer: Channel | null;
  readonly queue: ByteQueue;
}

/** The pipe of which `channel` is an end; null if it is none. */
export function pipeOf(channel: Channel): Pipe | null {
  if (channel instanceof PipeReader) return { reader: channel, writer: channel.writer, queue: channel.queue };
  if (channel instanceof PipeWriter) return { reader: channel.reader, writer: channel, queue: channel.queue };
  return null;
}

class PipeReader extends Channel {
  readonly mode = 0o010600;
  override readonly access = 0;
  /** Null when that end is closed. */
  writer: PipeWriter | null = null;
  /** The last read found nothing: whoever made it may wait. */
  awaited = false;

  constructor(
    poller: Poller,
    readonly queue: ByteQueue,
  ) {
    super(poller);
  }

  read(bytes: Uint8Array): number {
    this.awaited = this.queue.size === 0;
    if (this.awaited) return this.writer === null ? 0 : -Errno.EAGAIN;
    const n = this.queue.take(bytes);
    if (this.writer !== null) this.poller.touch(this.writer);
    return n;
  }

  write(): number {
    return -Errno.EBADF;
  }

  ready(): number {
    return (this.queue.size > 0 ? Poll.In : 0) | (this.writer === null ? Poll.Hup : 0);
  }

  writerEnded(): void {
    this.writer = null;
    this.poller.touch(this);
  }

  protected end(): void {
    this.writer?.readerEnded();
  }
}

class PipeWriter extends Channel {
  readonly mode = 0o010600;
  override readonly access = 1;

  constructor(
    poller: Poller,
    readonly queue: ByteQueue,
    /** Null when that end is closed. */
    public reader: PipeReader | null,
  ) {
    super(poller);
  }

  read(): number {
    return -Errno.EBADF;
  }

  write(bytes: Uint8Array): number {
    if (this.reader === null) return -Errno.EPIPE;
    if (bytes.length === 0) return 0;
    const room = pipeCapacity - this.queue.size;
    if (room < Math.min(bytes.length, pipeAtom)) return -Errno.EAGAIN;
    const part = bytes.subarray(0, room);
    this.queue.push(part);
    this.poller.touch(this.reader);
    return part.length;
  }

  ready(): number {
    if (this.reader === null) return Poll.Out | Poll.Err;
    return pipeCapacity - this.queue.size >= pipeAtom ? Poll.Out : 0;
  }

  readerEnded(): void {
    this.reader = null;
    this.poller.touch(this);
  }

  protected end(): void {
    this.reader?.writerEnded();
  }
}

/** eventfd(2): reading takes what was added, or one of it. */
export class EventCounter extends Channel {
  readonly mode = 0o600;

  constructor(
    poller: Poller,
    private count: bigint,
    private readonly oneByOne: boolean,
  ) {
    super(poller);
  }

  read(bytes: Uint8Array): number {
    if (bytes.length < 8) return -Errno.EINVAL;
    if (this.count === 0n) return -Errno.EAGAIN;
    const taken = this.oneByOne ? 1n : this.count;
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(0, taken, true);
    this.count -= taken;
    this.poller.touch(this);
    return 8;
  }

  write(bytes: Uint8Array): number {
    if (bytes.length < 8) return -Errno.EINVAL;
    const more = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
    const most = 0xfffffffffffffffen;
    if (more > most) return -Errno.EINVAL;
    if (this.count + more > most) return -Errno.EAGAIN;
    this.count += more;
    this.poller.touch(this);
    return 8;
  }

  ready(): number {
    return (this.count > 0n ? Poll.In : 0) | Poll.Out;
  }

  protected end(): void {}
}
