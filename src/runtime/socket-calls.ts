/** System calls about sockets (amd64 numbers and structures): addresses, messages and options in the program's memory, for the
 *  sockets of `streams.ts` and `datagrams.ts`. */
import type { Channel, Poller } from "./channels.ts";
import { DatagramSocket } from "./datagrams.ts";
import { Errno } from "./errno.ts";
import type { NetworkHost } from "./network-host.ts";
import { Gateway } from "./outside-net.ts";
import { type Address, Family, Network, Socket, SocketType } from "./sockets.ts";
import { StreamSocket } from "./streams.ts";

/** What it needs of the descriptors and files of the program. */
export interface SocketPlaces {
  /** Gives the channel a descriptor. */
  place(channel: Channel): number;
  channel(fd: number): Channel | undefined;
  isOpen(fd: number): boolean;
  /** The identity of a file; a number if there is none. */
  identify(path: string): string | number;
  /** Makes the file that stands for a socket of the Unix domain; 0, or a negative number. */
  mark(path: string): number;
}

const enum Message {
  Peek = 2,
}

const enum Level {
  Socket = 1,
  Tcp = 6,
  Udp = 17,
  Ip6 = 41,
}

const enum Option {
  Reuse = 2,
  Type = 3,
  Error = 4,
  Linger = 13,
  Accepts = 30,
  Protocol = 38,
  Domain = 39,
}

const v6Only = 26;
const ipv4Prefix = "00000000000000000000ffff";
const notMine = Symbol("no call about sockets");

export class SocketCalls {
  private readonly network: Network;

  constructor(
    poller: Poller,
    private readonly places: SocketPlaces,
    /** A number from 0 to 1. */
    random: number,
    /** Null if nothing may leave the program. */
    host: NetworkHost | null,
  ) {
    const gateway = host === null ? null : new Gateway(host);
    this.network = new Network(poller, random, gateway);
    gateway?.attach(this.network);
  }

  static readonly notMine: typeof notMine = notMine;

  /** The result or a negative error number; {@link SocketCalls.notMine} for other calls. */
  perform(number: number, args: BigUint64Array, memory: Uint8Array): number | typeof notMine {
    const int = (i: number): number => Number(BigInt.asIntN(32, args[i]));
    const at = (i: number): number => Number(args[i] & 0xffffffffn);
    const bytes = (): Uint8Array => memory.subarray(at(1), at(1) + Number(args[2]));
    const on = (act: (socket: Socket) => number): number => {
      const channel = this.places.channel(int(0));
      if (channel instanceof Socket) return act(channel);
      return channel !== undefined || this.places.isOpen(int(0)) ? -Errno.ENOTSOCK : -Errno.EBADF;
    };
    const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    switch (number) {
      case 41: // socket
        return this.socket(int(0), int(1), int(2));
      case 42: // connect
        return on((socket) => this.connect(socket, memory, at(1), at(2)));
      case 43: // accept
      case 288: // accept4
        return on((socket) => {
          const accepted = socket.accept();
          if (typeof accepted === "number") return accepted;
          putAddress(view, memory, accepted, accepted.remote, at(1), at(2));
          return this.places.place(accepted);
        });
      case 44: // sendto
        return on((socket) => {
          const to = at(4) === 0 ? null : this.address(socket, memory, at(4), Number(args[5]));
          return typeof to === "number" ? to : socket.send(bytes(), to);
        });
      case 45: // recvfrom
        return on((socket) => {
          const { n, from } = socket.receive(bytes(), (int(3) & Message.Peek) !== 0);
          if (n >= 0) putAddress(view, memory, socket, from, at(4), at(5));
          return n;
        });
      case 46: // sendmsg
        return on((socket) => this.sendMessage(socket, view, memory, at(1)));
      case 47: // recvmsg
        return on((socket) => this.receiveMessage(socket, view, memory, at(1), int(2)));
      case 48: // shutdown
        return on((socket) => socket.shutdown(int(1) !== 1, int(1) !== 0));
      case 49: // bind
        return on((socket) => this.bind(socket, memory, at(1), at(2)));
      case 50: // listen
        return on((socket) => socket.listen());
      case 51: // getsockname
        return on((socket) => {
          putAddress(view, memory, socket, socket.local, at(1), at(2));
          return 0;
        });
      case 52: // getpeername
        return on((socket) => {
          if (socket.remote === null && !(socket instanceof StreamSocket && socket.isConnected)) return -Errno.ENOTCONN;
          putAddress(view, memory, socket, socket.remote, at(1), at(2));
          return 0;
        });
      case 53: // socketpair
        return this.pair(int(0), int(1), view, at(3));
      case 54: // setsockopt
        return on((socket) => setOption(socket, int(1), int(2), memory.slice(at(3), at(3) + Number(args[4]))));
      case 55: // getsockopt
        return on((socket) => getOption(socket, int(1), int(2), view, memory, at(3), at(4)));
      default:
        return notMine;
    }
  }

