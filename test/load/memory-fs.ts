/** Files in memory, for tests of the loader. */
import {
  type DirEntry,
  EntryKind,
  FileError,
  type FileStat,
  type FileSystem,
  type LoadHost,
} from "../../src/load/fs.ts";
import { Paths } from "../../src/load/paths.ts";

const encoder = new TextEncoder();

export class MemoryFileSystem implements FileSystem {
  private readonly files = new Map<string, Uint8Array>();
  private readonly dirs = new Map<string, Set<string>>();

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) {
      this.files.set(path, encoder.encode(text));
      for (
        let child = path, at = child.lastIndexOf("/");
        at >= 0;
        child = child.slice(0, at), at = child.lastIndexOf("/")
      ) {
        const dir = child.slice(0, at) || "/";
        const names = this.dirs.get(dir) ?? new Set();
        names.add(child.slice(at + 1));
        this.dirs.set(dir, names);
        if (at === 0) break;
      }
    }
  }

  readFile(path: string): Uint8Array {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new FileError("open", path, "no such file or directory", true);
    return bytes;
  }

  readDir(path: string): DirEntry[] {
    const names = this.dirs.get(path);
    if (names === undefined) throw new FileError("open", path, "no such file or directory", true);
    return [...names].sort().map((name) => ({
      name,
      kind: this.dirs.has(path === "/" ? `/${name}` : `${path}/${name}`) ? EntryKind.Dir : EntryKind.File,
    }));
  }

  stat(path: string): FileStat | null {
    const bytes = this.files.get(path);
    if (bytes !== undefined) return { size: bytes.length, mtimeMs: 0, isDir: false };
    return this.dirs.has(path) ? { size: 0, mtimeMs: 0, isDir: true } : null;
  }

  realpath(path: string): string {
    return path;
  }
}

/** A small Go installation: enough for the loader. */
export const miniGoroot: Readonly<Record<string, string>> = {
  "/go/VERSION": "go1.26.8\ntime 2026-08-28T16:20:06Z\n",
  "/go/go.env": "GOTOOLCHAIN=local\n",
  "/go/src/go.mod": "module std\n\ngo 1.26\n",
  "/go/src/runtime/runtime.go": "package runtime\n",
  "/go/src/runtime/asm_amd64.s": "TEXT\n",
  "/go/src/unsafe/unsafe.go": "package unsafe\n",
  "/go/src/fmt/print.go": 'package fmt\n\nimport "internal/fmtsort"\n\nvar _ = fmtsort.X\n',
  "/go/src/internal/fmtsort/sort.go": 'package fmtsort\n\nimport "unsafe"\n\nvar X unsafe.Pointer\n',
  "/go/src/net/net.go": 'package net\n\nimport _ "golang.org/x/net/dns"\n',
  "/go/src/vendor/golang.org/x/net/dns/dns.go": "package dns\n",
  "/go/src/cmd/go.mod": "module cmd\n\ngo 1.26\n",
  "/go/src/cmd/tool/main.go": 'package main\n\nimport _ "fmt"\n\nfunc main() {}\n',
};

export function memoryHost(
  files: Readonly<Record<string, string>>,
  options: { cwd?: string; env?: Record<string, string> } = {},
): LoadHost {
  return {
    cache: null,
    fs: new MemoryFileSystem({ ...miniGoroot, ...files }),
    paths: new Paths(false),
    cwd: options.cwd ?? "/src/m",
    env: { GOROOT: "/go", ...options.env },
    hostOS: "linux",
    hostArch: "amd64",
    homeDir: "/u",
    configDir: "/u/.config",
    tempDir: "/tmp",
  };
}
