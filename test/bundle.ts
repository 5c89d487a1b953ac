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

function common(outfile: string): Parameters<typeof buildSync>[0] {
  const entryPoints = [join(root, "src", "cli", "bin.ts")];
  return { entryPoints, outfile, bundle: true, platform: "node", format: "esm", target: "node20" };
}
