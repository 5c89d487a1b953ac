/** Files that stand for the program's sockets of the Unix domain: to the machine they are regular ones. */
import { identity } from "./file-calls.ts";
import type { FileInfo, Files } from "./syscalls.ts";

export class SocketFiles {
  /** By which their sockets are known: other files get their numbers later. */
  private readonly marks = new Map<string, string>();
  private made = 0;

  constructor(private readonly files: Files) {}

  has(info: FileInfo): boolean {
    return this.marks.has(identity(info));
  }

  isAt(path: string): boolean {
    const info = this.marks.size === 0 ? 0 : this.files.stat(path, false);
    return typeof info !== "number" && this.has(info);
  }

  /** What the file is known by; a negative error number if there is none. */
  identify(path: string): string | number {
    const info = this.files.stat(path, true);
    return typeof info === "number" ? info : (this.marks.get(identity(info)) ?? identity(info));
  }

  make(path: string): number {
    const O_CREATE_EXCL = 0o301;
    const fd = this.files.open(path, O_CREATE_EXCL, 0o777);
    if (fd < 0) return fd;
    const info = this.files.fstat(fd);
    this.files.close(fd);
    if (typeof info === "number") return info;
    const id = identity(info);
    this.marks.set(id, `${id}#${++this.made}`);
    return 0;
  }

  unlink(file: string): number {
    return this.removing(file, () => this.files.unlink(file));
  }

  rename(from: string, to: string): number {
    return this.removing(to, () => this.files.rename(from, to));
  }

  /** Does what takes the last name of a file away; the system gives its number to another file then, which is no socket. */
  private removing(file: string, remove: () => number): number {
    const info = this.marks.size > 0 ? this.files.stat(file, false) : 0;
    const errno = remove();
    if (errno === 0 && typeof info !== "number" && info.nlink === 1n) this.marks.delete(identity(info));
    return errno;
  }
}
