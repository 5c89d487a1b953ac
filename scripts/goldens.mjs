/** Makes the golden outputs of examples/ with the real Go toolchain: `node scripts/goldens.mjs`.
 *  The path of GOROOT is written as `$GOROOT`, so that the files are the same on every machine. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const examples = join(dirname(fileURLToPath(import.meta.url)), "..", "examples");
const goroot = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
const temporary = mkdtempSync(join(tmpdir(), "goldens-"));
const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOARCH: "amd64", GOOS: "linux", GOWORK: "off" };

for (const name of readdirSync(examples).sort()) {
  const isDir = statSync(join(examples, name)).isDirectory();
  if (!isDir && !name.endsWith(".go")) continue;
  const args = ["build", "-o", join(temporary, "x"), "-gcflags=-m -l", isDir ? `./${name}` : name];
  const run = spawnSync("go", args, { cwd: examples, env, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${name}: ${run.stderr}`);
  const golden = isDir ? join(examples, name, `${name}.want`) : join(examples, name.replace(/\.go$/, ".want"));
  writeFileSync(golden, run.stderr.replaceAll(goroot, "$GOROOT"));
}
rmSync(temporary, { recursive: true });
