/** The sockets of the machine that a program's own stand for, on the main thread, whose event loop hears of them. */
import type { Socket as UdpSocket } from "node:dgram";
import { createRequire } from "node:module";
import type { Server, Socket } from "node:net";
import type { Endpoint, LinkEvent } from "../runtime/network-host.ts";
import { v4Prefix } from "../runtime/sockets.ts";
import { errnoOf } from "./attempt.ts";
import type { Result } from "./child-processes.ts";

/** Only programs with sockets need these, which take milliseconds to load. */
const load = createRequire(import.meta.url);
const net = (): typeof import("node:net") => load("node:net");
const dgram = (): typeof import("node:dgram") => load("node:dgram");

/** The first three kinds get an answer. */
export type LinkOrder = { readonly id: number } & (
  | { readonly what: "listen"; readonly at: Endpoint; readonly onlyV6: boolean }
  | { readonly what: "datagrams"; readonly at: Endpoint; readonly onlyV6: boolean }
  | { readonly what: "connectDatagrams"; readonly to: Endpoint; readonly from: Endpoint | null }
  | { readonly what: "connect"; readonly to: Endpoint; readonly from: Endpoint | null }
  | { readonly what: "send"; readonly bytes: Uint8Array; readonly to: Endpoint | null }
  | { readonly what: "taken"; readonly bytes: number }
  | { readonly what: "end" }
  | { readonly what: "close"; readonly abrupt: boolean }
);

/** So many bytes may wait for the program to take them. */
const window = 1 << 19;
const backlog = 4096;

/** For how long others may take to read what a program has sent that has ended: milliseconds. */
const patience = 10_000;

interface Stream {
  readonly socket: Socket;
  /** Bytes that have come and that the program has not taken. */
  waiting: number;
}

export class NetworkLinks {
  private readonly servers = new Map<number, Server>();
  private readonly streams = new Map<number, Stream>();
  private readonly datagrams = new Map<number, UdpSocket>();
  /** Those of all streams, until they are closed. */
  private readonly sockets = new Set<Socket>();
  private lastAccepted = 0;

  constructor(
    private readonly answer: (result: Result) => void,
    private readonly tell: (event: LinkEvent) => void,
  ) {}

  handle(order: LinkOrder): void {
    const { id } = order;
    switch (order.what) {
      case "listen":
        this.listen(id, order.at, order.onlyV6);
        return;
      case "datagrams":
        this.openDatagrams(id, order.at, null, order.onlyV6);
        return;
      case "connectDatagrams":
        this.openDatagrams(id, order.from, order.to, false);
        return;
      case "connect":
        this.connect(id, order.to, order.from);
        return;
      case "send":
        this.send(id, order.bytes, order.to);
        return;
      case "taken": {
        const stream = this.streams.get(id);
        if (stream === undefined) return;
        stream.waiting -= order.bytes;
        if (stream.waiting < window) stream.socket.resume();
        return;
      }
      case "end":
        this.streams.get(id)?.socket.end();
        return;
      case "close":
        this.closeLink(id, order.abrupt);
    }
  }

  /** The program has ended. What it has sent still goes to those who take it in good time, as a system would see to. */
  async close(): Promise<void> {
    for (const server of this.servers.values()) server.close();
    for (const socket of this.datagrams.values()) socket.close();
    this.streams.clear();
    const busy = [...this.sockets].filter((socket) => socket.writableLength > 0);
    if (busy.length > 0) {
      const late = setTimeout(() => {
        for (const socket of busy) socket.destroy();
      }, patience);
      await Promise.all(
        busy.map((socket) => {
          socket.ref().resume().destroySoon();
          return new Promise((resolve) => socket.once("close", resolve));
        }),
      );
      clearTimeout(late);
    }
    for (const socket of this.sockets) socket.destroy();
  }

  private closeLink(id: number, abrupt: boolean): void {
    this.servers.get(id)?.close();
    this.servers.delete(id);
    this.datagrams.get(id)?.close();
    this.datagrams.delete(id);
    const stream = this.streams.get(id);
    this.streams.delete(id);
    if (stream === undefined) return;
    if (abrupt) stream.socket.resetAndDestroy();
    else {
      // What still comes is nobody's.
      stream.socket.resume();
      stream.socket.destroySoon();
    }
  }

  private listen(id: number, at: Endpoint, onlyV6: boolean): void {
    const server = net().createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const failed = (error: NodeJS.ErrnoException): void => this.answer({ result: errnoOf(error) });
    server.once("error", failed);
    server.on("connection", (socket) => {
      const connection = --this.lastAccepted;
      const { localAddress, localPort, remoteAddress, remotePort } = socket;
      const remote = endpoint(remoteAddress, remotePort);
      this.tell({ what: "accepted", id, connection, local: endpoint(localAddress, localPort), remote });
      this.add(connection, socket);
    });
    const text = hostText(at.host);
    server.listen({ host: text, port: at.port, ipv6Only: onlyV6, backlog, exclusive: true }, () => {
      server.off("error", failed);
      server.on("error", () => {});
      server.unref();
      this.servers.set(id, server);
      const address = server.address() as { address: string; port: number };
      this.answer({ result: 0, place: endpoint(address.address, address.port) });
    });
  }

