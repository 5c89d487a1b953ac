/** `-watch`: the same command again whenever a file changes. Each round stands between two lines, so that editors know
 *  when old problems are gone:
 *
 *      goesc: analysis begins
 *      goesc: analysis ends (exit code 0, 0.42 s) */
import { type Dirent, type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { basename, join } from "node:path";
import { print, printError } from "../host/output.ts";
import { LoadError } from "../load/env.ts";
import { UsageError } from "./args.ts";
import { openRequest } from "./run.ts";
import type { Settings } from "./settings.ts";

/** Changes come in bursts: wait until so many ms pass without one. */
const quiet = 60;

/** Runs `command` again and again; ends only from outside. */
export async function runWatching(settings: Settings, command: () => Promise<number>): Promise<number> {
  const changes = new Changes();
  for (;;) {
    print("goesc: analysis begins\n");
    const start = performance.now();
    changes.watch(directories(settings)); // before the analysis reads the files
    const code = await attempt(command);
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    print(`goesc: analysis ends (exit code ${code}, ${seconds} s)\n`);
    await changes.next();
  }
}

/** What is wrong now may be right after the next change. */
async function attempt(command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!mayPass(error)) throw error;
    printError(`${(error as Error).message}\n`);
    return 2;
  }
}

/** It is about the packages, or about files that come and go. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof LoadError || error instanceof UsageError || (error as NodeJS.ErrnoException).syscall !== undefined
  );
}

/** Directories whose files matter: of all packages that are no part of the installation or the module cache, of the
 *  modules, and those in which `...` may find new packages. */
function directories(settings: Settings): Set<string> {
  const dirs = new Set<string>();
  try {
    const { host, load } = openRequest(settings, true);
    dirs.add(host.cwd);
    for (const pkg of load.packages) {
      const isOurs = !pkg.isStd && (pkg.module === null || pkg.module.isMain || pkg.module.version === "");
      if (isOurs) dirs.add(pkg.dir);
    }
    for (let dir = host.cwd; ; dir = host.paths.dir(dir)) {
      if (["go.mod", "go.work"].some((name) => host.fs.stat(join(dir, name)) !== null)) dirs.add(dir);
      if (host.paths.dir(dir) === dir) break;
    }
    if (settings.patterns.some((pattern) => pattern.includes("..."))) addTree(host.cwd, dirs);
  } catch (error) {
    if (!mayPass(error)) throw error;
    dirs.add(settings.chdir === "" ? process.cwd() : settings.chdir);
  }
  return dirs;
}

/** More would be more than a system watches for one program. */
const maxDirectories = 5000;

function addTree(dir: string, dirs: Set<string>): void {
  if (dirs.size >= maxDirectories) return;
  dirs.add(dir);
  for (const entry of entriesOf(dir)) {
    const { name } = entry;
    if (entry.isDirectory() && !/^[._]/.test(name) && name !== "node_modules" && name !== "testdata")
      addTree(join(dir, name), dirs);
  }
}

/** Nothing if it has just gone. */
function entriesOf(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Files that an analysis may depend on. */
function matters(name: string): boolean {
  return /\.(?:go|s|h|pgo)$/.test(name) || /^(?:go\.mod|go\.work|go\.sum|modules\.txt)$/.test(basename(name));
}

class Changes {
  private readonly watchers = new Map<string, FSWatcher>();
  private timer: NodeJS.Timeout | null = null;
  private changed = false;
  private wake: (() => void) | null = null;

  /** Watches these directories, and no others any more. */
  watch(dirs: ReadonlySet<string>): void {
    for (const [dir, watcher] of this.watchers) {
      if (dirs.has(dir)) continue;
      watcher.close();
      this.watchers.delete(dir);
    }
    for (const dir of dirs) {
      const watcher = this.watchers.has(dir) ? null : this.watcher(dir);
      if (watcher !== null) this.watchers.set(dir, watcher);
    }
  }

  /** Null if the directory is gone. */
  private watcher(dir: string): FSWatcher | null {
    try {
      if (!statSync(dir).isDirectory()) return null;
      const watcher = watch(dir, (_, name) => {
        // A new directory may hold a new package.
        if (name === null || matters(name) || !name.includes(".")) this.note();
      });
      return watcher.on("error", () => this.drop(dir));
    } catch {
      return null;
    }
  }

  private drop(dir: string): void {
    this.watchers.get(dir)?.close();
    this.watchers.delete(dir);
    this.note();
  }

  private note(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.changed = true;
      this.wake?.();
    }, quiet);
  }

  /** Waits for a change since the last one. */
  async next(): Promise<void> {
    if (!this.changed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.wake = null;
    this.changed = false;
  }
}
