/** The reports of a run: the account of allocations, the heap profile. */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { RunOptions } from "../runtime/options.ts";
import { allocJson, allocTable, type ProfileSite, siteTotals, stackTotals } from "../runtime/profile.ts";
import type { BuiltProgram } from "./build-program.ts";

/** Writes what `-allocs` and `-memprofile` ask for; `counts` are those of the program's counters. */
export async function reportProfile(
  built: BuiltProgram,
  { allocs, allocsFile, memProfile, cwd }: RunOptions,
  profile: readonly ProfileSite[],
  counts: readonly (readonly [number, number])[],
): Promise<void> {
  const heap = built.remarks();
  const reasons = (file: string, line: number): string => heap.get(`${file}:${line}`) ?? "";
  if (allocs !== null) {
    const shorten = (file: string): string => {
      const rel = relative(cwd, file);
      return rel !== "" && !rel.startsWith("..") ? `./${rel}` : file.replace(/^.*\/src\/(?=[^/]+\/)/, "$GOROOT/src/");
    };
    const totals = siteTotals(profile);
    const stack = stackTotals(
      built.saved.map((counter, i) => ({ ...counter, times: counts[i][0], bytes: counts[i][1] })),
    );
    const text = allocs === "json" ? allocJson(totals, reasons, stack) : allocTable(totals, reasons, shorten, stack);
    if (allocsFile === "") process.stderr.write(text);
    else writeFileSync(allocsFile, text);
  }
  if (memProfile !== "") {
    const { heapProfile } = await import("../host/heap-profile.ts");
    writeFileSync(memProfile, heapProfile(profile, reasons));
  }
}
