/** The bundle of `goesc lsp`: what the command imports when it is asked for, and the code of the engine's thread. */
import { fileURLToPath } from "node:url";
import { isEngineThread, runEngine, runServer } from "./main.ts";

export function serve(version: string): void {
  runServer(version, fileURLToPath(import.meta.url));
}

if (isEngineThread()) runEngine();
