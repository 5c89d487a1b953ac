/** `npm run fuzz:edits -- [--packages PATH,…] [--edits N] [--seed N] [--lines N] [--show]`
 *
 *  Edits packages of the standard library at random, as copies in a module, and has each state analysed twice: with what is
 *  known from before the edit (src/report/edit), and as a whole. Both have to say the same, and to leave summaries that
 *  say the same. Prints how many edits were analysed alone. */
import { parseArgs } from "node:util";
import { fuzzEdits } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    packages: { type: "string", default: "" },
    edits: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    lines: { type: "string", default: "20000" },
    show: { type: "boolean", default: false },
  },
});

const count = await fuzzEdits({
  patterns: values.packages === "" ? ["std"] : values.packages.split(","),
  edits: Number(values.edits),
  seed: Number(values.seed),
  lines: Number(values.lines),
  go: true,
  wrong: (where, difference, before, after) => {
    console.log(`${where}:\n  ${difference}`);
    if (values.show) console.log(`--- before\n${before}\n--- after\n${after}`);
  },
});
const { edits, alone, errors, wrong } = count;
console.log(`${edits} edits, ${alone} analysed alone, ${errors} with errors, ${wrong} wrong (seed ${values.seed})`);
process.exitCode = wrong > 0 ? 1 : 0;
