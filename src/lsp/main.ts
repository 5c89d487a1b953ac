/** `goesc lsp` in Node: the server on standard input and output, the engine in a thread of its own. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type MessagePort, parentPort, Worker, workerData } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import {
  createConnection,
  ErrorCodes,
  type Message,
  MessageType,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { Budget, optimizeLess } from "../host/jit.ts";
import type { Helpers } from "./engine/helpers.ts";
import type { Report, Request } from "./engine/service.ts";
import { Framing } from "./framing.ts";
import { startHelpers } from "./helper-threads.ts";
import type { Channel } from "./link.ts";
import { nodeEngineHost } from "./node-host.ts";
import { messageText } from "./raw-json.ts";
import { startServer } from "./server.ts";
import { serveEngine } from "./thread.ts";

/** As those of the analysis threads: trees may be nested deeply. */
const limits = { stackSizeMb: 256, maxYoungGenerationSizeMb: 64 };

/** The engine is started anew so many times. */
const maxFailures = 8;

/** What the bundle's threads are told they are. */
const engineThread = "goesc lsp engine";

export function isEngineThread(): boolean {
  return workerData === engineThread;
}

/** Runs until the client is gone. `bundle` is the file that starts the engine's thread. */
export function runServer(version: string, bundle: string): void {
  const input = process.stdin;
  const output = process.stdout;
  const writer = new StreamMessageWriter(output, {
    contentTypeEncoder: { name: "application/json", encode: async (message) => Buffer.from(messageText(message)) },
  });
  const complain = (why: string): void => {
    const params = { type: MessageType.Warning, message: `goesc: the client sent ${why}` };
    void writer.write({ jsonrpc: "2.0", method: "window/logMessage", params } as Message);
  };
  const messages = new PassThrough();
  const framing = new Framing((frame) => void messages.write(frame), complain);
  input.on("data", (bytes: Buffer) => framing.push(bytes));
  const decode = async (bytes: Uint8Array): Promise<Message> => {
    const message = messageOf(bytes);
    if (message !== null) return message;
    complain("a message that cannot be read");
    const error = { code: ErrorCodes.ParseError, message: "it is no JSON object" };
    void writer.write({ jsonrpc: "2.0", id: null, error } as Message);
    return { jsonrpc: "2.0", method: "$/unreadable" } as Message; // which nobody listens to
  };
  const reader = new StreamMessageReader(messages, { contentTypeDecoder: { name: "application/json", decode } });
  const connection = createConnection(ProposedFeatures.all, reader, writer);
  // Whatever is printed by mistake must not mix with the protocol.
  console.log = (...args: unknown[]) => process.stderr.write(`${args.join(" ")}\n`);
  process.on("uncaughtException", (error) => process.stderr.write(`goesc lsp: ${error.stack ?? error.message}\n`));
  input.on("end", () => process.exit(0));
  output.on("error", () => process.exit(0));
  optimizeLess(Budget.Long); // edits are answered sooner, too: what is compiled is seldom run for long
  startServer(connection, workerChannel(bundle), {
    version,
    windows: process.platform === "win32",
    help: helpPage(),
    writesJson: true,
    resolve,
    gunzip: gunzipSync,
    readFile: (file) => {
      try {
        return statSync(file).isFile() ? readFileSync(file) : null;
      } catch {
        return null;
      }
    },
    exit: (code) => process.exit(code),
  });
}

/** Null for what is no message at all. */
function messageOf(bytes: Uint8Array): Message | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Message) : null;
  } catch {
    return null;
  }
}

function workerChannel(bundle: string): Channel {
  let receive: (report: Report) => void = () => {};
  let worker: Worker | null = null;
  let isClosed = false;
  let failures = 0;
  let lastRequests = new Map<string, Request>();
  const start = (): Worker => {
    const started = new Worker(bundle, { workerData: engineThread, resourceLimits: limits, execArgv: [] });
    started.on("message", (report: Report) => receive(report));
    started.on("error", (error) => {
      receive({ kind: "log", text: `the engine failed: ${error.message}` });
      worker = null;
      if (isClosed || ++failures > maxFailures) return;
      // Begin with what the editor has open.
      for (const request of lastRequests.values()) if (request.kind !== "ask") post(request);
    });
    return started;
  };
  const post = (request: Request): void => {
    if (failures > maxFailures) {
      if (request.kind === "ask")
        receive({ kind: "answer", id: request.id, result: null, error: "the engine is gone" });
      return;
    }
    worker ??= start();
    worker.postMessage(request);
  };
  return {
    send: (request) => {
      if (request.kind === "document") lastRequests.set(request.file, request);
      else if (request.kind === "close") lastRequests.delete(request.file);
      else if (request.kind === "configure") lastRequests = new Map([["", request], ...lastRequests]);
      post(request);
    },
    listen: (f) => {
      receive = f;
    },
    close: () => {
      isClosed = true;
      void worker?.terminate();
    },
  };
}

/** The engine's side. */
export function runEngine(bundle: string): void {
  let helpers: Helpers | null = null;
  serveEngine(parentPort as MessagePort, (interrupted) => ({
    ...nodeEngineHost(interrupted),
    helpers: () => {
      const started = helpers ?? startHelpers(bundle, limits);
      if (started === null) return null;
      helpers = {
        ...started,
        close: () => {
          helpers = null;
          started.close();
        },
      };
      return helpers;
    },
  }));
}

/** The page with the rules, which is shipped with goesc. */
function helpPage(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; ) {
    const page = join(dir, "docs", "rules.md");
    if (existsSync(page)) return pathToFileURL(page).href;
    const parent = dirname(dir);
    if (parent === dir) return "";
    dir = parent;
  }
}
