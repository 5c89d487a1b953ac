/** What the formats for people share: sentences about findings, and the plain-text report. */
import { compareText, countBy, type Finding, type Rendered, type Report } from "../findings/model.ts";
import { groupOf, kindOf } from "../remark.ts";
import { ruleById } from "../rules.ts";

/** `x.go:5:2`. */
export function placeText({ range, at }: Finding): string {
  return `${range.file}:${at.line}:${at.col}`;
}

/** What is known beside the message: `in (*T).encode, 16 bytes, in 2 loops`. */
export function details({ func, size, loopDepth, count, profiled }: Finding): string {
  const parts: string[] = [];
  if (func !== "") parts.push(`in ${func}`);
  if (size >= 0) parts.push(size === 0 ? "allocates nothing" : bytes(size));
  if (loopDepth > 0) parts.push(loopDepth === 1 ? "in a loop" : `in ${loopDepth} loops`);
  if (count > 1) parts.push(`in ${count} instances`);
  if (profiled >= 0) parts.push(`${bytes(profiled)} in the profile`);
  return parts.join(", ");
}

export function bytes(n: number): string {
  return n === 1 ? "1 byte" : `${n} bytes`;
}

export function plural(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

/** The rule's text, and what to do instead. */
export function ruleText(id: string): { text: string; instead: string } {
  const rule = ruleById(id);
  if (rule !== null) return { text: rule.text, instead: rule.instead };
  return { text: otherRules.get(id) ?? "A value is on the heap.", instead: "" };
}

const otherRules: ReadonlyMap<string, string> = new Map([
  ["promise-noescape", "A value that was promised to stay is on the heap."],
  ["promise-noalloc", "A function that was promised not to allocate may do so."],
  ["promise-allocs", "A function allocates more often than was promised."],
  ["promise-inline", "A call that was promised to be inlined is not."],
  ["promise-unknown", "A promise that cannot be checked."],
  ["stay", "A value is on the stack."],
  ["inline", "What is inlined, and what can be."],
  ["budget", "More values are on the heap than the budget allows."],
  ["not-analysed", "The source has an error, so that nothing can be said about it."],
]);

/** Whether the level of a finding is one that a check fails for. */
export function isFailing({ level }: Finding): boolean {
  return level !== "note";
}

/** One line about all of it: what was looked at, and what was found. */
export function headline(report: Report): string {
  const { findings, packages, failures, promises } = report;
  const failing = findings.filter(isFailing).length;
  const notes = findings.filter((f) => f.level === "note" && !f.rule.startsWith("promise-"));
  const values = notes.filter((f) => groupOf(kindOf(f.message)) === "escape").length;
  const parts: string[] = [];
  if (failing > 0) parts.push(plural(failing, "finding"));
  if (values > 0) parts.push(`${plural(values, "value")} on the heap`);
  if (notes.length > values) parts.push(plural(notes.length - values, "remark"));
  if (promises > 0) parts.push(`${plural(promises, "promise")} checked`);
  const found = parts.length === 0 ? "nothing found" : parts.join(", ");
  const where = plural(packages.length, "package");
  const failed = failures.length === 0 ? "" : `; ${plural(failures.length, "package")} could not be analysed`;
  if (packages.length > 0) return `${found} in ${where}${failed}`;
  return failures.length > 0
    ? `nothing could be analysed: ${plural(failures.length, "package")} failed`
    : "nothing was analysed: there are no packages";
}

/** Functions with the most findings. */
export function hotSpots(findings: readonly Finding[], max: number): { name: string; place: string; count: number }[] {
  const groups = countBy(findings, (f) => `${f.package}\0${f.func || f.range.file}`);
  return groups.slice(0, max).map(([key, count]) => {
    const [pkg, name] = key.split("\0");
    const own = findings.filter((f) => f.package === pkg && (f.func || f.range.file) === name);
    const [first] = own.sort((a, b) => compareText(a.range.file, b.range.file) || a.range.line - b.range.line);
    return { name: `${pkg}.${name}`, place: `${first.range.file}:${first.range.line}`, count };
  });
}

export function textReport(report: Report): Rendered {
  const { findings, failures } = report;
  const lines = [`goesc: ${headline(report)}`];
  for (const failure of failures) lines.push("", `# ${failure.package}`, failure.text.trimEnd());
  if (findings.length > 0) {
    lines.push("", "Causes");
    for (const [rule, count] of countBy(findings, (f) => f.rule))
      lines.push(`${String(count).padStart(6)}  ${rule.padEnd(24)} ${ruleText(rule).text}`.trimEnd());
    lines.push("", "Hot spots");
    for (const spot of hotSpots(findings, 10))
      lines.push(`${String(spot.count).padStart(6)}  ${spot.name}  ${spot.place}`);
    lines.push("", "Findings, what costs most first");
    for (const finding of findings) {
      const more = details(finding);
      lines.push(`${placeText(finding)}: ${finding.message}${more === "" ? "" : ` (${more})`}`);
      for (const { text, range, depth } of [...finding.flow, ...finding.related]) {
        const where = range === null ? "" : `${range.file}:${range.line}:${range.col}: `;
        lines.push(`${"    ".repeat(depth + 1)}${where}${text}`);
      }
      for (const fix of finding.fixes) {
        const mind = fix.note === "" ? "" : ` Mind: ${fix.note}`;
        lines.push(`    fix: ${fix.title} It removes ${fix.removes} and adds ${fix.adds}.${mind}`);
      }
    }
  }
  return { text: `${lines.join("\n")}\n`, note: "" };
}

/** `file:line:col: message`, as compilers print. */
export function unix({ findings }: Report): Rendered {
  const lines = findings.map((f) => `${placeText(f)}: ${f.message}\n`);
  return { text: lines.join(""), note: "" };
}
