import { expect, it } from "vitest";
import { parseGcflags } from "../../src/cli/args.ts";
import { findGoroot } from "../goroot.ts";
import { printed } from "./printed.ts";
import { twoPackages } from "./two-packages.ts";

const module = twoPackages("all");

async function linesOf(gcflags: string): Promise<string[]> {
  const said = Object.entries(await printed(module.dir, gcflags, ["."]));
  return said.map(([path, text]) => `${path}: ${text.slice(text.indexOf(":") + 1)}`);
}

it.skipIf(findGoroot() === null)("an imported package prints again", async () => {
  expect(parseGcflags("all=-m -l").pattern).toBe("all");
  const want = ["ex.com/a/b: 3:29: new(int) escapes to heap\n"];
  expect(await linesOf("all=-m -l")).toEqual(want);
  expect(await linesOf("all=-m -l")).toEqual(want);
});
