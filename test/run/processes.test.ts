/** Programs that start others, or themselves. `main.want` is what the real binary prints. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = join(dirname(fileURLToPath(import.meta.url)), "processes");
const goesc = join(here, "..", "..", "..", "dist", "goesc.js");
const dir = mkdtempSync(join(tmpdir(), "goesc-processes-"));
afterAll(() => rmSync(dir, { recursive: true }));

function run(
  args: readonly string[],
  cwd = here,
  input = "",
): { stdout: string; stderr: string; status: number | null } {
  // Another directory for temporary files shows what is left there.
  const env = { ...process.env, TMPDIR: dir };
  return spawnSync(process.execPath, [goesc, ...args], { cwd, env, encoding: "utf8", input, timeout: 240_000 });
}

describe.skipIf(findGoroot() === null || !existsSync(goesc))(
  "programs that start processes",
  { timeout: 300_000 },
  () => {
    it("agree with the real binary", () => {
      const { stdout, stderr, status } = run(["run", "main.go"]);
      expect(stderr).toBe("");
      expect(stdout).toBe(readFileSync(join(here, "main.want"), "utf8"));
      expect(status).toBe(9);
      expect(readdirSync(dir)).toEqual([]);
    });

    it("leave them what they have not read", () => {
      const { stdout, stderr } = run(["run", "main.go", "input"], here, "one\ntwo\nthree\nfour\n");
      expect([stdout, stderr]).toEqual(["one\ntwo\n<nil>\nthree\nfour\n<nil>\n0 EOF\n", ""]);
    });

    it("may end before their children", () => {
      const { stdout, stderr } = run(["run", "main.go", "leave"]);
      expect([stdout, stderr]).toEqual(["left alone\n", ""]);
    });

    it("may not in a sandbox", () => {
      const file = join(dir, "start.go");
      writeFileSync(
        file,
        'package main\nimport ("fmt"; "syscall")\nfunc main() { fmt.Println(syscall.ForkExec("/bin/true", []string{"true"}, nil)) }\n',
      );
      const { stdout, stderr } = run(["run", "-sandbox", file]);
      rmSync(file);
      expect(stderr).toBe("");
      expect(stdout).toBe("0 operation not permitted\n");
    });

    it("lose no signal that came before they stopped to want it", () => {
      const file = join(dir, "stop.go");
      writeFileSync(
        file,
        `package main
import ("fmt"; "os"; "os/signal"; "syscall")
func main() {
	c := make(chan os.Signal, 1)
	for range 3 {
		signal.Notify(c, syscall.SIGINT)
		syscall.Kill(os.Getpid(), syscall.SIGINT)
		signal.Stop(c)
		fmt.Println(<-c)
	}
}
`,
      );
      const { stdout, stderr } = run(["run", file]);
      rmSync(file);
      expect(stderr).toBe("");
      expect(stdout).toBe("interrupt\n".repeat(3));
    });

    it("are tests, too", () => {
      const { stdout, status } = run(["test", "-v", "."], join(here, "selfstart"));
      expect(stdout.replace(/\d+\.\d+s/g, "T")).toBe(readFileSync(join(here, "selfstart", "tests.want"), "utf8"));
      expect(status).toBe(0);
    });
  },
);
