// Runs a freshly built dist/goesc.js on a few small packages, so that what the engine compiles of it can be shipped
// (src/host/code-cache.ts): first runs are then as quick as later ones. Needs no Go: goesc's own summary of the
// standard library is enough.
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Leaves what was compiled beside the program `bundle`; some of the examples in that folder are among the packages. */
export function trialRuns(bundle, examples) {
  const work = mkdtempSync(join(tmpdir(), "goesc-trial-"));
  const env = {
    ...process.env,
    GOROOT: "off",
    GOFLAGS: "",
    GOWORK: "off",
    GOENV: "off",
    GOESC_CACHE: join(work, "cache"),
    GOESC_BUILD_CODE: "1",
  };
  delete env.NODE_OPTIONS; // may change how the engine names its code
  const module = join(work, "trial");
  const run = (dir, ...args) => {
    const { status, stderr } = spawnSync(process.execPath, [bundle, ...args], { cwd: dir, env, stdio: "pipe" });
    if (status !== 0) throw new Error(`trial run of ${basename(bundle)} ${args.join(" ")}: ${stderr}`);
  };
  try {
    cpSync(join(dirname(fileURLToPath(import.meta.url)), "trial"), module, { recursive: true });
    const goMod = readFileSync(join(examples, "go.mod"), "utf8");
    writeFileSync(join(module, "go.mod"), goMod.replace(/^module .*/m, "module trial"));
    const files = readdirSync(examples).filter((name) => name.endsWith(".go"));
    // As many as are analysed without threads.
    for (const name of files.filter((_, i) => i % Math.ceil(files.length / 14) === 0)) {
      const dir = join(module, basename(name, ".go"));
      mkdirSync(dir);
      cpSync(join(examples, name), join(dir, name));
    }
    run(module, "-m", "./...");
    for (const change of ["", "\nfunc more() *int { return new(int) }\n"]) {
      // Importers have to be analysed again only after the second.
      appendFileSync(join(module, "lib", "lib.go"), `\nvar changed${change.length} int\n${change}`);
      run(module, "-gcflags=-m", "./...");
    }
    // A change that is analysed alone.
    appendFileSync(join(module, "lib", "lib.go"), "\nfunc least() *int { return new(int) }\n");
    run(module, "-gcflags=-m", "./...");
    run(join(module, "app"), "-gcflags=-m", "main.go");
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
