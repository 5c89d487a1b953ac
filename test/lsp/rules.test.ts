/** The help page that diagnostics point to has a section for every rule. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { rules } from "../../src/report/rules.ts";

it("docs/rules.md has the texts of all rules", () => {
  const page = readFileSync("docs/rules.md", "utf8");
  for (const { id, text, instead } of rules) {
    expect(page).toContain(`## ${id}\n\n${text}\n\n${instead}`.trimEnd());
  }
});
