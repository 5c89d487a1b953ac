/** Sockets that make connections: streams, and packets of the Unix domain. */
import { ByteQueue } from "./channels.ts";
import { Errno, Poll } from "./errno.ts";
import type { Endpoint } from "./network-host.ts";
import { type Address, any4Host, anyHost, Family, type OutsideNetwork, Socket, SocketType } from "./sockets.ts";

/** What a connection holds in one direction. */
const capacity = 1 << 20;

/** One end of a connection, or what waits for connections. */
export class StreamSocket extends Socket {
  private readonly incoming = new ByteQueue();
  private readonly waiting: StreamSocket[] = [];
  private peer: StreamSocket | null = null;
  private connected = false;
  /** Nothing more will come; nothing more may be sent. */
  private ended = false;
  private shut = false;
  /** A connection to somewhere outside the program is being made. */
  private connecting = false;
  /** Whoever waits for that in a call does not know yet how it ended. */
  private news = false;
  /** It has been made, and nobody has asked yet: what goes wrong later is told later. */
  private fresh = false;

  /** How many bytes it may be sent. */
  get room(): number {
    return capacity - this.incoming.size;
  }

  /** Bytes that have come. */
  get pending(): number {
    return this.incoming.size;
  }

  get hasEnded(): boolean {
    return this.ended;
  }

  /** The other end is closed. */
  get isAlone(): boolean {
    return this.peer === null;
  }

  get isConnected(): boolean {
    return this.connected;
  }

  /** Only sockets that will listen are to be reused. */
  get isReachable(): boolean {
    return this.reuse;
  }

  reach(outside: OutsideNetwork, at: Endpoint): Endpoint | number {
    return outside.listen(this, at);
  }

  accepts(): boolean {
    return this.listening;
  }

  /** Makes the two ends of one connection. */
  join(other: StreamSocket): void {
    this.peer = other;
    other.peer = this;
    this.connected = true;
    other.connected = true;
  }

  override listen(): number {
    if (this.connected) return -Errno.EINVAL;
    if (this.local === null) {
      if (this.family === Family.Unix) return -Errno.EINVAL;
      const host = this.family === Family.Inet ? any4Host : anyHost;
      const errno = this.network.bind(this, { host, port: 0 });
      if (errno !== 0) return errno;
    }
    const errno = this.network.listen(this);
    if (errno !== 0) return errno;
    this.listening = true;
    return 0;
  }

  connect(to: Address | null): number {
    if (this.news) {
      // Only a socket that blocks asks twice.
      this.news = false;
      return -this.takeError();
    }
    if (this.connecting) return this.nonblocking ? -Errno.EALREADY : -Errno.EAGAIN;
    if (this.connected) return -Errno.EISCONN;
    if (this.listening || to === null) return -Errno.EINVAL;
    const target = this.network.resolve(to);
    if (typeof target === "number") return target;
    const listener = this.network.find(this, target);
    if (!(listener instanceof StreamSocket)) {
      const { outside } = this.network;
      if (outside === null || "key" in target) return -Errno.ECONNREFUSED;
      this.connecting = true;
      this.far = outside.connect(this, target);
      return this.nonblocking ? -Errno.EINPROGRESS : -Errno.EAGAIN;
    }
    const errno = this.network.bindFor(this, target);
    if (errno !== 0) return errno;
    const other = new StreamSocket(this.network, listener.family, listener.type);
    other.local = "key" in target ? listener.local : target;
    other.remote = this.local;
    this.remote = target;
    this.join(other);
    listener.arrived(other);
    this.poller.touch(this);
    return 0;
  }

  /** A connection to this listener has been made. */
  arrived(connection: StreamSocket): void {
    this.waiting.push(connection);
    this.poller.touch(this);
  }

  /** The connection to somewhere outside is made, or cannot be made for this reason. */
  settle(errno: number): void {
    this.connecting = false;
    this.news = !this.nonblocking;
    this.fresh = errno === 0;
    this.error = errno;
    this.poller.touch(this);
  }

