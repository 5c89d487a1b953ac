/** Connections and datagrams between sockets of the program and the machine's network: the far end of a connection stands in
 *  the program as another socket, whose bytes the host carries on. */
import type { DatagramSocket } from "./datagrams.ts";
import type { Endpoint, FarSide, LinkEvent, NetworkHost } from "./network-host.ts";
import { type Address, type Network, type OutsideNetwork, type Socket, SocketType } from "./sockets.ts";
import { StreamSocket } from "./streams.ts";

/** What is sent at once, and of how much that was taken the host hears at once. */
const pieceBytes = 1 << 16;

export class Gateway implements OutsideNetwork {
  private readonly links = new Map<number, Listening | FarEnd | Datagrams>();
  /** Those that the host makes have negative numbers. */
  private next = 1;

  constructor(private readonly host: NetworkHost) {}

  attach(network: Network): void {
    network.poller.setSource({ active: () => this.links.size > 0, look: () => this.look(network) });
  }

  private add<T extends Listening | FarEnd | Datagrams>(make: (id: number, release: () => void) => T): T {
    const id = this.next++;
    const link = make(id, () => this.links.delete(id));
    this.links.set(id, link);
    return link;
  }

  listen(socket: StreamSocket, at: Endpoint): Endpoint | number {
    const link = this.add((id, release) => new Listening(this.host, id, release, socket));
    return this.opened(socket, link, this.host.bind(link.id, "listen", at, socket.onlyV6));
  }

  bindDatagrams(socket: DatagramSocket, at: Endpoint): Endpoint | number {
    const link = this.add((id, release) => new Datagrams(this.host, id, release, socket));
    return this.opened(socket, link, this.host.bind(link.id, "datagrams", at, socket.onlyV6));
  }

  private opened(socket: Socket, link: FarSide, got: Endpoint | number): Endpoint | number {
    if (typeof got === "number") this.links.delete(link.id);
    else socket.far = link;
    return got;
  }

  connect(socket: StreamSocket, to: Endpoint): FarEnd {
    const far = this.add((id, release) => new FarEnd(this.host, id, release, socket));
    this.host.connect(far.id, to, boundTo(socket.local));
    return far;
  }

  connectDatagrams(socket: DatagramSocket, to: Endpoint): Endpoint | number {
    const link = this.add((id, release) => new Datagrams(this.host, id, release, socket));
    return this.opened(socket, link, this.host.connectDatagrams(link.id, to, boundTo(socket.local)));
  }

  private look(network: Network): boolean {
    const events = this.host.events();
    for (const event of events) {
      const link = this.links.get(event.id);
      if (event.what === "accepted") {
        if (link instanceof Listening) this.accept(network, link, event);
        else this.host.close(event.connection, true);
      } else link?.heard(event);
    }
    return events.length > 0;
  }

  private accept(network: Network, { socket }: Listening, event: LinkEvent & { what: "accepted" }): void {
    const near = new StreamSocket(network, socket.family, socket.type);
    const { connection, local, remote } = event;
    const far = new FarEnd(this.host, connection, () => this.links.delete(connection), near);
    this.links.set(connection, far);
    far.open(local, remote);
    socket.arrived(near);
  }
}

/** Where a socket is that is to have a certain place. */
function boundTo(local: Address | null): Endpoint | null {
  return local !== null && "host" in local ? local : null;
}

/** A socket that listens on the machine's network, too. */
class Listening implements FarSide {
  constructor(
    private readonly host: NetworkHost,
    readonly id: number,
    private readonly release: () => void,
    readonly socket: StreamSocket,
  ) {}

  heard(): void {}

  close(): void {
    this.release();
    this.host.close(this.id, false);
  }
}

/** The other end of a connection to somewhere outside the program. */
class FarEnd extends StreamSocket implements FarSide {
  /** Bytes that the host has got, since the program may end at any time, but could not pass on yet. */
  private unsent = 0;
  /** Bytes that the program has taken, but the host does not know of yet. */
  private owed = 0;
  private gone = false;
  private said = false;

  constructor(
    private readonly host: NetworkHost,
    readonly id: number,
    private readonly release: () => void,
    private readonly near: StreamSocket,
  ) {
    super(near.network, near.family, SocketType.Stream);
  }

  override get room(): number {
    return super.room - this.unsent;
  }

  open(local: Endpoint, remote: Endpoint): void {
    this.near.local = local;
    this.near.remote = remote;
    this.join(this.near);
  }

  heard(event: LinkEvent): void {
    switch (event.what) {
      case "connected":
        this.open(event.local, event.remote);
        this.near.settle(0);
        return;
      case "data":
        this.send(event.bytes, null);
        return;
      case "sent":
        this.unsent -= event.bytes;
        this.near.taken(event.bytes);
        return;
      case "ended":
        this.shutdown(false, true);
        return;
      case "failed":
        this.gone = true;
        this.release();
        if (!this.isConnected) this.near.settle(event.errno);
        else this.lose(event.errno);
    }
  }

  override put(): void {
    this.pump();
  }

  override taken(bytes: number): void {
    this.owed += bytes;
    if (this.owed < pieceBytes || this.gone) return;
    this.host.taken(this.id, this.owed);
    this.owed = 0;
  }

  /** Passes on what the program has sent, and that there will be no more. */
  private pump(): void {
    if (this.gone) return;
    while (this.pending > 0) {
      const piece = new Uint8Array(Math.min(this.pending, pieceBytes));
      this.read(piece);
      this.unsent += piece.length;
      this.host.send(this.id, piece);
    }
    if (!this.hasEnded) return;
    if (!this.said) this.host.end(this.id);
    this.said = true;
    if (this.isAlone) this.close();
  }

  /** The program sends no more. */
  override otherShut(): void {
    super.otherShut();
    this.pump();
  }

  /** The program has closed its end, and something was lost. */
  override fail(): void {
    this.leaveHost(true);
  }

  protected override end(): void {
    this.leaveHost(false);
  }

  private leaveHost(abrupt: boolean): void {
    if (this.gone) return;
    this.gone = true;
    this.release();
    this.host.close(this.id, abrupt);
  }
}

/** A socket whose datagrams go to, and come from, the machine's network. */
class Datagrams implements FarSide {
  constructor(
    private readonly host: NetworkHost,
    readonly id: number,
    private readonly release: () => void,
    private readonly socket: DatagramSocket,
  ) {}

  send(bytes: Uint8Array, to: Endpoint | null): void {
    this.host.sendDatagram(this.id, bytes.slice(), to);
  }

  heard(event: LinkEvent): void {
    if (event.what === "datagram") this.socket.put(event.bytes, null, event.from);
    else if (event.what === "failed") this.socket.fail(event.errno);
  }

  close(): void {
    this.release();
    this.host.close(this.id, false);
  }
}
