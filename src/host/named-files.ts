/** Files of this machine by their names, for programs that goesc runs. Names under /proc/self and /dev of what the program
 *  has lead there, and not to what the process has that it runs in. */
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
} from "node:fs";
import { dirname } from "node:path";
import { Errno } from "../runtime/errno.ts";
import type { FileInfo } from "../runtime/syscalls.ts";
import { attempt } from "./attempt.ts";
import { execFileSync } from "./child-process.ts";
import { infoOf } from "./file-info.ts";
import { helperProblem } from "./real-pipes.ts";

/** The names under /proc/self and /dev of what the program itself has. */
const ownPath =
  /^\/(?:proc\/(?:self|thread-self)\/(?:fd\/(\d+)|(exe|cmdline|environ))|dev\/(?:fd\/(\d+)|(std(?:in|out|err))))$/;

const linux = process.platform === "linux";

/** What the program finds of itself. */
export interface ProgramWords {
  readonly args: readonly string[];
  readonly env: readonly string[];
}

/** The program's own file, which has a directory of its own. */
export interface ProgramFile {
  readonly program: string;
  /** Writes it. */
  makeProgram(): void;
}

export abstract class NamedFiles {
  private readonly programDir: string;
  private programMade = false;
  protected readonly systemMask = process.umask();
  protected mask = this.systemMask;

  constructor(
    private directory: string,
    private readonly own: ProgramWords,
    private readonly ownFile: ProgramFile | null,
  ) {
    this.programDir = ownFile === null ? "" : dirname(ownFile.program);
  }

  /** What a descriptor of the program is to the system; null if it is nothing there. */
  protected abstract systemDescriptor(fd: number): number | null;
  protected abstract isChannel(fd: number): boolean;

  protected full(path: string): string {
    // The system finds out what `..` means after a symbolic link.
    const name = path.startsWith("/") ? path : `${this.directory}/${path}`;
    if (this.programDir !== "" && name.startsWith(this.programDir)) this.makeProgram();
    const fd = this.ownDescriptor(name);
    const file = fd === null ? null : this.systemDescriptor(fd);
    return file === null ? name : `/proc/self/fd/${file}`;
  }

  /** The program's descriptor of that name. */
  protected ownDescriptor(name: string): number | null {
    if (!linux || (!name.startsWith("/proc/") && !name.startsWith("/dev/"))) return null;
    const [, a, , b, stream] = ownPath.exec(name) ?? [];
    if (stream !== undefined) return ["stdin", "stdout", "stderr"].indexOf(stream);
    return a === undefined && b === undefined ? null : Number(a ?? b);
  }

  /** The program's own file. */
  get program(): string {
    return this.ownFile?.program ?? "";
  }

  /** Makes the program's own file, which it needs as soon as it looks for it or has others start it. */
  makeProgram(): void {
    if (this.programMade) return;
    this.programMade = true;
    this.ownFile?.makeProgram();
  }

  /** What is in files of /proc/self that are about the program, and not about the process that it runs in. */
  protected ownContent(path: string): Uint8Array | null {
    const what = linux ? ownPath.exec(path)?.[2] : undefined;
    if (what !== "cmdline" && what !== "environ") return null;
    const list = what === "cmdline" ? this.own.args : this.own.env;
    return new TextEncoder().encode(list.map((text) => `${text}\0`).join(""));
  }

  stat(path: string, follow: boolean): FileInfo | number {
    if (path === "") return -Errno.ENOENT;
    return attempt(() => {
      const full = this.full(path);
      return infoOf(follow ? statSync(full, { bigint: true }) : lstatSync(full, { bigint: true }));
    });
  }

  get currentMask(): number {
    return this.mask;
  }

  umask(mask: number): number {
    const old = this.mask;
    this.mask = mask;
    return old;
  }

  /** Regular files, and pipes; nobody but the superuser makes others. */
  mknod(path: string, mode: number): number {
    const kind = mode & constants.S_IFMT;
    const wanted = mode & ~this.mask & 0o7777;
    return this.change(path, (full) => {
      if (kind === 0 || kind === constants.S_IFREG) {
        const fd = openSync(full, "wx", wanted);
        fchmodSync(fd, wanted);
        closeSync(fd);
        return;
      }
      if (kind !== constants.S_IFIFO) throw errorOf("EPERM");
      if (lstatSync(full, { throwIfNoEntry: false }) !== undefined) throw errorOf("EEXIST");
      accessSync(dirname(full), constants.W_OK | constants.X_OK);
      // Node has no call for that.
      try {
        execFileSync("mkfifo", ["-m", wanted.toString(8), "--", full], { stdio: "ignore" });
      } catch (error) {
        throw helperProblem(error as NodeJS.ErrnoException);
      }
    });
  }

  chown(path: string, uid: number, gid: number, follow: boolean): number {
    return this.change(path, (full) => (follow ? chownSync : lchownSync)(full, uid, gid));
  }

  mkdir(path: string, mode: number): number {
    return this.change(path, (full) => {
      mkdirSync(full, mode);
      if (this.mask !== this.systemMask) chmodSync(full, mode & ~this.mask & 0o7777);
    });
  }

  unlink(path: string): number {
    return this.change(path, (full) => {
      // Linux: a directory is EISDIR, not the EPERM of POSIX.
      if (lstatSync(full).isDirectory()) throw errorOf("EISDIR");
      unlinkSync(full);
    });
  }

  rmdir(path: string): number {
    return this.change(path, rmdirSync);
  }

  rename(from: string, to: string): number {
    return this.change(from, (full) => renameSync(full, this.full(to)));
  }

  link(from: string, to: string): number {
    return this.change(from, (full) => linkSync(full, this.full(to)));
  }

  symlink(target: string, path: string): number {
    return this.change(path, (full) => symlinkSync(target, full));
  }

  readlink(path: string): string | number {
    if (linux && ownPath.exec(path)?.[2] === "exe") return this.ownFile?.program ?? this.own.args[0] ?? -Errno.ENOENT;
    const own = this.ownDescriptor(path);
    if (own !== null && this.isChannel(own)) return `pipe:[${own}]`;
    return attempt(() => readlinkSync(this.full(path)));
  }

  chmod(path: string, mode: number): number {
    return this.change(path, (full) => chmodSync(full, mode));
  }

  truncate(path: string, size: bigint): number {
    if (size < 0n) return -Errno.EINVAL;
    return this.change(path, (full) => truncateSync(full, Number(size)));
  }

  utimes(path: string, atime: number, mtime: number, follow: boolean): number {
    return this.change(path, (full) => (follow ? utimesSync : lutimesSync)(full, atime, mtime));
  }

  access(path: string, mode: number): number {
    return this.change(path, (full) => accessSync(full, mode));
  }

  chdir(path: string): number {
    return this.change(path, (full) => {
      if (!statSync(full).isDirectory()) throw errorOf("ENOTDIR");
      accessSync(full, constants.X_OK);
      this.directory = realpathSync(full);
    });
  }

  cwd(): string {
    return this.directory;
  }

  private change(path: string, act: (full: string) => void): number {
    if (path === "") return -Errno.ENOENT;
    return attempt(() => {
      act(this.full(path));
      return 0;
    });
  }
}

function errorOf(code: string): Error {
  return Object.assign(new Error(code), { code });
}
