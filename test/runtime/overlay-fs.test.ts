import { describe, expect, it } from "vitest";
import { EntryKind, FileError, type FileSystem } from "../../src/load/fs.ts";
import { OverlayFileSystem, type OverlayRule } from "../../src/runtime/overlay-fs.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function memory(files: Readonly<Record<string, string>>): FileSystem {
  const dirs = new Map<string, string[]>();
  for (const name of Object.keys(files)) {
    const slash = name.lastIndexOf("/");
    dirs.set(name.slice(0, slash), [...(dirs.get(name.slice(0, slash)) ?? []), name.slice(slash + 1)]);
  }
  return {
    readFile: (path) => {
      if (!(path in files)) throw new FileError("open", path, "no such file or directory", true);
      return encoder.encode(files[path]);
    },
    readDir: (path) => (dirs.get(path) ?? []).sort().map((name) => ({ name, kind: EntryKind.File })),
    stat: (path) =>
      path in files
        ? { size: files[path].length, mtimeMs: 1, isDir: false }
        : dirs.has(path)
          ? { size: 0, mtimeMs: 1, isDir: true }
          : null,
    realpath: (path) => path,
  };
}

const disk = memory({
  "/go/src/math/floor.go": "package math\n",
  "/go/src/math/floor_asm.go": "//go:build amd64\n\npackage math\n",
  "/go/src/math/floor_noasm.go": "//go:build !amd64\n\npackage math\n",
  "/go/src/runtime/proc.go": "package runtime // Go's\n",
});
const rules = new Map<string, OverlayRule>([
  ["math", { hide: ["floor_asm.go"], force: ["floor_noasm.go"] }],
  ["runtime", { replace: true }],
]);
const files = new Map([["runtime/own.go", encoder.encode("package runtime\n")]]);
const fs = new OverlayFileSystem(disk, "/go/src", { id: "1", rules, files });

describe("OverlayFileSystem", () => {
  it("hides files, and presents forced ones under names and with constraints that fit every machine", () => {
    expect(fs.readDir("/go/src/math").map((e) => e.name)).toEqual(["floor-noasm.go", "floor.go"]);
    const text = decoder.decode(fs.readFile("/go/src/math/floor-noasm.go"));
    expect(text).toBe("// o:build !amd64\n\npackage math\n");
  });

  it("replaces a whole package", () => {
    expect(fs.readDir("/go/src/runtime").map((e) => e.name)).toEqual(["own.go"]);
    expect(decoder.decode(fs.readFile("/go/src/runtime/own.go"))).toBe("package runtime\n");
    expect(fs.stat("/go/src/runtime/own.go")?.size).toBe(16);
  });

  it("says where GOROOT is in line directives of its own", () => {
    const own = new Map([["runtime/own.go", encoder.encode("package runtime\n\n//line $GOROOT/src/runtime/a.go:7\n")]]);
    const text = new OverlayFileSystem(disk, "/go/src", { id: "1", rules, files: own }).readFile(
      "/go/src/runtime/own.go",
    );
    expect(decoder.decode(text)).toBe("package runtime\n\n//line /go/src/runtime/a.go:7\n");
  });

  it("leaves everything else alone", () => {
    expect(decoder.decode(fs.readFile("/go/src/math/floor.go"))).toBe("package math\n");
    expect(fs.stat("/go/src/nothing")).toBeNull();
  });
});
