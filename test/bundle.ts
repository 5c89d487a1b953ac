/** The command as one file, for tests that run it in a process of its own. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** With all that it needs, so that it runs anywhere. */
export function bundleCommand(outfile: string): void {
  const require = "const require = goescRequire(import.meta.url);";
  buildSync({
    ...common(outfile),
    banner: { js: `import { createRequire as goescRequire } from "node:module"; ${require}` },
    logLevel: "silent",
  });
}

/** With packages left where they are: `outfile` has to be in this tree. */
export function bundleCommandHere(outfile: string): void {
  buildSync({ ...common(outfile), packages: "external", logLevel: "warning" });
}

/** The tool of go vet: `tool`, and what it loads beside it. */
export function bundleVettool(tool: string): void {
  const dir = dirname(tool);
  for (const [entry, outfile] of [
    ["bin.ts", tool],
    ["unit-bin.ts", join(dir, "goesc-vetunit.js")],
  ]) {
    buildSync({
      entryPoints: [join(root, "src", "cli", "vettool", entry)],
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      define: { "import.meta.url": "goescUrl" },
      banner: { js: '#!/usr/bin/env node\nconst goescUrl=require("node:url").pathToFileURL(__filename).href;' },
      logLevel: "silent",
    });
  }
}

function common(outfile: string): Parameters<typeof buildSync>[0] {
  const entryPoints = [join(root, "src", "cli", "bin.ts")];
  return { entryPoints, outfile, bundle: true, platform: "node", format: "esm", target: "node20" };
}