  private make(family: number, flags: number): Socket | number {
    const type = flags & 0xf;
    if (family === Family.Unix) {
      if (type === SocketType.Datagram) return new DatagramSocket(this.network, family, type);
      if (type === SocketType.Stream || type === SocketType.Packets)
        return new StreamSocket(this.network, family, type);
      return -Errno.ESOCKTNOSUPPORT;
    }
    if (family !== Family.Inet && family !== Family.Inet6) return -Errno.EAFNOSUPPORT;
    if (type === SocketType.Datagram) return new DatagramSocket(this.network, family, type);
    if (type === SocketType.Stream) return new StreamSocket(this.network, family, type);
    // Raw sockets are for those who may reach the machine's network.
    return type === 3 ? -Errno.EPERM : -Errno.ESOCKTNOSUPPORT;
  }

  private socket(family: number, flags: number, protocol: number): number {
    const socket = this.make(family, flags);
    if (typeof socket === "number") return socket;
    const own = socket.type === SocketType.Stream ? Level.Tcp : Level.Udp;
    if (protocol !== 0 && (family === Family.Unix || protocol !== own)) return -Errno.EPROTONOSUPPORT;
    return this.places.place(socket);
  }

  private pair(family: number, flags: number, view: DataView, at: number): number {
    if (family !== Family.Unix) return -Errno.ENOTSUP;
    const one = this.make(family, flags);
    const other = this.make(family, flags);
    if (typeof one === "number") return one;
    if (one instanceof StreamSocket && other instanceof StreamSocket) one.join(other);
    else if (one instanceof DatagramSocket && other instanceof DatagramSocket) one.join(other);
    else return -Errno.EPROTONOSUPPORT;
    view.setInt32(at, this.places.place(one), true);
    view.setInt32(at + 4, this.places.place(other), true);
    return 0;
  }

  private connect(socket: Socket, memory: Uint8Array, at: number, length: number): number {
    if (length >= 2 && (memory[at] | (memory[at + 1] << 8)) === Family.Unspec) return socket.connect(null);
    const to = this.address(socket, memory, at, length);
    if (typeof to === "number") return to;
    return socket.connect(to);
  }

  private bind(socket: Socket, memory: Uint8Array, at: number, length: number): number {
    const path = socket.family === Family.Unix ? pathOf(memory, at, length) : null;
    if (path !== null) {
      if (socket.local !== null) return -Errno.EINVAL;
      const errno = this.places.mark(path);
      if (errno !== 0) return errno === -Errno.EEXIST ? -Errno.EADDRINUSE : errno;
    }
    const address = this.address(socket, memory, at, length);
    return typeof address === "number" ? address : this.network.bind(socket, address);
  }

  /** The address that stands in memory; a number if that is none for the socket. */
  private address(socket: Socket, memory: Uint8Array, at: number, length: number): Address | number {
    if (length < 2) return -Errno.EINVAL;
    if ((memory[at] | (memory[at + 1] << 8)) !== socket.family) return -Errno.EAFNOSUPPORT;
    const port = (memory[at + 2] << 8) | memory[at + 3];
    switch (socket.family) {
      case Family.Inet:
        return length < 16 ? -Errno.EINVAL : { host: ipv4Prefix + hex(memory.subarray(at + 4, at + 8)), port };
      case Family.Inet6:
        return length < 24 ? -Errno.EINVAL : { host: hex(memory.subarray(at + 8, at + 24)), port };
      default: {
        const path = pathOf(memory, at, length);
        if (path === null) {
          const name = memory.slice(at + 2, at + length);
          return { key: `@${hex(name)}`, name };
        }
        const key = this.places.identify(path);
        return typeof key === "number" ? key : { key, name: new TextEncoder().encode(path) };
      }
    }
  }

  private sendMessage(socket: Socket, view: DataView, memory: Uint8Array, at: number): number {
    const name = view.getUint32(at, true);
    const to = name === 0 ? null : this.address(socket, memory, name, view.getUint32(at + 8, true));
    if (typeof to === "number") return to;
    // Descriptors and credentials do not go along.
    if (view.getUint32(at + 40, true) > 0 && socket.family === Family.Unix) return -Errno.EINVAL;
    const parts = vectors(view, memory, at);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let n = 0;
    for (const part of parts) {
      whole.set(part, n);
      n += part.length;
    }
    return socket.send(whole, to);
  }

