/** Programs that run where no Go is installed (`examples/run`): they print what the real toolchain's binaries print. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goesc = join(root, "dist", "goesc.js");
const examples = join(root, "examples", "run");
const programs = readdirSync(examples).filter((name) => name.endsWith(".go"));
const goroot = findGoroot();
const work = mkdtempSync(join(tmpdir(), "goesc-alone-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const want = (name: string): string => readFileSync(join(examples, name.replace(/\.go$/, ".want")), "utf8");

function run(file: string, goroot: string, ...flags: string[]): { text: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [goesc, "run", ...flags, file], {
    env: { ...process.env, GOROOT: goroot },
    encoding: "utf8",
  });
  return { text: stdout + stderr, status };
}

function write(name: string, source: string): string {
  const file = join(work, name);
  writeFileSync(file, source);
  return file;
}

describe.skipIf(!existsSync(goesc))("without Go", () => {
  it.each(programs)("%s", { timeout: 300_000 }, (name) => {
    expect(run(join(examples, name), "off")).toEqual({ text: want(name), status: 0 });
  });

  it("names what is not there", () => {
    const { text, status } = run(
      write("fmt.go", 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println() }\n'),
      "off",
    );
    expect(text).toMatch(/fmt\.go:3:8: package fmt needs an installation of Go, .* GOROOT or -go=DIR/);
    expect(status).toBe(1);
  });

  it("says what went wrong in a program", () => {
    const source = 'package main\n\nimport "sync"\n\nfunc main() {\n\tvar m sync.Mutex\n\tm.Lock()\n\tm.Lock()\n}\n';
    const { text, status } = run(write("deadlock.go", source), "off");
    expect(text).toContain("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [sync.Mutex.Lock]:\n");
    expect(text).toMatch(/sync\.\(\*Mutex\)\.Lock\(.*\n\t\/goesc\/src\/sync\/mutex\.go:\d+/);
    expect(status).toBe(2);
  });

  it("keeps maps whole while they change", () => {
    const source = `package main

type big [200]byte

func main() {
	m := map[int]big{}
	seen := 0
	for i := range 100 {
		m[i] = big{byte(i)}
	}
	for k, v := range m {
		if v[0] != byte(k) {
			panic("wrong")
		}
		seen++
		delete(m, k)
		if k < 100 {
			m[k+1000] = big{byte(k + 1000)}
		}
	}
	for i := range 10000 {
		m[i%50-60] = big{1}
		delete(m, (i+1)%50-60)
	}
	nan := map[float64]int{}
	zero := 0.0
	for i := range 20 {
		nan[zero/zero] = i
	}
	sum := 0
	for k, v := range nan {
		if k == k {
			panic("a number")
		}
		sum += v
	}
	clear(nan)
	println(seen >= 100, len(m) >= 49, sum, len(nan))
}
`;
    const file = write("maps.go", source);
    expect(run(file, "off", "--check", "--gc-stress=200")).toEqual({ text: "true true 190 0\n", status: 0 });
  });
});

/** Package goesc/print on package fmt. */
const printValues = `package print

import (
	"fmt"
	"os"
)

func write(b []byte) { os.Stdout.Write(b) }

func appendPlain(b []byte, x any) []byte { return fmt.Append(b, x) }
`;

describe.skipIf(goroot === null)("with Go", () => {
  it("they print the same", { timeout: 300_000 }, () => {
    writeFileSync(join(work, "go.mod"), "module goesc\n\ngo 1.26\n");
    mkdirSync(join(work, "print"));
    cpSync(join(root, "overlay", "goesc", "print", "print.go"), join(work, "print", "print.go"));
    writeFileSync(join(work, "print", "value.go"), printValues);
    for (const name of programs) {
      const dir = name.replace(/\.go$/, "");
      mkdirSync(join(work, dir));
      cpSync(join(examples, name), join(work, dir, "main.go"));
    }
    const env = { ...process.env, GOROOT: goroot!, GOFLAGS: "", GOWORK: "off" };
    const bin = join(work, "bin");
    mkdirSync(bin);
    const packages = programs.map((name) => `./${name.replace(/\.go$/, "")}`);
    const built = spawnSync(join(goroot!, "bin", "go"), ["build", "-o", bin, ...packages], {
      cwd: work,
      env,
      encoding: "utf8",
    });
    expect(built.stderr).toBe("");
    for (const name of programs) {
      const { stdout, stderr } = spawnSync(join(bin, name.replace(/\.go$/, "")), { encoding: "utf8" });
      expect(stdout + stderr, name).toBe(want(name));
    }
  });
});
