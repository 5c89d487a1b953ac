/** `goesc run --sandbox`: the program has its standard streams and what is within itself, and nothing else of the machine. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const goesc = join(here, "..", "..", "dist", "goesc.js");
const dir = mkdtempSync(join(tmpdir(), "goesc-sandbox-"));
afterAll(() => rmSync(dir, { recursive: true }));

describe.skipIf(findGoroot() === null || !existsSync(goesc))("a sandbox", { timeout: 300_000 }, () => {
  it("keeps files, environment, other processes and the network from the program", () => {
    const secret = join(dir, "secret");
    writeFileSync(secret, "secret");
    const program = join(here, "sandbox", "main.go");
    const { stdout, stderr, status } = spawnSync(process.execPath, [goesc, "run", "--sandbox", program, dir, secret], {
      encoding: "utf8",
      input: "input\n",
    });
    expect(stderr).toBe("");
    expect(stdout).toBe(readFileSync(join(here, "sandbox", "main.want"), "utf8"));
    expect(status).toBe(0);
    expect(readdirSync(dir)).toEqual(["secret"]);
    expect(readFileSync(secret, "utf8")).toBe("secret");
  });
});
