import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { check } from "./checker.ts";

// Each errors/NAME.go is wrong in many ways; NAME.want is what `go tool compile -e` of Go 1.26 says of it.
const dir = new URL("./errors/", import.meta.url);

for (const file of readdirSync(dir).filter((name) => name.endsWith(".go"))) {
  test(`${file}: the compiler's errors, texts and places`, () => {
    const { errors } = check(readFileSync(new URL(file, dir), "utf8"), { complete: true });
    const want = readFileSync(new URL(file.replace(".go", ".want"), dir), "utf8");
    const got = errors.map((line) => `${file}:${line}\n`).join("");
    expect(got.replaceAll("p.go:", `${file}:`)).toBe(want);
  });
}
