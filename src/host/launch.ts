/** Starts a program of goesc with what is known of its code: the entry of each bundle in dist/, on the main thread and on
 *  others. It does nothing else, since it is compiled each time. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { isMainThread, type Worker } from "node:worker_threads";
import { codeKey, readCode } from "./code-cache.ts";
import { runsProgram } from "./early-thread.ts";
import { setUpEngine } from "./jit.ts";
import { isPlain } from "./plain-args.ts";
import { startProgramThread } from "./program-thread.ts";
import type { StartedCode } from "./started-code.ts";

/** The name of the program's file, beside this one. */
declare const GOESC_CODE: string;
/** That of the part which plain command lines need; empty for programs that are not divided. */
declare const GOESC_PLAIN: string;
/** The bundle of the thread that `run` and `test` run programs in; empty for programs without such words. */
declare const GOESC_THREAD: string;

type Program = (require: NodeJS.Require, module: { exports: unknown }, filename: string, code: StartedCode) => void;

function launch(): void {
  const plain = GOESC_PLAIN !== "" && isMainThread && isPlain(process.argv.slice(2));
  const file = join(__dirname, plain ? GOESC_PLAIN : GOESC_CODE);
  let thread: Worker | null = null;
  if (isMainThread) {
    setUpEngine(); // flags are those of the process
    if (runsProgram) thread = startProgramThread(join(__dirname, GOESC_THREAD));
  }
  const key = codeKey(file);
  // The bundle is ASCII, so that the engine can take its bytes as they are.
  const text = readFileSync(file, "latin1");
  const kept = readCode(join(__dirname, GOESC_CODE), file, key, text);
  const script = new Script(`(function(require,module,__filename,goescCode){${text}\n})`, {
    filename: file,
    ...(kept === null ? {} : { cachedData: kept.data }),
  });
  const known = kept === null || script.cachedDataRejected === true ? [] : kept.uses;
  const program = script.runInThisContext() as Program;
  // What the program takes for its own file is this one: its threads are started here, too.
  program(createRequire(file), { exports: {} }, __filename, {
    script,
    file,
    known: new Set(known),
    uses: new Set(),
    thread,
    key,
  });
}

launch();
