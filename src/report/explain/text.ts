/** Decisions as text for people. */
import { formatPosition, NoPos, type Pos } from "../../base/pos.ts";
import { unifiedDiff } from "../fix/edits.ts";
import type { Rule } from "../rules.ts";
import type { Decision } from "./decisions.ts";
import { Excerpts } from "./excerpt.ts";
import type { Offer } from "./offers.ts";
import type { Scene } from "./scene.ts";
import type { Step } from "./story.ts";

export class ExplainText {
  private readonly excerpts = new Excerpts();
  private readonly rulesTold = new Set<Rule>();

  /** Paragraphs about one decision. */
  decision(scene: Scene, decision: Decision): string {
    const { pos, headline, steps, rules } = decision;
    const lines = [`${this.place(scene, pos)}: ${headline}`];
    lines.push(...this.excerpts.of(scene, scene.session.fset.outermost(pos), ""), "");
    lines.push(...this.steps(steps, "", "  "));
    for (const rule of rules.slice(0, 2)) lines.push(...this.rule(rule));
    while (lines[lines.length - 1] === "") lines.pop();
    return `${lines.join("\n")}\n`;
  }

  /** What would help `decision`. An edit is shown where it helps first. */
  offers(scene: Scene, decision: Decision, offers: readonly Offer[]): string {
    const fresh = offers.filter(({ helps }) => helps[0] === decision);
    const lines: string[] = [];
    for (const { number, helps } of offers) {
      if (helps[0] === decision) continue;
      lines.push(
        ...wrap(`Edit ${number}, shown at ${this.place(scene, helps[0].pos)}, keeps it on the stack too.`, "  ", "  "),
      );
    }
    if (fresh.length > 0) lines.push("  What would keep it on the stack:");
    for (const { number, suggestion, helps } of fresh) {
      const { candidate, files, gone, added } = suggestion;
      const label = `  ${number}. `;
      const pad = " ".repeat(label.length);
      lines.push(...wrap(`${label}${candidate.title}`, "", pad));
      if (candidate.note !== "") lines.push(...wrap(`Mind: ${candidate.note}`, pad, pad));
      if (helps.length > 1) {
        const others = helps.slice(1).map(({ pos }) => this.place(scene, pos));
        lines.push(...wrap(`Helps here, and at ${others.join(", ")}.`, pad, pad));
      }
      if (gone.length > 0) lines.push(...wrap(`Also off the heap: ${gone.join("; ")}.`, pad, pad));
      if (added.length > 0) lines.push(...wrap(`New on the heap: ${added.join("; ")}.`, pad, pad));
      for (const [name, text] of files) {
        const diff = unifiedDiff(name, scene.session.host.readFile(name), text);
        for (const line of diff.trimEnd().split("\n")) lines.push(`${pad}${line}`.trimEnd());
      }
    }
    return `${lines.join("\n")}\n`;
  }

  /** There is nothing to suggest. */
  noSuggestion(reason: string): string {
    return `${wrap(`No edit is known that keeps it on the stack. ${reason}`, "  ", "  ").join("\n")}\n`;
  }

  private steps(steps: readonly Step[], number: string, indent: string): string[] {
    const lines: string[] = [];
    steps.forEach((step, i) => {
      const label = `${number}${i + 1}`;
      lines.push(...wrap(`${label}. ${step.text}`, indent, `${indent}${" ".repeat(label.length + 2)}`));
      const deeper = `${indent}${" ".repeat(label.length + 2)}`;
      const excerpt = step.pos === NoPos ? [] : this.excerpts.of(step.scene, step.pos, deeper);
      if (excerpt.length > 0) {
        const at = this.place(step.scene, step.pos);
        const inlined = step.inlinedAt === NoPos ? "" : `, inlined at ${this.place(step.scene, step.inlinedAt)}`;
        lines.push(`${deeper}${at}${inlined}`, ...excerpt);
      }
      lines.push(...this.steps(step.why, `${label}.`, `${indent}  `));
    });
    return lines;
  }

  private rule(rule: Rule): string[] {
    if (this.rulesTold.has(rule)) return [`  Rule ${rule.id}: see above.`];
    this.rulesTold.add(rule);
    const lines = wrap(`Rule ${rule.id}: ${rule.text}`, "  ", "    ");
    if (rule.instead !== "") lines.push(...wrap(rule.instead, "    ", "    "));
    lines.push(`    Example: examples/${rule.id}.go`);
    return lines;
  }

  private place(scene: Scene, pos: Pos): string {
    return formatPosition(scene.session.fset.position(pos));
  }
}

const textWidth = 100;

export function wrap(text: string, first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > textWidth) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
