/** The bundle of `goesc lsp`: what the command imports when it is asked for, and the code of the engine's thread. */
import { fileURLToPath } from "node:url";
import { isHelperThread, serveHelper } from "./helper-threads.ts";
import { isEngineThread, runEngine, runServer } from "./main.ts";
import { nodeEngineHost } from "./node-host.ts";

export function serve(version: string): void {
  runServer(version, fileURLToPath(import.meta.url));
}

if (isEngineThread()) runEngine(fileURLToPath(import.meta.url));
else if (isHelperThread()) serveHelper(nodeEngineHost(() => false));
