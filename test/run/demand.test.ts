/** The functions of packages that programs come to, and what happens when the next one needs others. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize } from "node:v8";
import { afterAll, describe, expect, it } from "vitest";
import type { PackageObject } from "../../src/wasm/object.ts";
import { findGoroot } from "../goroot.ts";

const goesc = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "dist", "goesc.js");
const work = mkdtempSync(join(tmpdir(), "goesc-demand-"));
const cache = join(work, "cache");
afterAll(() => rmSync(work, { recursive: true, force: true }));

function run(name: string, source: string): string {
  const file = join(work, `${name}.go`);
  writeFileSync(file, source);
  const { stdout, stderr } = spawnSync(process.execPath, [goesc, "run", file], {
    env: { ...process.env, GOESC_CACHE: cache },
    encoding: "utf8",
  });
  return stdout + stderr;
}

/** The object of a package, as it is in the cache. */
function objectOf(path: string): PackageObject {
  const found: { time: number; object: PackageObject }[] = [];
  const walk = (dir: string): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const name = join(dir, entry.name);
      if (entry.isDirectory()) walk(name);
      else {
        const object = read(name);
        if (object?.path === path) found.push({ time: statSync(name).mtimeMs, object });
      }
    }
  };
  walk(cache);
  found.sort((a, b) => b.time - a.time);
  return found[0].object;
}

function read(name: string): PackageObject | null {
  try {
    // A checksum comes first (host/summary-store.ts).
    return deserialize(readFileSync(name).subarray(16)) as PackageObject;
  } catch {
    return null;
  }
}

const first = `package main

import "errors"

func main() { print(errors.New("a").Error(), "\\n") }
`;

// What errors.Is needs of packages that the first program has, too, reaches down to package reflect's little sister.
const second = `package main

import "errors"

type wrapped struct{ error }

func (w wrapped) Unwrap() error { return w.error }

var end = errors.New("end")

func main() {
	done := make(chan error)
	go func() { done <- errors.Join(wrapped{end}, errors.ErrUnsupported) }()
	err := <-done
	print(errors.Is(err, end), errors.Is(err, errors.ErrUnsupported), errors.Unwrap(wrapped{end}) == end, "\\n")
}
`;

const long = `package main

import "errors"

var err = errors.New("a")

func main() {
	n := 0
	for i := range 100_000_000 {
		if i%4 == len(err.Error()) {
			n++
		}
	}
	println(n)
}
`;

describe.skipIf(findGoroot() === null || !existsSync(goesc))("functions of packages", () => {
  it("are compiled when a program comes to them", { timeout: 300_000 }, () => {
    expect(run("first", first)).toBe("a\n");
    const before = objectOf("errors");
    expect(before.funcs.map(({ name }) => name)).toContain("errors.(*errorString).Error");
    expect(before.left).toContain("errors.is");
    expect(objectOf("runtime").left).toContain("runtime.chanrecv");

    expect(run("second", second)).toBe("truetruetrue\n");
    const after = objectOf("errors");
    const names = after.funcs.map(({ name }) => name);
    expect(names).toContain("errors.is");
    for (const { name } of before.funcs) expect(names).toContain(name);
    expect(after.left).toEqual([]);
    expect(objectOf("runtime").left).toEqual([]);

    rmSync(join(work, "first.go"));
    expect(run("again", first)).toBe("a\n");
    expect(objectOf("errors").left).toEqual([]);
  });

  it.runIf(/^11\.3\./.test(process.versions.v8))("keep the engine's code for them", { timeout: 300_000 }, () => {
    const files = (): number => readdirSync(cache, { recursive: true }).length;
    const runs = [1, 2, 3].map(() => {
      expect(run("long", long)).toBe("25000000\n");
      return files();
    });
    // Not by the run that builds the program, and not again.
    expect([runs[1] - runs[0] > 0, runs[2] - runs[1]]).toEqual([true, 0]);
  });

  it("what is damaged, or goes while it is needed, is made again", { timeout: 300_000 }, () => {
    const source = first.replace('"a"', '"once more"');
    expect(run("damaged", source)).toBe("once more\n");
    let damaged = 0;
    const walk = (dir: string): void => {
      for (const entry of readdirSync(dir, { withFileTypes: true })) {
        const name = join(dir, entry.name);
        if (entry.isDirectory()) walk(name);
        else if (/^[0-9a-f]{32}$/.test(entry.name) && damaged++ % 2 === 0) {
          const bytes = readFileSync(name);
          bytes[bytes.length - 1] ^= 1;
          writeFileSync(name, bytes);
        }
      }
    };
    walk(cache);
    expect(damaged).toBeGreaterThan(20);
    expect(run("damaged", source.replace("once", "twice"))).toBe("twice more\n");
  });
});
