/** Sockets that send datagrams. */
import { Errno, Poll } from "./errno.ts";
import type { Endpoint } from "./network-host.ts";
import {
  type Address,
  any4Host,
  anyHost,
  Family,
  isAny,
  local4Host,
  local6Host,
  type OutsideNetwork,
  Socket,
  sameAddress,
  v4Prefix,
} from "./sockets.ts";

/** What a queue of them holds, and what one of them does. */
const capacity = 212_992;
const longestDatagram = 65_507;

interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Address | null;
}

export class DatagramSocket extends Socket {
  private readonly incoming: Datagram[] = [];
  private size = 0;
  /** Those who found no room here. */
  private readonly held = new Set<DatagramSocket>();
  readonly isReachable = true;
  /** The other of a pair. */
  private partner: DatagramSocket | null = null;
  private shut = false;
  private ended = false;

  join(other: DatagramSocket): void {
    this.partner = other;
    other.partner = this;
  }

  reach(outside: OutsideNetwork, at: Endpoint): Endpoint | number {
    return outside.bindDatagrams(this, at);
  }

  /** A socket that is connected gets nothing from others. */
  accepts(from: Socket): boolean {
    const { remote } = this;
    if (remote === null) return true;
    const { local } = from;
    if (local === null) return false;
    if ("key" in remote) return "key" in local && local.key === remote.key;
    return "host" in local && local.port === remote.port && (local.host === remote.host || isAny(local.host));
  }

  connect(to: Address | null): number {
    if (to === null) {
      this.remote = null;
      return 0;
    }
    const target = this.network.resolve(to);
    if (typeof target === "number") return target;
    if (this.network.find(this, target) === null) {
      if ("key" in target) return -Errno.ECONNREFUSED;
      const { outside } = this.network;
      if (outside !== null) return this.connectOutside(outside, target);
    }
    const errno = this.network.bindFor(this, target);
    if (errno === 0) this.remote = target;
    return errno;
  }

  private connectOutside(outside: OutsideNetwork, to: Endpoint): number {
    this.far?.close();
    this.far = null;
    const got = outside.connectDatagrams(this, to);
    if (typeof got === "number") return got;
    this.network.forget(this);
    this.local = null;
    const errno = this.network.bindWithin(this, got);
    if (errno === 0) this.remote = to;
    return errno;
  }

  send(bytes: Uint8Array, to: Address | null): number {
    if (this.error !== 0) return -this.takeError();
    if (this.shut) return -Errno.EPIPE;
    if (this.partner !== null) return this.partner.put(bytes, this);
    const wanted = to ?? this.remote;
    if (wanted === null) return this.family === Family.Unix ? -Errno.ENOTCONN : -Errno.EDESTADDRREQ;
    if (bytes.length > longestDatagram && this.family !== Family.Unix) return -Errno.EMSGSIZE;
    const target = this.network.resolve(wanted);
    if (typeof target === "number") return target;
    let source = this.local;
    if ("host" in target) {
      if (source === null) {
        const host = this.family === Family.Inet ? any4Host : anyHost;
        const errno = this.network.bind(this, { host, port: 0 });
        if (errno !== 0) return errno;
        source = this.local;
      }
      if (source !== null && "host" in source && isAny(source.host))
        source = { host: target.host.startsWith(v4Prefix) ? local4Host : local6Host, port: source.port };
    }
    const receiver = this.network.find(this, target) ?? (sameAddress(target, source) ? this : null);
    if (receiver instanceof DatagramSocket) return receiver.put(bytes, this, source);
    if ("key" in target) return -Errno.ECONNREFUSED;
    if (this.far !== null) {
      this.far.send?.(bytes, to === null && this.remote !== null ? null : target);
      return bytes.length;
    }
    // Nobody is there, and says so to whoever has asked for nobody else.
    if (this.remote !== null) this.fail(Errno.ECONNREFUSED);
    return bytes.length;
  }

  /** One of the Unix domain waits until there is room; others lose what finds none. */
  put(bytes: Uint8Array, sender: DatagramSocket | null, from: Address | null = null): number {
    if (this.size + bytes.length > capacity && this.size > 0) {
      if (this.family !== Family.Unix || sender === null) return bytes.length;
      this.held.add(sender);
      return -Errno.EAGAIN;
    }
    this.incoming.push({ bytes: bytes.slice(), from });
    this.size += bytes.length;
    this.poller.touch(this);
    return bytes.length;
  }

  receive(bytes: Uint8Array, peek: boolean): { n: number; from: Address | null } {
    if (this.error !== 0) return { n: -this.takeError(), from: null };
    const [datagram] = this.incoming;
    if (datagram === undefined) return { n: this.ended ? 0 : -Errno.EAGAIN, from: null };
    if (!peek) {
      this.incoming.shift();
      this.size -= datagram.bytes.length;
      for (const sender of this.held) this.poller.touch(sender);
      this.held.clear();
    }
    const part = datagram.bytes.subarray(0, bytes.length);
    bytes.set(part);
    return { n: part.length, from: datagram.from };
  }

  override shutdown(reads: boolean, writes: boolean): number {
    if (this.remote === null && this.partner === null) return -Errno.ENOTCONN;
    this.ended ||= reads;
    this.shut ||= writes;
    this.poller.touch(this);
    return 0;
  }

  ready(): number {
    return (this.error !== 0 ? Poll.Err : 0) | (this.incoming.length > 0 || this.ended ? Poll.In : 0) | Poll.Out;
  }

  protected end(): void {
    this.network.forget(this);
    this.far?.close();
    const { partner } = this;
    if (partner === null) return;
    partner.partner = null;
    partner.fail(Errno.ECONNREFUSED);
  }
}
