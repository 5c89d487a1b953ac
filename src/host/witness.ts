/** What was seen of files and of the environment while a program was loaded, so that a later run can tell whether it would
 *  see the same. */
import { realpathSync, type Stats, statSync } from "node:fs";
import { sep } from "node:path";
import type { FileSystem } from "../load/fs.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a path leads to where nothing more was asked. */
const enum Kind {
  Nothing,
  File,
  Dir,
}

/** All of it, as it is kept. */
export interface Seen {
  /** Files, and directories that were listed: path, inode, size, two times. */
  readonly stamps: readonly (readonly [string, number, number, number, number])[];
  readonly kinds: readonly (readonly [string, Kind])[];
  readonly reals: readonly (readonly [string, string])[];
  readonly env: readonly (readonly [string, string | null])[];
}

/** Clocks of file systems may be that coarse, in ms: what was changed a moment ago may change again within the same tick. */
const tooRecent = 2000;

export class Witness {
  private readonly start = Date.now();
  private readonly asked = new Set<string>();
  private readonly listed = new Set<string>();
  private readonly reals = new Map<string, string>();
  private readonly env = new Map<string, string | null>();
  private trusted: string | null = null;
  private hasEnded = false;

  constructor(private readonly environment: Environment) {}

  /** What lies below `dir` is always the same. */
  trust(dir: string): void {
    this.trusted = dir + sep;
  }

  /** Nothing that is asked from now on counts. */
  end(): void {
    this.hasEnded = true;
  }

  private counts(path: string): boolean {
    return !this.hasEnded && (this.trusted === null || !path.startsWith(this.trusted));
  }

  /** Notes that the contents of a file or directory count. */
  note(path: string): void {
    this.listed.add(path);
  }

  noteVariable(name: string): string | undefined {
    const value = this.environment[name];
    this.env.set(name, value ?? null);
    return value;
  }

  /** The same files, with notes of all that is asked. */
  files(inner: FileSystem): FileSystem {
    return {
      readFile: (path) => {
        if (this.counts(path)) this.asked.add(path);
        return inner.readFile(path);
      },
      readDir: (path) => {
        if (this.counts(path)) this.listed.add(path);
        return inner.readDir(path);
      },
      stat: (path) => {
        if (this.counts(path)) this.asked.add(path);
        return inner.stat(path);
      },
      realpath: (path) => {
        const real = inner.realpath(path);
        if (this.counts(path)) this.reals.set(path, real);
        return real;
      },
    };
  }

  /** The environment, with notes of what is asked of it; `fixed` does not come from there. */
  variables(fixed: Environment): Environment {
    return new Proxy(fixed, {
      get: (_, name) => (typeof name !== "string" || name in fixed ? fixed[String(name)] : this.noteVariable(name)),
    });
  }

  /** Null if it cannot be told whether it will be the same: something has just changed. */
  report(): Seen | null {
    const stamps: Seen["stamps"][number][] = [];
    const kinds: Seen["kinds"][number][] = [];
    for (const path of new Set([...this.listed, ...this.asked])) {
      const stat = statOf(path);
      const isStamped = stat !== undefined && (!stat.isDirectory() || this.listed.has(path));
      if (!isStamped) kinds.push([path, kindOf(stat)]);
      else if (Math.max(stat.mtimeMs, stat.ctimeMs) >= this.start - tooRecent) return null;
      else stamps.push([path, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs]);
    }
    return { stamps, kinds, reals: [...this.reals], env: [...this.env] };
  }
}

/** Everything is as it was. */
export function isSame({ stamps, kinds, reals, env }: Seen, environment: Environment): boolean {
  for (const [name, value] of env) if ((environment[name] ?? null) !== value) return false;
  for (const [path, ino, size, mtimeMs, ctimeMs] of stamps) {
    const stat = statOf(path);
    if (stat === undefined || stat.ino !== ino || stat.size !== size) return false;
    if (stat.mtimeMs !== mtimeMs || stat.ctimeMs !== ctimeMs) return false;
  }
  return (
    kinds.every(([path, kind]) => kindOf(statOf(path)) === kind) && reals.every(([path, real]) => realOf(path) === real)
  );
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function kindOf(stat: Stats | undefined): Kind {
  return stat === undefined ? Kind.Nothing : stat.isDirectory() ? Kind.Dir : Kind.File;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
