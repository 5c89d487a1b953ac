/** Programs that are known start without goesc itself (host/known-run.ts). */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { findGoroot } from "../goroot.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goesc = join(root, "dist", "goesc.js");
const work = mkdtempSync(join(tmpdir(), "goesc-known-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Says when the program of goesc is read, and, if asked, what was loaded before the program's thread was started. */
const hook = `const fs = require("node:fs");
const threads = require("node:worker_threads");
const { Worker } = threads;
if (process.env.TELL_THREAD) threads.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    const loaded = process.moduleLoadList.includes("NativeModule crypto");
    fs.writeSync(2, loaded ? "thread after goesc's start " : "thread first ");
  }
};
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  if (String(path).endsWith("goesc.code.cjs")) fs.writeSync(2, "goesc ");
  return readFileSync(path, ...rest);
};
`;

test.skipIf(!existsSync(goesc) || findGoroot() === null)(
  "a known program is started as it is, until it changes",
  () => {
    writeFileSync(join(work, "hook.cjs"), hook);
    mkdirSync(join(work, "cache")); // so that nothing changes there later
    const program = join(work, "main.go");
    const write = (text: string): void =>
      writeFileSync(
        program,
        `package main\n\nimport "os"\n\nfunc main() {\n\tprintln(${JSON.stringify(text)}, len(os.Args))\n\tpanic(1)\n}\n`,
      );
    const runWith = (more: NodeJS.ProcessEnv, ...args: string[]): string => {
      const env = { ...process.env, GOESC_CACHE: join(work, "cache"), ...more };
      const command = ["--require", join(work, "hook.cjs"), goesc, "run", ...args];
      const { stderr, status } = spawnSync(process.execPath, command, { cwd: work, env, encoding: "utf8" });
      return `${status} ${stderr.split("\n")[0]}`;
    };
    const run = (...args: string[]): string => runWith({}, ...args);
    write("one");
    expect(run("main.go")).toMatch(/^2 (?:goesc )+one 1$/); // compiles
    // Files that have just come into being are not trusted.
    const settled = statSync(program).ctimeMs + 2500;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, settled - Date.now()));
    expect(run("main.go", "-x")).toBe("2 goesc one 2");
    expect(run("main.go")).toBe("2 one 1");
    expect(run("main.go", "other", "args")).toBe("2 one 3");
    expect(runWith({ TELL_THREAD: "1" }, "main.go")).toBe("2 thread first one 1");
    // Other requests and settings.
    expect(run("-seed=1", "main.go")).toBe("2 goesc one 1");
    expect(run("./main.go")).toBe("2 goesc one 1");
    expect(runWith({ GOFLAGS: "-mod=mod" }, "main.go")).toBe("2 goesc one 1");
    expect(runWith({ GOESC_CACHE_SIZE: "much" }, "main.go")).toMatch(
      /^2 goesc goesc: GOESC_CACHE_SIZE=much is no size/,
    );
    write("two");
    expect(run("main.go")).toMatch(/^2 (?:goesc )+two 1$/);
  },
);
