/** Results that are JSON already. Diagnostics of a large file are long, and most of them are what was sent last time: they
 *  are put together from texts, not from objects. */

/** Stands for the value that its text describes; parameters of a notification, or the result of a request. */
export class RawJson {
  constructor(readonly text: string) {}

  /** For who writes it in another way. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** A message as JSON. */
export function messageText(message: object): string {
  const { id, method, params, result } = message as Message;
  if (params instanceof RawJson && id === undefined)
    return `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${params.text}}`;
  if (result instanceof RawJson) return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result.text}}`;
  return JSON.stringify(message);
}
