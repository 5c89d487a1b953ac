/** The machine as the loader sees it: environment, directories, Go's names for the system. */
import { statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve as resolvePath } from "node:path";
import type { LoadHost, TextCache } from "../load/fs.ts";
import { Paths } from "../load/paths.ts";
import { openStdArchive } from "./assets.ts";
import { readCacheText, writeCacheText } from "./cache.ts";
import { cacheDir } from "./cache-dir.ts";
import { NodeFileSystem } from "./node-fs.ts";

const osNames: Readonly<Record<string, string>> = { win32: "windows", sunos: "solaris" };
const archNames: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", mipsel: "mipsle" };

export interface HostOptions {
  /** -C: the directory to work in. */
  readonly chdir?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function nodeHost(options: HostOptions = {}): LoadHost {
  const env = options.env ?? process.env;
  const cwd = workingDirectory(env);
  return {
    cache: new DirectoryCache(env),
    fs: new NodeFileSystem(),
    paths: new Paths(process.platform === "win32"),
    cwd: options.chdir === undefined || options.chdir === "" ? cwd : resolvePath(cwd, options.chdir),
    env,
    hostOS: osNames[process.platform] ?? process.platform,
    hostArch: archNames[process.arch] ?? process.arch,
    homeDir: env.HOME || homedir(),
    configDir: userConfigDir(env),
    tempDir: env.TMPDIR || tmpdir(),
    embeddedStd: openStdArchive,
  };
}

/** Small texts in goesc's cache directory. */
class DirectoryCache implements TextCache {
  private readonly env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.env = env;
  }

  read(name: string): string | null {
    return readCacheText(cacheDir(this.env), name);
  }

  write(name: string, text: string): void {
    writeCacheText(cacheDir(this.env), name, text);
  }
}

/** The shell's name for the current directory (PWD), as os.Getwd: it keeps symbolic links that output should show. */
function workingDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const cwd = process.cwd();
  const pwd = env.PWD;
  if (pwd === undefined || pwd === cwd || !pwd.startsWith("/")) return cwd;
  try {
    const a = statSync(pwd);
    const b = statSync(cwd);
    return a.ino === b.ino && a.dev === b.dev ? pwd : cwd;
  } catch {
    return cwd;
  }
}

/** os.UserConfigDir; "" if the system does not say. */
function userConfigDir(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === "win32") return env.AppData ?? env.APPDATA ?? "";
  const home = env.HOME ?? "";
  if (process.platform === "darwin") return home === "" ? "" : join(home, "Library", "Application Support");
  return env.XDG_CONFIG_HOME || (home === "" ? "" : join(home, ".config"));
}
