/** `goesc almost`: functions just over the inlining budget, and what inlining them would take off the heap. */
import { formatPosition } from "../base/pos.ts";
import { packageHeader, rewriteOutput } from "../load/display.ts";
import type { LoadedPackage } from "../load/package.ts";
import { type AlmostInlined, almostInlined } from "../report/almost.ts";
import type { Scene } from "../report/explain/scene.ts";
import { plural } from "../report/formats/text.ts";
import { openRequest } from "./run.ts";
import type { Settings } from "./settings.ts";
import { Workbench } from "./workbench.ts";

/** So many functions of a package are tried. */
const maxTried = 100;

/** Returns the exit code. */
export async function runAlmost(settings: Settings): Promise<number> {
  const request = openRequest(settings);
  if (request.load.errors.length > 0) return 1;
  const bench = await Workbench.open(request);
  if (typeof bench === "string") {
    process.stderr.write(bench);
    return 1;
  }
  const none = new Map<string, Uint8Array>();
  for (const pkg of request.load.requested) {
    if (pkg.goFiles.length === 0) continue;
    const examine = (assumed: ReadonlySet<string>): Scene | string =>
      bench.examine(pkg, none, { assumed, optLog: true });
    const scene = examine(new Set());
    if (typeof scene === "string") {
      process.stderr.write(packageHeader(pkg.importPath) + scene);
      return 1;
    }
    const found = almostInlined(scene, settings.within, maxTried, examine);
    if (found.length === 0) continue;
    const text = settings.json ? records(scene, pkg, found) : lines(scene, found);
    const header = settings.json ? "" : packageHeader(pkg.importPath);
    process.stdout.write(header + (settings.json ? text : rewriteOutput(request.host, pkg.dir, text)));
  }
  return 0;
}

function lines(scene: Scene, found: readonly AlmostInlined[]): string {
  const { fset } = scene.session;
  let text = "";
  for (const { func, pos, cost, budget, calls, gone, added } of found) {
    const over = cost - budget;
    const where = calls > 0 ? `; ${plural(calls, "call")} of it here` : "";
    const saved = gone.length > 0 ? `; inlined, ${plural(gone.length, "value")} would leave the heap` : "";
    const more = added.length > 0 ? `, ${added.length} would come to it` : "";
    text += `${formatPosition(fset.position(pos))}: ${func} costs ${cost}, ${over} over the budget of ${budget}${where}${saved}${more}\n`;
    for (const key of gone) text += `    - ${key}\n`;
    for (const key of added) text += `    + ${key}\n`;
  }
  return text;
}

function records(scene: Scene, pkg: LoadedPackage, found: readonly AlmostInlined[]): string {
  return found
    .map(({ func, pos, cost, budget, calls, gone, added }) => {
      const { filename, line, col } = scene.session.fset.absolute(pos);
      const record = { package: pkg.importPath, file: filename, line, col, func, cost, budget, calls, gone, added };
      return `${JSON.stringify(record)}\n`;
    })
    .join("");
}
