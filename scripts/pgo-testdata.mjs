// Makes what test/inline/pgo.test.ts compares with, by the real toolchain: node scripts/pgo-testdata.mjs [--profile]
//
// With --profile the program in test/inline/testdata/pgo is run and profiled anew; else only the outputs under the
// profile that is there are made again.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const testdata = join(dirname(dirname(fileURLToPath(import.meta.url))), "test", "inline", "testdata", "pgo");
const work = mkdtempSync(join(tmpdir(), "goesc-pgo-"));
cpSync(testdata, work, { recursive: true });

function run(command, args) {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", PWD: work };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: work, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout + stderr;
}

try {
  if (process.argv.includes("--profile")) {
    run("go", ["build", "-o", "prog", "."]);
    run(join(work, "prog"), ["cpu.pprof"]);
    copyFileSync(join(work, "cpu.pprof"), join(testdata, "cpu.pprof"));
    run("go", ["tool", "preprofile", "-i", "cpu.pprof", "-o", "cpu.preprofile"]);
    copyFileSync(join(work, "cpu.preprofile"), join(testdata, "cpu.preprofile"));
  }
  for (const [name, flags] of [
    ["m1", "-m"],
    ["m2", "-m=2"],
    ["debug", "-m -d=pgodebug=1"],
    ["threshold", "-m -d=pgoinlinecdfthreshold=50,pgoinlinebudget=100,pgodevirtualize=1"],
  ]) {
    // "unsafe" is never compiled: with it nothing is written.
    const out = run("go", ["build", "-pgo=cpu.pprof", `-gcflags=${flags}`, "./work", "./shapes", "./plain", "unsafe"]);
    for (const pkg of ["work", "shapes", "plain"]) {
      const part = out.split(/^# /m).find((text) => text.startsWith(`example.com/pgo/${pkg}\n`)) ?? "";
      writeFileSync(join(testdata, `${pkg}.${name}`), part.slice(part.indexOf("\n") + 1));
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
