/** `npm run suggestions -- [-C DIR] PATTERN…`
 *
 *  For how many values on the heap `goesc explain` knows an edit that was proved to help, by rule: the rules with many
 *  values and few edits are where more edits would pay. */
import { parseArgs } from "node:util";
import { isMainThread } from "node:worker_threads";
import { serveAnalyses } from "../src/cli/analyze.ts";
import { openRequest } from "../src/cli/run.ts";
import { readSettings } from "../src/cli/settings.ts";
import { Workbench } from "../src/cli/workbench.ts";
import { heapRemarks } from "../src/report/explain/decisions.ts";
import { suggestions } from "../src/report/fix/suggest.ts";

interface Tally {
  values: number;
  helped: number;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { C: { type: "string", short: "C" }, list: { type: "boolean", default: false } },
  });
  const settings = readSettings({ m: "1", ...(values.C === undefined ? {} : { C: values.C }) }, positionals);
  const request = openRequest(settings);
  const bench = await Workbench.open(request);
  if (typeof bench === "string") {
    process.stderr.write(bench);
    process.exit(1);
  }
  const rules = new Map<string, Tally>();
  const total: Tally = { values: 0, helped: 0 };
  for (const pkg of request.load.requested) {
    const scene = bench.scene(pkg.importPath);
    if (scene === null) continue;
    const own: Tally = { values: 0, helped: 0 };
    const seen = new Set<string>();
    for (const remark of heapRemarks(scene)) {
      const key = `${remark.pos} ${remark.msg}`;
      if (remark.pos < 0 || seen.has(key)) continue;
      seen.add(key);
      const rule = scene.causes.of(remark)[0] ?? "other";
      const tally = rules.get(rule) ?? { values: 0, helped: 0 };
      rules.set(rule, tally);
      const helped = suggestions(scene, remark, (drafts) => bench.examine(pkg, drafts)).length > 0;
      for (const counter of [tally, own, total]) {
        counter.values++;
        if (helped) counter.helped++;
      }
      if (values.list && !helped) {
        const { filename, line, col } = scene.session.fset.position(remark.pos);
        console.log(`${filename}:${line}:${col}: ${remark.msg} (${rule})`);
      }
    }
    console.log(`${pkg.importPath}: ${own.helped} of ${own.values}`);
  }
  console.log("\nby rule:");
  for (const [rule, { helped, values: count }] of [...rules].sort((a, b) => b[1].values - a[1].values)) {
    console.log(`${String(helped).padStart(6)} of ${String(count).padStart(5)}  ${rule}`);
  }
  console.log(`\n${total.helped} of ${total.values} values on the heap have a proved suggestion`);
}

if (isMainThread) await main();
else serveAnalyses();
