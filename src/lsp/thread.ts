/** The engine at the end of a port: requests come in, reports go out, long steps end when something else has arrived. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { EngineHost } from "./engine/host.ts";
import { EngineService, type Report, type Request } from "./engine/service.ts";

/** `host` makes the engine's host, which is to ask `interrupted` whether a step should end. */
export function serveEngine(port: MessagePort, host: (interrupted: () => boolean) => EngineHost): void {
  const queue: Request[] = [];
  const drain = (): void => {
    for (let message = receiveMessageOnPort(port); message !== undefined; message = receiveMessageOnPort(port))
      queue.push(message.message as Request);
  };
  const work = (): void => {
    drain();
    // Of several versions of a document only the last one matters.
    const latest = new Map<string, Request>();
    for (const request of queue) if (request.kind === "document") latest.set(request.file, request);
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      if (request.kind === "document" && latest.get(request.file) !== request) continue;
      service.handle(request);
    }
  };
  const service = new EngineService(
    host(() => {
      drain();
      return queue.some((request) => request.kind !== "ask");
    }),
    (report: Report) => port.postMessage(report),
    (f, ms) => {
      // What a step takes from the port, to see whether it should end, is announced by no event any more.
      const next = (): void => {
        work();
        f();
        work();
      };
      if (ms === 0) setImmediate(next);
      else setTimeout(next, ms);
    },
  );
  port.on("message", (request: Request) => {
    queue.push(request);
    work();
  });
}
