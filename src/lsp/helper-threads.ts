/** Threads that make summaries for the engine, and the engine's end of them. The engine waits for them without going back to
 *  its event loop, so they answer through ports that it reads itself, and count their answers in shared memory. */
import { availableParallelism } from "node:os";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker, workerData } from "node:worker_threads";
import type { Session } from "../report/session.ts";
import type { Helpers, SummaryJob, SummaryReply } from "./engine/helpers.ts";
import type { EngineHost } from "./engine/host.ts";
import { newSession, summarize } from "./engine/summarize.ts";

/** What a helper is started with. */
interface HelperData {
  readonly role: typeof helperThread;
  readonly port: MessagePort;
  readonly counter: SharedArrayBuffer;
}

/** What the bundle's threads are told they are. */
const helperThread = "goesc lsp helper";

/** More than that do not pay: the chains of imports are long. */
const maxHelpers = 3;

export function isHelperThread(): boolean {
  return (workerData as Partial<HelperData> | null)?.role === helperThread;
}

/** Starts a helper for each processor that the engine leaves; null if there is none. */
export function startHelpers(bundle: string, resourceLimits: object): Helpers | null {
  const width = Math.min(availableParallelism() - 1, maxHelpers);
  if (width < 1) return null;
  const counter = new SharedArrayBuffer(4);
  const answers = new Int32Array(counter);
  const threads = Array.from({ length: width }, () => {
    const { port1, port2 } = new MessageChannel();
    const data: HelperData = { role: helperThread, port: port2, counter };
    const worker = new Worker(bundle, { workerData: data, transferList: [port2], resourceLimits, execArgv: [] });
    worker.on("error", () => {}); // whoever waits gives up after a while
    worker.unref();
    return { worker, port: port1 };
  });
  const take = (): { helper: number; reply: SummaryReply }[] => {
    const taken: { helper: number; reply: SummaryReply }[] = [];
    for (const [helper, { port }] of threads.entries()) {
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port))
        taken.push({ helper, reply: got.message as SummaryReply });
    }
    return taken;
  };
  return {
    width,
    post: (helper, job) => threads[helper].port.postMessage(job),
    poll: (ms) => {
      const before = Atomics.load(answers, 0);
      const taken = take();
      if (taken.length > 0 || ms === 0) return taken;
      Atomics.wait(answers, 0, before, ms);
      return take();
    },
    close: () => {
      for (const { worker, port } of threads) {
        port.close();
        void worker.terminate();
      }
    },
  };
}

/** The helper's side. */
export function serveHelper(host: EngineHost): void {
  const { port, counter } = workerData as HelperData;
  const answers = new Int32Array(counter);
  const fs = host.loadHost("/").fs;
  let summaries = new Map<string, Uint8Array>();
  let session: Session | null = null;
  let current = 0;
  port.on("message", ({ key, unit, setup, imports, session: id }: SummaryJob) => {
    if (id !== current) {
      current = id;
      summaries = new Map();
      session = null;
    }
    for (const [path, bytes] of imports) summaries.set(path, bytes);
    let bytes: Uint8Array | null = null;
    try {
      session ??= newSession(
        setup,
        host.std,
        (path) => fs.readFile(path),
        (path) => summaries.get(path) ?? null,
      );
      bytes = summarize(session, unit, setup.noInline, () => {});
      if (bytes !== null) summaries.set(unit.importPath, bytes);
    } catch {
      session = null; // what was being read may be half made
    }
    const reply: SummaryReply = { key, importPath: unit.importPath, bytes };
    port.postMessage(reply);
    Atomics.add(answers, 0, 1);
    Atomics.notify(answers, 0);
  });
}
