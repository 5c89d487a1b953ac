/** Sockets of a program: streams, datagrams and packets. Those of one program find each other here, at addresses of this machine
 *  (127.0.0.0/8, ::1) or names of the Unix domain; what is for others goes to the outside network (`outside-net.ts`) if the
 *  program has one, and is out of reach otherwise (ENETUNREACH, ECONNREFUSED). */
import { Channel, type Poller } from "./channels.ts";
import type { DatagramSocket } from "./datagrams.ts";
import { Errno } from "./errno.ts";
import type { Endpoint, FarSide } from "./network-host.ts";
import type { StreamSocket } from "./streams.ts";

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
  /** Has the socket listen there as well: where that is (port 0 is any), or a negative error number. */
  listen(socket: StreamSocket, at: Endpoint): Endpoint | number;
  /** Has it get datagrams there as well. */
  bindDatagrams(socket: DatagramSocket, at: Endpoint): Endpoint | number;
  /** Begins to connect: the socket is told how that ends. */
  connect(socket: StreamSocket, to: Endpoint): FarSide;
  /** Gives where the socket is then, or a negative error number. */
  connectDatagrams(socket: DatagramSocket, to: Endpoint): Endpoint | number;
}

export const v4Prefix = "00000000000000000000ffff";
export const anyHost = "0".repeat(32);
export const any4Host = `${v4Prefix}00000000`;
export const local6Host = `${"0".repeat(31)}1`;
export const local4Host = `${v4Prefix}7f000001`;

export function isAny(host: string): boolean {
  return host === anyHost || host === any4Host;
}

function isLocal(host: string): boolean {
  return host === local6Host || host.startsWith(`${v4Prefix}7f`);
}

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
    return socket.isReachable ? this.bindOutside(outside, socket, address) : this.bindWithin(socket, address);
  }

  private bindOutside(outside: OutsideNetwork, socket: Socket, address: Endpoint): number {
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
  listen(socket: Socket): number {
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
function bindTo(outside: OutsideNetwork, socket: Socket, at: Endpoint): Endpoint | number {
  const got = socket.reach(outside, at);
  if (got !== -Errno.EAFNOSUPPORT && (got !== -Errno.EADDRNOTAVAIL || !isLocal(at.host))) return got;
  if (at.host === anyHost && !socket.onlyV6) return socket.reach(outside, { host: any4Host, port: at.port });
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

  /** Others outside the program reach it as soon as it has an address. */
  abstract readonly isReachable: boolean;
  /** Has others outside reach it there: where that is. */
  abstract reach(outside: OutsideNetwork, at: Endpoint): Endpoint | number;
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

export function sameAddress(a: Address, b: Address | null): boolean {
  if (b === null) return false;
  if ("key" in a) return "key" in b && a.key === b.key;
  return "host" in b && a.host === b.host && a.port === b.port;
}
