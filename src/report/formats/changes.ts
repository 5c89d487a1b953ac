/** What changed between two analyses, as a comment on a pull request. */
import type { Changes, Finding } from "../diff.ts";
import type { Rendered } from "../findings/model.ts";
import { code, escapeMarkdown, markdownLimit } from "./tables.ts";
import { plural } from "./text.ts";

/** `from` and `to` are what was compared. */
export function changesMarkdown({ added, gone, moved }: Changes, from: string, to: string): Rendered {
  const mark = added.length > 0 ? "⚠️" : "✅";
  const head = `### ${mark} goesc: ${added.length} new on the heap, ${gone.length} gone, ${moved.length} moved\n\n${code(from)} → ${code(to)}\n`;
  const rows: string[] = [];
  const row = (what: string, { file, line, func, text }: Finding, more = ""): void => {
    const place = line === 0 ? file : `${file}:${line}`;
    rows.push(`| ${what} | ${code(place)} | ${escapeMarkdown(func)} | ${code(text)}${more} |\n`);
  };
  for (const finding of added) row("new", finding);
  for (const { from: before, to: after } of moved)
    row("moved", after, ` from ${escapeMarkdown(before.func || before.file)}`);
  for (const finding of gone) row("gone", finding);
  if (rows.length === 0) return { text: head, note: "" };
  let text = `${head}\n| | place | function | value |\n| --- | --- | --- | --- |\n`;
  let written = 0;
  for (const line of rows) {
    if (text.length + line.length > markdownLimit - 300) break;
    text += line;
    written++;
  }
  if (written === rows.length) return { text, note: "" };
  const left = `${plural(rows.length - written, "line")} of ${rows.length} left out`;
  return { text: `${text}\n${left}.\n`, note: `markdown: ${left}: a comment may have 65,536 characters` };
}