  override accept(): Socket | number {
    if (!this.listening) return -Errno.EINVAL;
    return this.waiting.shift() ?? -Errno.EAGAIN;
  }

  send(bytes: Uint8Array, to: Address | null): number {
    this.fresh = false;
    if (this.error !== 0) return -this.takeError();
    if (to !== null && !this.connected) return -Errno.ENOTCONN;
    if (!this.connected || this.shut) return -Errno.EPIPE;
    const { peer } = this;
    if (peer === null) {
      // The other end is closed, and says so only to the first who still sends.
      this.shut = true;
      this.poller.touch(this);
      return this.family === Family.Unix ? -Errno.EPIPE : bytes.length;
    }
    const { room } = peer;
    const packets = this.type === SocketType.Packets;
    if (room <= 0 || (packets && room < bytes.length && !peer.incoming.empty)) return -Errno.EAGAIN;
    if (bytes.length === 0 && !packets) return 0;
    const part = packets ? bytes : bytes.subarray(0, room);
    peer.incoming.push(part);
    peer.put();
    return part.length;
  }

  override takeError(): number {
    if (!this.fresh) return super.takeError();
    this.fresh = false;
    return 0;
  }

  /** The peer has sent something. */
  put(): void {
    this.poller.touch(this);
  }

  /** The peer has taken so many bytes of what was sent. */
  taken(_bytes: number): void {
    this.poller.touch(this);
  }

  receive(bytes: Uint8Array, peek: boolean): { n: number; from: Address | null } {
    return { n: this.take(bytes, peek), from: null };
  }

  private take(bytes: Uint8Array, peek: boolean): number {
    this.fresh = false;
    if (this.error !== 0 && !this.ended) {
      this.ended = this.connected;
      return -this.takeError();
    }
    if (!this.connected) return -Errno.ENOTCONN;
    if (this.incoming.empty) return this.ended ? 0 : -Errno.EAGAIN;
    const packets = this.type === SocketType.Packets;
    const n = packets ? this.incoming.takePiece(bytes, peek) : this.incoming.take(bytes, peek);
    if (!peek) this.peer?.taken(n);
    return n;
  }

  override shutdown(reads: boolean, writes: boolean): number {
    if (!this.connected) return -Errno.ENOTCONN;
    if (reads) this.ended = true;
    if (writes && !this.shut) {
      this.shut = true;
      this.peer?.otherShut();
    }
    this.poller.touch(this);
    return 0;
  }

  /** The peer sends no more. */
  otherShut(): void {
    this.ended = true;
    this.poller.touch(this);
  }

  ready(): number {
    if (this.listening) return this.waiting.length > 0 ? Poll.In : 0;
    if (this.connecting) return 0;
    if (!this.connected) return Poll.Out | Poll.Hup | (this.error !== 0 ? Poll.Err : 0);
    const { peer } = this;
    const writable = this.shut || peer === null || peer.room > capacity / 2;
    return (
      (this.error !== 0 ? Poll.Err : 0) |
      (this.ended || !this.incoming.empty ? Poll.In : 0) |
      (writable ? Poll.Out : 0) |
      (this.ended && this.shut ? Poll.Hup : 0)
    );
  }

  protected end(): void {
    this.network.forget(this);
    for (const other of this.waiting) other.leave(true);
    if (this.listening || this.connecting || !this.connected) this.far?.close();
    this.leave(this.abrupt || !this.incoming.empty);
  }

  /** The connection is gone. */
  protected lose(errno: number): void {
    const { peer } = this;
    this.leave(true);
    peer?.fail(errno);
  }

  /** Ends the connection; `reset`: something was lost. */
  private leave(reset: boolean): void {
    const { peer } = this;
    this.peer = null;
    if (peer === null) return;
    peer.peer = null;
    if (reset) {
      peer.shut = true;
      peer.fail(Errno.ECONNRESET);
    } else peer.otherShut();
  }
}
