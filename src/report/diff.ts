/** What changed between two analyses: values that came to the heap, left it, or went to another function. A value is
 *  known by its package, its function and the text of the message, so that moving lines changes nothing; where the
 *  functions are not known (saved text), its file stands for them. */

/** What of a remark counts for comparisons. */
export interface Finding {
  readonly package: string;
  /** "" if it is not known. */
  readonly func: string;
  /** Relative name, or as it was saved. */
  readonly file: string;
  /** 0 if it is not known. */
  readonly line: number;
  readonly col: number;
  readonly text: string;
}

export interface Moved {
  readonly from: Finding;
  readonly to: Finding;
}

export interface Changes {
  readonly added: readonly Finding[];
  readonly gone: readonly Finding[];
  /** The same message, in another function of the package. */
  readonly moved: readonly Moved[];
}

const heapMessage = /^moved to heap: | escapes to heap$/;

export function compareFindings(before: readonly Finding[], after: readonly Finding[]): Changes {
  const byFunction = [...before, ...after].every((finding) => finding.func !== "");
  const key = ({ package: pkg, func, file, text }: Finding): string =>
    `${pkg}\0${byFunction ? func : file.replace(/^.*[/\\]/, "")}\0${text}`;
  const gone = surplus(before, after, key);
  const added = surplus(after, before, key);
  const moved: Moved[] = [];
  const arrivals = [...added];
  const departures = gone.filter((from) => {
    const at = arrivals.findIndex((to) => to.package === from.package && to.text === from.text);
    if (at < 0) return true;
    moved.push({ from, to: arrivals[at] });
    arrivals.splice(at, 1);
    return false;
  });
  return { added: arrivals, gone: departures, moved };
}

/** Those of `a` that have no counterpart in `b`: of several with one key the last ones. */
function surplus(a: readonly Finding[], b: readonly Finding[], key: (finding: Finding) => string): Finding[] {
  const counts = new Map<string, number>();
  for (const finding of b) counts.set(key(finding), (counts.get(key(finding)) ?? 0) + 1);
  return a.filter((finding) => {
    const left = counts.get(key(finding)) ?? 0;
    counts.set(key(finding), left - 1);
    return left <= 0;
  });
}

export function changesText({ added, gone, moved }: Changes): string {
  const place = ({ package: pkg, file, line, col }: Finding): string => {
    if (line === 0) return file === "" ? pkg : file;
    return col === 0 ? `${file}:${line}` : `${file}:${line}:${col}`;
  };
  const where = (finding: Finding): string => (finding.func === "" ? "" : ` (in ${finding.func})`);
  const lines: string[] = [];
  for (const finding of added) lines.push(`new    ${place(finding)}: ${finding.text}${where(finding)}`);
  for (const finding of gone) lines.push(`gone   ${place(finding)}: ${finding.text}${where(finding)}`);
  for (const { from, to } of moved) {
    lines.push(`moved  ${place(to)}: ${to.text}${where(to)}, before in ${from.func === "" ? place(from) : from.func}`);
  }
  lines.push(`${added.length} new, ${gone.length} gone, ${moved.length} moved`);
  return `${lines.join("\n")}\n`;
}

/** One JSON record a line, `change` first. */
export function changesJson({ added, gone, moved }: Changes): string {
  const record = (change: string, finding: Finding, more: object = {}) =>
    `${JSON.stringify({ change, ...finding, ...more })}\n`;
  return (
    added.map((finding) => record("new", finding)).join("") +
    gone.map((finding) => record("gone", finding)).join("") +
    moved.map(({ from, to }) => record("moved", to, { from: from.func || from.file })).join("")
  );
}

/** The values on the heap in saved output, of `-json` or as text; null if it is neither. */
export function readFindings(text: string): Finding[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  if (lines.length === 0) return [];
  return lines[0].startsWith("{") ? readJson(lines) : readText(lines);
}

function readJson(lines: readonly string[]): Finding[] | null {
  const findings: Finding[] = [];
  for (const line of lines) {
    let record: Record<string, unknown>;
    try {
      record = JSON.parse(line) as Record<string, unknown>;
    } catch {
      return null;
    }
    const { package: pkg, func, file, line: at, col, text } = record;
    if (typeof pkg !== "string" || typeof text !== "string") return null;
    if (!heapMessage.test(text)) continue;
    findings.push({
      package: pkg,
      func: typeof func === "string" ? func : "",
      file: typeof file === "string" ? file : "",
      line: typeof at === "number" ? at : 0,
      col: typeof col === "number" ? col : 0,
      text,
    });
  }
  return findings;
}

function readText(lines: readonly string[]): Finding[] | null {
  const findings: Finding[] = [];
  let pkg = "";
  let known = false;
  for (const line of lines) {
    if (line.startsWith("# ")) {
      pkg = line.slice(2);
      known = true;
      continue;
    }
    const match = /^(.+?):(\d+)(?::(\d+))?: (.*)$/.exec(line);
    if (match === null) continue;
    known = true;
    const [, file, at, col, text] = match;
    if (!heapMessage.test(text)) continue;
    findings.push({ package: pkg, func: "", file, line: Number(at), col: Number(col ?? 0), text });
  }
  return known ? findings : null;
}

/** A baseline: records without places, so that it only changes when a value does. */
export function baselineText(findings: readonly Finding[]): string {
  const lines = findings.map(({ package: pkg, func, file, text }) =>
    JSON.stringify({ package: pkg, func, file, text }),
  );
  return lines
    .sort()
    .map((line) => `${line}\n`)
    .join("");
}