  private connect(id: number, to: Endpoint, from: Endpoint | null): void {
    const place = from === null ? {} : { localAddress: hostText(from.host), localPort: from.port };
    const socket = new (net().Socket)({ allowHalfOpen: true });
    socket.once("connect", () => {
      const { localAddress, localPort } = socket;
      this.tell({ what: "connected", id, local: endpoint(localAddress, localPort), remote: to });
    });
    this.add(id, socket);
    socket.connect({ host: hostText(to.host), port: to.port, ...place });
  }

  private add(id: number, socket: Socket): void {
    const stream: Stream = { socket, waiting: 0 };
    this.streams.set(id, stream);
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    const known = (): boolean => this.streams.get(id) === stream;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => {
      if (!known()) return;
      stream.waiting += bytes.length;
      if (stream.waiting >= window) socket.pause();
      this.tell({ what: "data", id, bytes: new Uint8Array(bytes) });
    });
    socket.on("end", () => {
      if (known()) this.tell({ what: "ended", id });
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (!known()) return;
      this.streams.delete(id);
      this.tell({ what: "failed", id, errno: -errnoOf(error) });
    });
    socket.unref();
    socket.resume();
  }

  private send(id: number, bytes: Uint8Array, to: Endpoint | null): void {
    const stream = this.streams.get(id);
    if (stream !== undefined) {
      stream.socket.write(bytes, (error) => {
        if (error == null && this.streams.get(id) === stream) this.tell({ what: "sent", id, bytes: bytes.length });
      });
      return;
    }
    const socket = this.datagrams.get(id);
    const done = (error: Error | null): void => {
      if (error !== null && this.datagrams.get(id) === socket)
        this.tell({ what: "failed", id, errno: -errnoOf(error as NodeJS.ErrnoException) });
    };
    try {
      if (to === null) socket?.send(bytes, done);
      else socket?.send(bytes, to.port, hostText(to.host), done);
    } catch (error) {
      done(error as Error); // Node knows of no port 0
    }
  }

  /** A socket that is bound to `at`, or connected to `to`. */
  private openDatagrams(id: number, at: Endpoint | null, to: Endpoint | null, onlyV6: boolean): void {
    const type = (to ?? at)?.host.startsWith(v4Prefix) ? "udp4" : "udp6";
    const socket = dgram().createSocket({ type, ipv6Only: onlyV6 });
    const failed = (error: NodeJS.ErrnoException): void => {
      socket.close();
      this.answer({ result: errnoOf(error) });
    };
    socket.once("error", failed);
    const opened = (): void => {
      socket.off("error", failed);
      socket.on("error", (error: NodeJS.ErrnoException) => this.tell({ what: "failed", id, errno: -errnoOf(error) }));
      socket.unref();
      this.datagrams.set(id, socket);
      const { address, port } = socket.address();
      this.answer({ result: 0, place: endpoint(address, port) });
    };
    socket.on("message", (bytes, from) => {
      this.tell({ what: "datagram", id, bytes: new Uint8Array(bytes), from: endpoint(from.address, from.port) });
    });
    const place = at === null ? { port: 0 } : { port: at.port, address: hostText(at.host) };
    socket.bind({ ...place, exclusive: true }, () => {
      socket.setBroadcast(true); // as package net has each
      if (to === null) {
        opened();
        return;
      }
      // Types of Node do not know that it may fail, which is no "error" then.
      const connected = (error?: Error): void => (error == null ? opened() : failed(error));
      try {
        socket.connect(to.port, hostText(to.host), connected);
      } catch (error) {
        failed(error as Error); // Node knows of no port 0
      }
    });
  }
}

/** Hexadecimal digits as Node wants an address. */
function hostText(host: string): string {
  if (host.startsWith(v4Prefix))
    return host
      .slice(24)
      .match(/../g)!
      .map((part) => Number.parseInt(part, 16))
      .join(".");
  return host.match(/..../g)!.join(":");
}

function endpoint(address = "::", port = 0): Endpoint {
  return { host: hostDigits(address), port };
}

/** The 32 hexadecimal digits of what Node calls an address. */
function hostDigits(address: string): string {
  const [text] = address.split("%");
  const dotted = /(?:^|:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted !== null) {
    const last = dotted
      .slice(1)
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join("");
    return v4Prefix + last;
  }
  const [head, tail] = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const after = tail ?? [];
  const groups = tail === undefined ? head : [...head, ...Array(8 - head.length - after.length).fill("0"), ...after];
  return groups.map((group) => group.padStart(4, "0")).join("");
}
