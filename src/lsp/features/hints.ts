/** Inlay hints behind values (`heap 16 B`, `stack`, `leaks to ~r0`), and a lens above each function. */
import { type CodeLens, type InlayHint, MarkupKind, type Range } from "vscode-languageserver";
import { type Document, placed } from "../documents.ts";
import type { HintLevel } from "../settings.ts";
import type { Encoding } from "../text.ts";
import { type Placed, placedFindings, placedIn, profiledBytes, ruleText, shortText } from "./findings.ts";
import { bytesText, type ProfileOverlay } from "./profile.ts";

export interface HintContext {
  readonly level: HintLevel;
  readonly encoding: Encoding;
  readonly profile: ProfileOverlay | null;
  /** Where the help pages are: `BASE#rule`; "" for nowhere. */
  readonly help: string;
  /** Those of the client's own that may be named. */
  readonly clientCommands: ReadonlySet<string>;
}

export function inlayHints(document: Document, range: Range, context: HintContext): InlayHint[] {
  const { level, encoding, profile, help, clientCommands } = context;
  const explain = clientCommands.has("goesc.showExplanation") ? "goesc.showExplanation" : "goesc.explain";
  if (level === "off") return [];
  const { text, uri } = document;
  const from = text.offsetAt(range.start, encoding);
  const to = text.offsetAt(range.end, encoding);
  const hints: InlayHint[] = [];
  const seen = new Set<string>();
  for (const found of placedFindings(document, { start: from, end: to })) {
    if (found.end < from || found.end > to) continue;
    const bytes = profiledBytes(document, profile, found);
    if (!isShown(found, bytes, level)) continue;
    const { finding, flow } = found;
    const short = shortText(finding);
    const key = `${found.end} ${short}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const rule = ruleText(finding.rule);
    const lines = [`\`${finding.message}\``];
    if (bytes > 0 && profile !== null) lines.push(profile.words(bytes));
    if (finding.rule !== "" && help !== "") lines.push(`[${finding.rule}](${help}#${finding.rule})`);
    if (rule !== "") lines.push(rule);
    const position = text.positionAt(found.end, encoding);
    // A click leads to the next step on the way to the heap.
    const next = flow.find((step) => step.start !== found.start) ?? found;
    hints.push({
      position,
      label: [
        {
          value: bytes > 0 ? `${short} · ${bytesText(bytes)} profiled` : short,
          tooltip: { kind: MarkupKind.Markdown, value: lines.join("\n\n") },
          location: { uri, range: text.range(next, encoding) },
          command: {
            title: "Explain",
            command: explain,
            arguments: [{ uri, position: text.positionAt(found.start, encoding) }],
          },
        },
      ],
      paddingLeft: true,
    });
  }
  return hints;
}

function isShown({ group, finding }: Placed, profiled: number, level: HintLevel): boolean {
  switch (level) {
    case "off":
      return false;
    case "hot":
      return group === "escape" && finding.size !== 0 && (finding.loopDepth > 0 || profiled > 0);
    case "escapes":
      return group === "escape";
    case "all":
      return group !== "inline";
  }
}

/** What the compiler's inliner spends on a function at most. */
const inlineBudget = 80;

/** `clientCommands` are those of the client's own that lenses may name. */
export function codeLenses(
  document: Document,
  encoding: Encoding,
  profile: ProfileOverlay | null,
  clientCommands: ReadonlySet<string>,
): CodeLens[] {
  const lenses: CodeLens[] = [];
  const { change, text, uri } = document;
  for (const fn of document.decided?.view.functions ?? []) {
    if (!fn.isFunction) continue;
    const at = placed({ start: fn.start, end: fn.start }, change);
    if (at === null) continue;
    let escapes = 0;
    let bytes = 0;
    let isExact = true;
    for (const { kind, size } of fn.findings ?? []) {
      if (kind !== "moved" && kind !== "escapes") continue;
      escapes++;
      if (size < 0) isExact = false;
      else bytes += size;
    }
    const parts = [escapes === 0 ? "no escapes" : escapes === 1 ? "1 escape" : `${escapes} escapes`];
    if (escapes > 0) parts.push(`${isExact ? "" : "≥ "}${bytes} B`);
    if (profile !== null) {
      const profiled = profiledBelow(document, profile, placedIn(fn, change));
      if (profiled > 0) parts.push(profile.words(profiled));
    }
    parts.push(fn.inlineCost === null ? "not inlined" : `inlinable (cost ${fn.inlineCost} of ${inlineBudget})`);
    if (!fn.isFresh) parts.push("before the last edits");
    const position = text.positionAt(at.start, encoding);
    const range = { start: position, end: position };
    const lens = (title: string, command: string): void => {
      lenses.push({ range, command: { title, command, arguments: [{ uri, position }] } });
    };
    lens(parts.join(" · "), "goesc.showGraph");
    if (escapes > 0 && clientCommands.has("goesc.showExplanation")) lens("Explain", "goesc.showExplanation");
    const isMain = fn.name === "main" && clientCommands.has("goesc.run");
    if (isMain && /^package\s+main\b/m.test(text.slice(0, text.bytes.length))) lens("Run", "goesc.run");
  }
  return lenses;
}

/** What a profile has at the lines of a function, each of them once. */
function profiledBelow(document: Document, profile: ProfileOverlay, found: readonly Placed[]): number {
  const lines = new Map<string, number>();
  for (const value of found) {
    const bytes = profiledBytes(document, profile, value);
    const { inner, at, start } = value.finding;
    const line = document.text.lineAt(value.start + at - start);
    if (bytes > 0) lines.set(`${line} ${inner?.file} ${inner?.line}`, bytes);
  }
  let sum = 0;
  for (const bytes of lines.values()) sum += bytes;
  return sum;
}
