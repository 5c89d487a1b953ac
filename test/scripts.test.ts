/** The measures of package.json, each a script, say what they do when they are asked. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
const measures = Object.entries(scripts).flatMap(([name, command]) => {
  const [, file] = /^node scripts\/run\.mjs (\S+)$/.exec(command) ?? [];
  return file === undefined ? [] : [{ name, file }];
});

it("prints its usage for --help, and runs nothing", () => {
  expect(measures.length).toBeGreaterThan(10);
  for (const { name, file } of measures) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", file, "--help"], {
      cwd: root,
      encoding: "utf8",
    });
    expect([name, status, stderr]).toEqual([name, 0, ""]);
    expect(stdout).toContain(`npm run ${name}`);
    expect(stdout).not.toMatch(/^ ?\*/m);
  }
});
