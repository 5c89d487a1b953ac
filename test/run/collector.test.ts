/** The collector while a program moves its pointers about: each cycle's marks are verified (`-check`), cycles begin all
 *  the time and go on in small steps (`-gc-stress`). Reads the built command: `npm run build` comes first. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const testdata = join(here, "collector");
const goesc = join(here, "..", "..", "dist", "goesc.js");

function run(name: string, flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, [goesc, "run", ...flags, join(testdata, name)], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

describe.skipIf(findGoroot() === null || !existsSync(goesc))("the collector", () => {
  it.each([[[]], [["-check", "-gc-stress=7"]], [["-check", "-gc-stress=50"]]])(
    "marks what is moved about: %s",
    { timeout: 300_000 },
    (flags) => {
      const { stdout, stderr, status } = run("barriers.go", flags);
      expect(`${stdout}${stderr}`).toBe(readFileSync(join(testdata, "barriers.want"), "utf8"));
      expect(status).toBe(0);
    },
  );
});
