/** Output reaches whoever reads it, at whatever pace, and short runs load no more of Node than they need. */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goesc = join(root, "dist", "goesc.js");
const work = mkdtempSync(join(tmpdir(), "goesc-output-"));
const env = { ...process.env, GOESC_CACHE: join(work, "cache"), GOROOT: "off" };
let text = "";

beforeAll(() => {
  let source = "package p\n";
  for (let i = 0; i < 5000; i++) source += `\nfunc F${i}() *int { x := ${i}; return &x }\n`;
  writeFileSync(join(work, "x.go"), source);
  text = spawnSync(process.execPath, [goesc, "-m", "x.go"], { cwd: work, env, encoding: "utf8" }).stdout;
}, 60_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.skipIf(!existsSync(goesc))("output", () => {
  it("is more than a pipe holds", () => expect(text.length).toBeGreaterThan(200_000));

  it("loads no streams, sockets and processes for what was analysed before", () => {
    const probe = join(work, "probe.cjs");
    writeFileSync(
      probe,
      'process.on("exit", () => require("fs").writeSync(2, process.moduleLoadList.join("\\n") + "\\n"));',
    );
    const args = ["--require", probe, goesc, "-m", "x.go"];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: work, env, encoding: "utf8" });
    expect(stdout).toBe(text);
    const loaded = new Set(stderr.split("\n"));
    expect(loaded).toContain("NativeModule fs");
    for (const name of ["net", "tty", "child_process"]) expect(loaded).not.toContain(`NativeModule ${name}`);
  });

  it("ends without a word when its reader goes away", async () => {
    const child = spawn(process.execPath, [goesc, "-m", "x.go"], { cwd: work, env, stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (bytes) => {
      errors += bytes;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, errors]).toEqual([0, ""]);
  });

  it.skipIf(process.platform === "win32")("waits for a pipe that does not block", async () => {
    const pipe = join(work, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const child = spawn(process.execPath, [goesc, "-m", "x.go"], { cwd: work, env, stdio: ["ignore", fd, "inherit"] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const buffer = Buffer.alloc(1 << 14);
    let read = "";
    while (read.length < text.length) {
      await setTimeout(1);
      try {
        read += buffer.toString("utf8", 0, readSync(fd, buffer));
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe("EAGAIN");
      }
    }
    expect(await ended).toBe(0);
    closeSync(fd);
    expect(read).toBe(text);
  });
});
