// Runs a TypeScript file: node scripts/run.mjs FILE.ts [args]. The bundle goes to node_modules/.cache, so that relative
// look-ups (assets, node_modules) work as in a checkout. `--help` prints what the file says of itself at its head.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node scripts/run.mjs FILE.ts [args]");
  process.exit(2);
}
if (args.includes("--help") || args.includes("-h")) {
  const [, head] = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, "utf8")) ?? ["", `${file} says nothing of itself`];
  console.log(head.replace(/^ \* {0,2}/gm, "").trim());
  process.exit(0);
}
const outdir = join(root, "node_modules", ".cache", "goesc-run");
mkdirSync(outdir, { recursive: true });
const outfile = join(outdir, `${basename(file, ".ts")}-${process.pid}.mjs`);
await build({
  entryPoints: [resolve(file)],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  outfile,
  logLevel: "warning",
});
const { status } = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--max-old-space-size=6144", outfile, ...args],
  {
    stdio: "inherit",
    env: { ...process.env, GOESC_ROOT: root },
  },
);
rmSync(outfile, { force: true });
process.exit(status ?? 1);
