/** What the host does for sockets that reach beyond the program. Each of their links has a number, which the program gives (those
 *  of connections that others begin: the host). */

/** An address and a port: 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export type LinkEvent = { readonly id: number } & (
  | { readonly what: "accepted"; readonly connection: number; readonly local: Endpoint; readonly remote: Endpoint }
  | { readonly what: "connected"; readonly local: Endpoint; readonly remote: Endpoint }
  | { readonly what: "data"; readonly bytes: Uint8Array }
  /** So many of the bytes that were to be sent are on their way. */
  | { readonly what: "sent"; readonly bytes: number }
  /** Nothing more will come. */
  | { readonly what: "ended" }
  /** The connection is gone, or was never made; a datagram did not arrive. */
  | { readonly what: "failed"; readonly errno: number }
  | { readonly what: "datagram"; readonly bytes: Uint8Array; readonly from: Endpoint }
);

/** Calls give a negative error number if they fail; others tell by events. */
export interface NetworkHost {
  /** Gives the place that it has got: port 0 is any. */
  bind(id: number, kind: "listen" | "datagrams", at: Endpoint, onlyV6: boolean): Endpoint | number;
  connect(id: number, to: Endpoint, from: Endpoint | null): void;
  /** Datagrams go to, and come from, this place alone. Gives where they come from. */
  connectDatagrams(id: number, to: Endpoint, from: Endpoint | null): Endpoint | number;
  send(id: number, bytes: Uint8Array): void;
  sendDatagram(id: number, bytes: Uint8Array, to: Endpoint | null): void;
  /** The program has taken so many of the bytes that came. */
  taken(id: number, bytes: number): void;
  /** Nothing more will be sent. */
  end(id: number): void;
  /** `abrupt`: what has not arrived is lost, and the other end hears of it. */
  close(id: number, abrupt: boolean): void;
  /** What has happened since it was last asked. */
  events(): readonly LinkEvent[];
}

/** What a socket has beyond the program. */
export interface FarSide {
  readonly id: number;
  heard(event: LinkEvent): void;
  /** A datagram; `to` null: to where they all go. */
  send?(bytes: Uint8Array, to: Endpoint | null): void;
  close(): void;
}
