/** The file of a program: what it finds as its own executable, and what runs it once more when it is started by itself or by
 *  another program. It is only written when somebody wants it, and is gone when the program has ended, as with `go run`. */
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { RunOptions } from "../runtime/options.ts";
import type { OwnProgram } from "./child-starter.ts";
import { randomBytes } from "./random.ts";
import type { ProgramJob } from "./run-host.ts";

/** The word that has goesc run what {@link programFile} wrote: then come the job's file, the descriptors that are open
 *  besides standard streams, the program's name, and its arguments. */
export const startWord = "--start-program";

/** A name for the file of a program that is to run. */
export function programPath(name: string): string {
  return join(tmpdir(), `goesc-${Buffer.from(randomBytes(4)).toString("hex")}`, name);
}

const jobName = ".job";

/** Names of what is open. */
const descriptors = "/dev/fd/";

/** `job` gives the job of a program that runs with `options`; `command` is goesc's own file. */
export function programFile(
  { program, started }: RunOptions,
  job: () => ProgramJob,
  command: string,
): OwnProgram & { remove(): void } {
  const dir = dirname(program);
  const jobFile = join(dir, jobName);
  const goesc = (job: string): string[] => [process.execPath, ...process.execArgv, command, startWord, job];
  let made = false;
  return {
    path: program,
    make() {
      if (made || started) return;
      mkdirSync(dir, { mode: 0o700 });
      made = true;
      writeFileSync(jobFile, serialize(forChild(job())));
      const lines = [
        "#!/bin/sh",
        "files=",
        "for n in 3 4 5 6 7 8 9; do if [ -e /proc/self/fd/$n ]; then files=$files,$n; fi; done",
        `exec ${goesc(jobFile).map(quoted).join(" ")} "x$files" "$0" "$@"`,
      ];
      writeFileSync(program, `${lines.join("\n")}\n`);
      chmodSync(program, 0o755);
    },
    open: () => openSync(jobFile, "r"),
    command(files, job, args) {
      const open = files.flatMap((fd, n) => (n > 2 && fd >= 0 ? [n] : []));
      return [...goesc(`${descriptors}${job}`), ["x", ...open].join(","), ...args];
    },
    remove() {
      if (made) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Reports and limits are those of the run that was asked for. */
function forChild(job: ProgramJob): ProgramJob {
  const { options } = job;
  return { ...job, options: { ...options, allocs: null, memProfile: "", timeout: 0, started: true } };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The job that a command line after {@link startWord} is about. */
export function readStarted(args: readonly string[]): ProgramJob {
  const [file, files, ...words] = args;
  const job = deserialize(readFileSync(file)) as ProgramJob;
  if (file.startsWith(descriptors)) closeSync(Number(file.slice(descriptors.length)));
  const env = Object.entries(process.env).map(([key, value]) => `${key}=${value ?? ""}`);
  const inherited = files.split(",").slice(1).map(Number);
  return { ...job, options: { ...job.options, args: words, env, cwd: process.cwd(), inherited } };
}
