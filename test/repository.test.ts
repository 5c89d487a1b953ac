/** What must not be in the repository: names of somebody's machine. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Files of the repository, also those that are not added yet; empty outside git. */
function repositoryFiles(): string[] {
  try {
    const out = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      stdio: "pipe",
    });
    return out.split("\n").filter((name) => name !== "" && existsSync(join(root, name)));
  } catch {
    return [];
  }
}

/** Put together here, so that this file passes its own test. */
const forbidden = [
  ["/", "work/"],
  ["/", "home/"],
  ["/", "Users/"],
  ["/", "root/"],
].map((parts) => parts.join(""));

describe("the repository", () => {
  const files = repositoryFiles();

  it.skipIf(files.length === 0)("holds no machine paths", () => {
    const found: string[] = [];
    for (const name of files) {
      if (/\.(?:wasm|png|ico|bin)$/.test(name)) continue;
      const lines = readFileSync(join(root, name), "utf8").split("\n");
      lines.forEach((line, i) => {
        for (const path of forbidden) {
          const at = line.indexOf(path);
          if (at < 0 || /[\w.$}]/.test(line[at - 1] ?? "")) continue;
          found.push(`${name}:${i + 1}: ${path}`);
        }
      });
    }
    expect(found).toEqual([]);
  });

  it.skipIf(files.length === 0)("resolves packages from the public registry", () => {
    const lock = readFileSync(join(root, "package-lock.json"), "utf8");
    const hosts = new Set([...lock.matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map((match) => match[1]));
    expect([...hosts].filter((host) => host !== "registry.npmjs.org")).toEqual([]);
  });
});
