// Builds dist/: one bundle that is both the command and the code of its worker threads, with the parsers' WebAssembly
// files beside it.
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

mkdirSync(dist, { recursive: true });
await build({
  entryPoints: [join(root, "src", "cli", "bin.ts")],
  outfile: join(dist, "goesc.js"),
  bundle: true,
  minify: true,

  platform: "node",
  format: "esm",
  target: "node20",
  define: { GOESC_VERSION: JSON.stringify(version) },
  // commander is CommonJS and asks for Node's modules by require.
  banner: {
    js: '#!/usr/bin/env node\nimport { createRequire as goescRequire } from "node:module"; const require = goescRequire(import.meta.url);',
  },
  logLevel: "warning",
});
chmodSync(join(dist, "goesc.js"), 0o755);
// The thread that programs run in.
await build({
  entryPoints: [join(root, "src", "host", "run-bin.ts")],
  outfile: join(dist, "goesc-run.js"),
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "warning",
});
// The language server, and the thread that its engine runs in.
await build({
  entryPoints: [join(root, "src", "lsp", "bin.ts")],
  outfile: join(dist, "goesc-lsp.js"),
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  target: "node20",
  banner: {
    js: 'import { createRequire as goescRequire } from "node:module"; const require = goescRequire(import.meta.url);',
  },
  logLevel: "warning",
});
// The tool of go vet: go starts it once for each package, so it is a small program of its own, with less time spent on
// optimising and collecting than would pay in a longer run.
await build({
  entryPoints: [join(root, "src", "cli", "vettool", "bin.ts")],
  outfile: join(dist, "goesc-vettool.js"),
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  target: "node20",
  banner: { js: "#!/usr/bin/env -S node --single-threaded-gc --max-semi-space-size=64" },
  logLevel: "warning",
});
chmodSync(join(dist, "goesc-vettool.js"), 0o755);
// Go packages that take the place of GOROOT's when programs run.
for (const name of ["overlay", "freestanding"]) {
  rmSync(join(dist, name), { recursive: true, force: true });
  cpSync(join(root, name), join(dist, name), { recursive: true });
}

const require = createRequire(import.meta.url);
const assets = {
  "web-tree-sitter.wasm": "web-tree-sitter/web-tree-sitter.wasm",
  "tree-sitter-go.wasm": "tree-sitter-go/tree-sitter-go.wasm",
};
for (const [name, source] of Object.entries(assets)) {
  copyFileSync(join(packageRoot(source.split("/")[0]), source.split("/")[1]), join(dist, name));
}
// The standard library for machines without Go.
const std = join(root, "assets", "std.bin");
if (existsSync(std)) copyFileSync(std, join(dist, "std.bin"));

/** The directory of an installed package, wherever npm has hoisted it. */
function packageRoot(name) {
  for (const base of require.resolve.paths(name) ?? []) {
    try {
      readFileSync(join(base, name, "package.json"));
      return join(base, name);
    } catch {
      // the next place
    }
  }
  throw new Error(`${name} is not installed`);
}
