/** Sockets of a program: streams, datagrams and packets. Those of one program find each other here, at addresses of this machine
 *  (127.0.0.0/8, ::1) or names of the Unix domain; what is for others goes to the outside network (`outside-net.ts`) if the
 *  program has one, and is out of reach otherwise (ENETUNREACH, ECONNREFUSED). */
import { ByteQueue, Channel, type Poller } from "./channels.ts";
import { Errno, Poll } from "./errno.ts";
import type { Endpoint, FarSide } from "./network-host.ts";

export const enum Family {
  Unspec = 0,
  Unix = 1,
  Inet = 2,
  Inet6 = 10,
}

export const enum SocketType {
  Stream = 1,
  Datagram = 2,
  Packets = 5,
}

/** Of the internet: 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d, and a port. Of the Unix domain: what the name stands for
 *  (`key`), and the name. */
export type Address = Endpoint | { readonly key: string; readonly name: Uint8Array };

/** The machine's network. */
export interface OutsideNetwork {
  /** Has the socket listen, or get datagrams, there as well: where that is (port 0 is any), or a negative error number. */
  bind(socket: StreamSocket | DatagramSocket, at: Endpoint): Endpoint | number;
  /** Begins to connect: the socket is told how that ends. */
  connect(socket: StreamSocket, to: Endpoint): FarSide;
  /** Gives where the socket is then, or a negative error number. */
  connectDatagrams(socket: DatagramSocket, to: Endpoint): Endpoint | number;
}

const v4Prefix = "00000000000000000000ffff";
const anyHost = "0".repeat(32);
const any4Host = `${v4Prefix}00000000`;
const local6Host = `${"0".repeat(31)}1`;
const local4Host = `${v4Prefix}7f000001`;

function isAny(host: string): boolean {
  return host === anyHost || host === any4Host;
}

function isLocal(host: string): boolean {
  return host === local6Host || host.startsWith(`${v4Prefix}7f`);
}

/** What a connection or a queue of datagrams holds in one direction. */
const capacity = 1 << 20;
const datagramCapacity = 212_992;
const longestDatagram = 65_507;

/** Where sockets find each other. */
export class Network {
  private readonly bound = new Set<Socket>();
  private nextPort = 0;

  /** `firstPort`: 0 to 1, where among the ports that are given out the first one is. */
  constructor(
    readonly poller: Poller,
    firstPort: number,
    /** Null if nothing may leave the program. */
    readonly outside: OutsideNetwork | null,
  ) {
    this.nextPort = Math.floor(firstPort * ports);
  }

  /** Gives the socket an address, where others outside the program find it, too, if it is one for datagrams or to listen; the
   *  error number if it cannot have it. */
  bind(socket: Socket, address: Address): number {
    const { outside } = this;
    if (outside === null || "key" in address || socket.local !== null) return this.bindWithin(socket, address);
    // Only sockets that will listen are to be reused.
    if (socket instanceof DatagramSocket || (socket instanceof StreamSocket && socket.reuse))
      return this.bindOutside(outside, socket, address);
    return this.bindWithin(socket, address);
  }

  private bindOutside(outside: OutsideNetwork, socket: StreamSocket | DatagramSocket, address: Endpoint): number {
    for (;;) {
      const got = bindTo(outside, socket, address);
      if (got === -Errno.EAFNOSUPPORT) return this.bindWithin(socket, address);
      if (typeof got === "number") return got;
      const errno = this.bindWithin(socket, { host: address.host, port: got.port });
      if (errno === 0) return 0;
      socket.far?.close();
      socket.far = null;
      // A connection within the program may have the port.
      if (address.port !== 0) return errno;
    }
  }

  /** Has a socket listen that has an address. */
  listen(socket: StreamSocket): number {
    const { outside } = this;
    const { local } = socket;
    if (outside === null || socket.far !== null || local === null || "key" in local) return 0;
    const got = bindTo(outside, socket, local);
    return typeof got === "number" && got !== -Errno.EAFNOSUPPORT ? got : 0;
  }

  bindWithin(socket: Socket, address: Address): number {
    if (socket.local !== null) return -Errno.EINVAL;
    let given = address;
    if ("host" in address) {
      if (this.outside === null && !isAny(address.host) && !isLocal(address.host)) return -Errno.EADDRNOTAVAIL;
      if (address.port === 0) {
        const port = this.freePort(socket, address.host);
        if (port === 0) return -Errno.EADDRINUSE;
        given = { host: address.host, port };
      }
    }
    for (const other of this.bound) if (this.collides(socket, given, other)) return -Errno.EADDRINUSE;
    socket.local = given;
    this.bound.add(socket);
    return 0;
  }

  private collides(socket: Socket, address: Address, other: Socket): boolean {
    if (!sameKind(socket, other) || other.local === null) return false;
    if ("key" in address) return "key" in other.local && other.local.key === address.key;
    if ("key" in other.local || other.local.port !== address.port) return false;
    if (socket.reuse && other.reuse && !other.listening) return false;
    const { host } = address;
    return host === other.local.host || covers(socket, host, other.local.host) || covers(other, other.local.host, host);
  }

  private freePort(socket: Socket, host: string): number {
    const reuse = socket.reuse;
    socket.reuse = false;
    try {
      for (let tries = 0; tries < ports; tries++) {
        const port = firstEphemeral + (this.nextPort++ % ports);
        let taken = false;
        for (const other of this.bound) taken ||= this.collides(socket, { host, port }, other);
        if (!taken) return port;
      }
      return 0;
    } finally {
      socket.reuse = reuse;
    }
  }

