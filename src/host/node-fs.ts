/** Files of the machine, for the loader. */
import { closeSync, constants, openSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { type DirEntry, EntryKind, FileError, type FileStat, type FileSystem } from "../load/fs.ts";
import { Paths } from "../load/paths.ts";
import { ReplacedFileSystem, type Replacements } from "../load/replaced-files.ts";

/** The system's words for the errors that people meet. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  EMFILE: "too many open files",
  EIO: "input/output error",
};

function fileError(op: string, path: string, error: unknown): FileError {
  const code = (error as { code?: string }).code ?? "";
  return new FileError(op, path, reasons[code] ?? code.toLowerCase(), code === "ENOENT");
}

/** Opening a named pipe is not to wait for somebody who writes. (Windows has no such flag.) */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export class NodeFileSystem implements FileSystem {
  readFile(path: string): Uint8Array {
    let bytes: Uint8Array;
    try {
      const file = openSync(path, openFlags);
      try {
        bytes = readFileSync(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw fileError((error as { code?: string }).code === "EISDIR" ? "read" : "open", path, error);
    }
    // Pipes and devices look empty then; asking of every file would take longer.
    if (bytes.length === 0 && statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
      throw new FileError("read", path, "not a regular file", false);
    }
    return bytes;
  }

  readDir(path: string): DirEntry[] {
    let entries: ReturnType<typeof readEntries>;
    try {
      entries = readEntries(path);
    } catch (error) {
      throw fileError("open", path, error);
    }
    const out: DirEntry[] = entries.map((entry) => ({
      name: entry.name,
      kind: entry.isFile()
        ? EntryKind.File
        : entry.isDirectory()
          ? EntryKind.Dir
          : entry.isSymbolicLink()
            ? EntryKind.Symlink
            : EntryKind.Other,
    }));
    return out.sort((x, y) => (x.name < y.name ? -1 : 1));
  }

  stat(path: string): FileStat | null {
    try {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return null;
      return { size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, isDir: stat.isDirectory() };
    } catch {
      return null;
    }
  }

  realpath(path: string): string {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  }
}

/** The machine's files, some of them read from elsewhere. */
export function machineFiles(replaced?: Replacements): FileSystem {
  const files = new NodeFileSystem();
  return replaced === undefined
    ? files
    : new ReplacedFileSystem(files, new Paths(process.platform === "win32"), replaced);
}

function readEntries(path: string) {
  return readdirSync(path, { withFileTypes: true });
}