  private receiveMessage(socket: Socket, view: DataView, memory: Uint8Array, at: number, flags: number): number {
    const parts = vectors(view, memory, at);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    const { n, from } = socket.receive(whole, (flags & Message.Peek) !== 0);
    if (n < 0) return n;
    let done = 0;
    for (const part of parts) {
      part.set(whole.subarray(done, Math.min(done + part.length, n)));
      done += part.length;
      if (done >= n) break;
    }
    putAddress(view, memory, socket, from, view.getUint32(at, true), at + 8);
    view.setBigUint64(at + 40, 0n, true);
    view.setInt32(at + 48, 0, true);
    return n;
  }
}

/** What a message header says is to be sent, or where it is to be put. */
function vectors(view: DataView, memory: Uint8Array, at: number): Uint8Array[] {
  const list = view.getUint32(at + 16, true);
  return Array.from({ length: view.getUint32(at + 24, true) }, (_, i) => {
    const base = view.getUint32(list + 16 * i, true);
    return memory.subarray(base, base + view.getUint32(list + 16 * i + 8, true));
  });
}

/** The name of a file in an address of the Unix domain; null if it names no file. */
function pathOf(memory: Uint8Array, at: number, length: number): string | null {
  if (length <= 2 || memory[at + 2] === 0) return null;
  const name = memory.slice(at + 2, at + length);
  const end = name.indexOf(0);
  return new TextDecoder().decode(end < 0 ? name : name.subarray(0, end));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

/** Writes an address of the socket's family, null for none, as far as there is room, and its whole length. */
function putAddress(
  view: DataView,
  memory: Uint8Array,
  socket: Socket,
  address: Address | null,
  at: number,
  lengthAt: number,
): void {
  if (at === 0 || lengthAt === 0) return;
  const bytes = encode(socket.family, address);
  memory.set(bytes.subarray(0, view.getUint32(lengthAt, true)), at);
  view.setUint32(lengthAt, bytes.length, true);
}

function encode(family: Family, address: Address | null): Uint8Array {
  if (family === Family.Unix) {
    const name = address !== null && "key" in address ? address.name : new Uint8Array();
    const named = name.length > 0 && name[0] !== 0;
    const bytes = new Uint8Array(2 + name.length + (named ? 1 : 0));
    bytes[0] = family;
    bytes.set(name, 2);
    return bytes;
  }
  const bytes = new Uint8Array(family === Family.Inet ? 16 : 28);
  bytes[0] = family;
  if (address === null || "key" in address) return bytes;
  bytes[2] = address.port >> 8;
  bytes[3] = address.port & 0xff;
  const host = fromHex(address.host);
  if (family === Family.Inet) bytes.set(host.subarray(12), 4);
  else bytes.set(host, 8);
  return bytes;
}

function setOption(socket: Socket, level: number, name: number, value: Uint8Array): number {
  const word = value.length >= 4 ? new DataView(value.buffer).getInt32(0, true) : (value[0] ?? 0);
  if (level === Level.Tcp && socket.type !== SocketType.Stream) return -Errno.ENOPROTOOPT;
  if (level !== Level.Socket && socket.family === Family.Unix) return -Errno.ENOTSUP;
  if (level === Level.Socket) {
    if (name === Option.Reuse) socket.reuse = word !== 0;
    if (name === Option.Linger)
      socket.abrupt = word !== 0 && value.length >= 8 && value.subarray(4, 8).every((b) => b === 0);
    if (name === Option.Type || name === Option.Error || name === Option.Accepts) return -Errno.ENOPROTOOPT;
  }
  if (level === Level.Ip6 && name === v6Only) {
    if (socket.family !== Family.Inet6) return -Errno.ENOPROTOOPT;
    socket.onlyV6 = word !== 0;
  }
  socket.options.set(`${level} ${name}`, value);
  return 0;
}

function getOption(
  socket: Socket,
  level: number,
  name: number,
  view: DataView,
  memory: Uint8Array,
  at: number,
  lengthAt: number,
): number {
  const value = optionOf(socket, level, name);
  const length = Math.min(value.length, view.getUint32(lengthAt, true));
  memory.set(value.subarray(0, length), at);
  view.setUint32(lengthAt, length, true);
  return 0;
}

function optionOf(socket: Socket, level: number, name: number): Uint8Array {
  const word = (value: number): Uint8Array => new Uint8Array(new Int32Array([value]).buffer);
  if (level === Level.Socket) {
    switch (name) {
      case Option.Type:
        return word(socket.type);
      case Option.Error:
        return word(socket.takeError());
      case Option.Accepts:
        return word(socket.listening ? 1 : 0);
      case Option.Domain:
        return word(socket.family);
      case Option.Protocol:
        return word(socket.family === Family.Unix ? 0 : socket.type === SocketType.Stream ? Level.Tcp : Level.Udp);
    }
  }
  return socket.options.get(`${level} ${name}`) ?? word(0);
}