  /** Whom a packet or connection from `socket` to this address comes to. */
  find(socket: Socket, address: Address): Socket | null {
    let found: Socket | null = null;
    // Who listens everywhere does so on this machine alone.
    const near = "key" in address || isLocal(address.host);
    for (const other of this.bound) {
      if (!sameKind(socket, other) || other.local === null || !other.accepts(socket)) continue;
      if ("key" in address) {
        if ("key" in other.local && other.local.key === address.key) return other;
      } else if (!("key" in other.local) && other.local.port === address.port) {
        if (other.local.host === address.host) return other;
        if (near && covers(other, other.local.host, address.host)) found = other;
      }
    }
    return found;
  }

  /** Where such an address leads; a number if nowhere. */
  resolve(address: Address): Address | number {
    if ("key" in address) return address;
    if (isAny(address.host)) return { host: address.host === anyHost ? local6Host : local4Host, port: address.port };
    return this.outside !== null || isLocal(address.host) ? address : -Errno.ENETUNREACH;
  }

  /** The outside network if such an address that {@link find} knows nobody at may be there. */
  beyond(address: Address): OutsideNetwork | null {
    return "key" in address ? null : this.outside;
  }

  /** Gives a socket that has no address one from which `to` can be reached. */
  bindFor(socket: Socket, to: Address): number {
    if ("key" in to) return 0;
    const host = to.host.startsWith(v4Prefix) ? local4Host : local6Host;
    const { local } = socket;
    if (local === null) return this.bindWithin(socket, { host, port: 0 });
    if ("host" in local && isAny(local.host)) socket.local = { host, port: local.port };
    return 0;
  }

  forget(socket: Socket): void {
    this.bound.delete(socket);
  }
}

/** EAFNOSUPPORT if the machine has no such network, which the program has within itself nevertheless. */
function bindTo(outside: OutsideNetwork, socket: StreamSocket | DatagramSocket, at: Endpoint): Endpoint | number {
  const got = outside.bind(socket, at);
  if (got !== -Errno.EAFNOSUPPORT && (got !== -Errno.EADDRNOTAVAIL || !isLocal(at.host))) return got;
  if (at.host === anyHost && !socket.onlyV6) return outside.bind(socket, { host: any4Host, port: at.port });
  return -Errno.EAFNOSUPPORT;
}

const firstEphemeral = 32_768;
const ports = 28_232;

function sameKind(socket: Socket, other: Socket): boolean {
  return (
    socket !== other && (socket.family === Family.Unix) === (other.family === Family.Unix) && socket.type === other.type
  );
}

/** A socket that is bound to `bound` gets what is meant for `host`. */
function covers(socket: Socket, bound: string, host: string): boolean {
  if (bound === any4Host) return host.startsWith(v4Prefix);
  return bound === anyHost && (!socket.onlyV6 || !host.startsWith(v4Prefix));
}

export abstract class Socket extends Channel {
  readonly mode = 0o140777;
  local: Address | null = null;
  remote: Address | null = null;
  /** Options that have been set, by level and name. */
  readonly options = new Map<string, Uint8Array>();
  /** Of those: what matters here. */
  reuse = false;
  onlyV6 = false;
  /** Bytes that are still to be sent when it is closed are dropped. */
  abrupt = false;
  listening = false;
  /** What it has beyond the program. */
  far: FarSide | null = null;
  /** What went wrong, for whoever asks next. */
  protected error = 0;

  constructor(
    readonly network: Network,
    readonly family: Family,
    readonly type: SocketType,
  ) {
    super(network.poller);
  }

  /** Whether it takes what comes from there to its address. */
  abstract accepts(from: Socket): boolean;
  abstract connect(to: Address | null): number;
  abstract send(bytes: Uint8Array, to: Address | null): number;
  /** The number of bytes, and who sent them if that is worth saying. */
  abstract receive(bytes: Uint8Array, peek: boolean): { readonly n: number; readonly from: Address | null };

  listen(): number {
    return -Errno.ENOTSUP;
  }

  accept(): Socket | number {
    return -Errno.ENOTSUP;
  }

  shutdown(_reads: boolean, _writes: boolean): number {
    return -Errno.ENOTSUP;
  }

  takeError(): number {
    const { error } = this;
    this.error = 0;
    return error;
  }

  fail(errno: number): void {
    this.error = errno;
    this.poller.touch(this);
  }

  read(bytes: Uint8Array): number {
    return this.receive(bytes, false).n;
  }

  write(bytes: Uint8Array): number {
    return this.send(bytes, null);
  }
}

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
      const outside = this.network.beyond(target);
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

interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Address | null;
}

export class DatagramSocket extends Socket {
  private readonly incoming: Datagram[] = [];
  private size = 0;
  /** Those who found no room here. */
  private readonly held = new Set<DatagramSocket>();
  /** The other of a pair. */
  private partner: DatagramSocket | null = null;
  private shut = false;
  private ended = false;

  join(other: DatagramSocket): void {
    this.partner = other;
    other.partner = this;
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
    const before = this.far;
    before?.close();
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
    if (this.size + bytes.length > datagramCapacity && this.size > 0) {
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

function sameAddress(a: Address, b: Address | null): boolean {
  if (b === null) return false;
  if ("key" in a) return "key" in b && a.key === b.key;
  return "host" in b && a.host === b.host && a.port === b.port;
}
