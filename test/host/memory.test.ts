/** What a process that runs a program gives back or does not take (host/memory.ts). */
import { spawnSync } from "node:child_process";
import { buildSync } from "esbuild";
import { expect, it } from "vitest";

/** What a process prints that runs this, with the functions of memory.ts. */
function run(contents: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents: `import * as memory from "./src/host/memory.ts";\n${contents}`, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
  });
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", outputFiles[0].text], { encoding: "utf8" });
  return stdout + stderr;
}

it("stops making room for new objects", () => {
  const text = run(`
    import { getHeapSpaceStatistics } from "node:v8";
    const room = () => getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size;
    const fill = () => { const kept = []; for (let i = 0; i < 1e6; i++) kept.push({ i }); return kept.length; };
    memory.inLittleRoom(async () => {
      fill();
      const before = room();
      fill();
      console.log(room() === before);
      return before;
    }).then((before) => {
      fill();
      console.log(room() > before);
    });`);
  expect(text).toBe("true\ntrue\n");
});

it("leaves the flags as they were", () => {
  const text = run(`
    import { cachedDataVersionTag } from "node:v8";
    const before = cachedDataVersionTag();
    memory.giveBackSoon();
    memory.inLittleRoom(async () => {}).then(() => {
      setTimeout(() => console.log(cachedDataVersionTag() === before), 200);
    });`);
  expect(text).toBe("true\n");
});

it("collects while a program runs on", () => {
  const text = run(`
    const garbage = new WeakRef(new Array(1000));
    memory.giveBackSoon();
    setTimeout(() => console.log(garbage.deref() === undefined), 400);`);
  expect(text).toBe("true\n");
});
