/** The server's end of the engine, wherever that runs. */
import type { Answers, Question, Report, Request } from "./engine/service.ts";

export interface Channel {
  send(request: Request): void;
  listen(receive: (report: Report) => void): void;
  close(): void;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

export class EngineLink {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  constructor(
    private readonly channel: Channel,
    on: (report: Exclude<Report, { kind: "answer" }>) => void,
  ) {
    channel.listen((report) => {
      if (report.kind !== "answer") {
        on(report);
        return;
      }
      const pending = this.pending.get(report.id);
      this.pending.delete(report.id);
      if (report.error === "") pending?.resolve(report.result as never);
      else pending?.reject(new Error(report.error));
    });
  }

  send(request: Request): void {
    this.channel.send(request);
  }

  ask<Q extends Question>(question: Q): Promise<Answers[Q["what"]]> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.channel.send({ kind: "ask", id, question });
    });
  }

  close(): void {
    this.channel.close();
  }
}
