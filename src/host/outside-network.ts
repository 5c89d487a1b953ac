/** The machine's network as a program has it: the main thread (network-links.ts) has the sockets. */
import type { Endpoint, LinkEvent, NetworkHost } from "../runtime/network-host.ts";
import type { ChildProcesses } from "./child-processes.ts";
import type { LinkOrder } from "./network-links.ts";

export class OutsideNetwork implements NetworkHost {
  constructor(private readonly main: Pick<ChildProcesses, "askFor" | "tell" | "linkEvents">) {}

  bind(id: number, kind: "listen" | "datagrams", at: Endpoint, onlyV6: boolean): Endpoint | number {
    return this.ask({ what: kind, id, at, onlyV6 });
  }

  connectDatagrams(id: number, to: Endpoint, from: Endpoint | null): Endpoint | number {
    return this.ask({ what: "connectDatagrams", id, to, from });
  }

  connect(id: number, to: Endpoint, from: Endpoint | null): void {
    this.tell({ what: "connect", id, to, from });
  }

  send(id: number, bytes: Uint8Array): void {
    this.tell({ what: "send", id, bytes, to: null });
  }

  sendDatagram(id: number, bytes: Uint8Array, to: Endpoint | null): void {
    this.tell({ what: "send", id, bytes, to });
  }

  taken(id: number, bytes: number): void {
    this.tell({ what: "taken", id, bytes });
  }

  end(id: number): void {
    this.tell({ what: "end", id });
  }

  close(id: number, abrupt: boolean): void {
    this.tell({ what: "close", id, abrupt });
  }

  events(): readonly LinkEvent[] {
    return this.main.linkEvents();
  }

  private tell(order: LinkOrder): void {
    this.main.tell({ what: "link", order });
  }

  private ask(order: LinkOrder): Endpoint | number {
    const { result, place } = this.main.askFor({ what: "link", order });
    return place ?? result;
  }
}
