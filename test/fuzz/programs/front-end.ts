/** The real compiler without the part that makes machine code: all that -m prints is printed before it. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the build replaces in cmd/compile/internal/gc. */
const edits: readonly (readonly [file: string, from: string, to: string])[] = [
  ["compile.go", "\n\tcompile(compilequeue)\n", "\n\tcompile(nil)\n"],
  ["main.go", "\n\tdumpdata()\n", "\n\tbase.ExitIfErrors()\n\tbase.FlushErrors()\n\tos.Exit(0)\n\tdumpdata()\n"],
];

/** Builds it, unless that was done before; returns the file. */
export function frontEnd(goroot: string): string {
  const version = readFileSync(join(goroot, "VERSION"), "utf8");
  const hash = createHash("sha256")
    .update(JSON.stringify([goroot, version, edits]))
    .digest("hex")
    .slice(0, 16);
  const dir = join(tmpdir(), "goesc-fuzz", `front-end-${hash}`);
  const compiler = join(dir, "compile");
  if (existsSync(compiler)) return compiler;
  mkdirSync(dir, { recursive: true });
  const replaced: Record<string, string> = {};
  for (const [file, from, to] of edits) {
    const original = join(goroot, "src", "cmd", "compile", "internal", "gc", file);
    const text = readFileSync(original, "utf8");
    if (!text.includes(from)) throw new Error(`${original} has no ${JSON.stringify(from)}: --front-end does not fit`);
    writeFileSync(join(dir, file), text.replace(from, to));
    replaced[original] = join(dir, file);
  }
  const overlay = join(dir, "overlay.json");
  writeFileSync(overlay, JSON.stringify({ Replace: replaced }));
  const { status, stderr } = spawnSync(
    join(goroot, "bin", "go"),
    ["build", "-overlay", overlay, "-o", compiler, "cmd/compile"],
    { cwd: dir, encoding: "utf8", env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" } },
  );
  if (status !== 0) throw new Error(stderr);
  return compiler;
}
