// Builds dist/: bundles that are both programs and the code of their threads, with the parsers' WebAssembly files beside
// them.
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { trialRuns } from "./trial-runs.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

mkdirSync(dist, { recursive: true });
const common = { bundle: true, minify: true, platform: "node", format: "cjs", target: "node20", logLevel: "warning" };

const source = (...path) => [join(root, "src", ...path)];
// import.meta.url in CommonJS.
const program = {
  alias: { "node:child_process": join(root, "src", "host", "child-process.ts") },
  define: { GOESC_VERSION: JSON.stringify(version), "import.meta.url": "goescUrl" },
  banner: { js: 'const goescUrl=require("node:url").pathToFileURL(__filename).href;' },
  supported: { "dynamic-import": false },
};

/** What a program consists of, headed by its hash: by that the engine's code is known to be of this text. */
async function code(name, entryPoints, plugins = []) {
  const outfile = join(dist, `${name}.code.cjs`);
  const { outputFiles } = await build({ ...common, ...program, entryPoints, outfile, plugins, write: false });
  const { text } = outputFiles[0];
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
  rmSync(outfile.replace(/cjs$/, "bin"), { force: true });
  writeFileSync(outfile, `/*${hash}*/${text}`);
}

/** NAME.js, which starts NAME.code.cjs with what is known of its code (src/host/launch.ts), or a part of it. */
async function launched(name, entryPoints, firstLine, options = {}) {
  const { entry = source("host", "launch.ts"), thread = "", plain = "" } = options;
  await code(name, entryPoints);
  if (plain !== "") await code(plain, entryPoints, [without(unusedByPlain)]);
  await build({
    ...common,
    ...program,
    entryPoints: entry,
    outfile: join(dist, `${name}.js`),
    define: {
      ...program.define,
      GOESC_CODE: JSON.stringify(`${name}.code.cjs`),
      GOESC_PLAIN: JSON.stringify(plain === "" ? "" : `${plain}.code.cjs`),
      GOESC_THREAD: JSON.stringify(thread),
    },
    banner: { js: `${firstLine}\n${program.banner.js}` },
  });
  chmodSync(join(dist, `${name}.js`), 0o755);
}

/** Modules in src/ that plain command lines (src/host/plain-args.ts) have no use for, with all that only they need. */
const unusedByPlain = [
  ...["almost", "backend", "check", "check-help", "diff", "explain", "findings", "partial", "run-help"].map(
    (name) => `cli/${name}.ts`,
  ),
  ...["run-program", "test-program", "watch"].map((name) => `cli/${name}.ts`),
  ...[
    "report/explain/scene.ts",
    "report/findings/package.ts",
    "host/run-host.ts",
    "host/serve-program.ts",
    "syntax/cst.ts",
  ],
];

/** Leaves out modules; that nobody calls them is for the caller to know. */
function without(modules) {
  const paths = new Set(modules.map((name) => join(root, "src", ...name.split("/"))));
  for (const path of paths) if (!existsSync(path)) throw new Error(`${path} is gone: see unusedByPlain`);
  return {
    name: "without",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[.].*[.]ts$/ }, ({ path, resolveDir }) =>
        paths.has(join(resolveDir, path)) ? { path, namespace: "left-out" } : null,
      );
      onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "module.exports={};" }));
    },
  };
}

await launched("goesc", source("cli", "bin.ts"), "#!/usr/bin/env node", {
  entry: source("cli", "start.ts"),
  thread: "goesc-run.js",
  plain: "goesc-plain",
});
// The language server, and the thread that its engine runs in.
await build({ ...common, ...program, entryPoints: source("lsp", "bin.ts"), outfile: join(dist, "goesc-lsp.js") });
// The tool of go vet: go starts it once for each package, so what most of them need is a small program of its own, and
// what analyses packages is loaded by the others. It spends less time on collecting and optimising than would pay in a
// longer run (src/host/jit.ts); the flags are set from the start, since code is only read under those it was kept under.
const less = "--always-sparkplug --interrupt-budget=300000 --max-inlined-bytecode-size-cumulative=300";
await build({
  ...common,
  ...program,
  entryPoints: source("cli", "vettool", "bin.ts"),
  outfile: join(dist, "goesc-vettool.js"),
  banner: {
    js: `#!/usr/bin/env -S node --single-threaded-gc --max-semi-space-size=64 ${less}\n${program.banner.js}`,
  },
});
chmodSync(join(dist, "goesc-vettool.js"), 0o755);
await launched("goesc-vetunit", source("cli", "vettool", "unit-bin.ts"), "");
// The thread that programs run in: too small for more.
await build({ ...common, ...program, entryPoints: source("host", "run-bin.ts"), outfile: join(dist, "goesc-run.js") });
// Node takes them for CommonJS, which starts sooner.
writeFileSync(join(dist, "package.json"), '{ "type": "commonjs" }\n');
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
try {
  trialRuns(join(dist, "goesc.js"), join(root, "examples"));
} catch (error) {
  // Only first runs would be slower.
  rmSync(join(dist, "goesc-plain.code.bin"), { force: true });
  console.warn(`build: ${error.message}`);
}

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
