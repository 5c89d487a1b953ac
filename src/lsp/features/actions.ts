/** Code actions: edits that were tried and keep a value on the stack. */
import { type CodeAction, CodeActionKind, type Diagnostic, type TextDocumentEdit } from "vscode-languageserver";
import type { FixView } from "../engine/model.ts";
import type { Encoding, Text } from "../text.ts";

export interface ActionContext {
  readonly encoding: Encoding;
  readonly diagnostics: readonly Diagnostic[];
  /** The text of a file and the version of its document; null for files that cannot be read. */
  readonly textOf: (
    file: string,
  ) => { readonly uri: string; readonly version: number | null; readonly text: Text } | null;
}

export function codeActions(fixes: readonly FixView[], context: ActionContext): CodeAction[] {
  const actions: CodeAction[] = [];
  for (const fix of fixes) {
    const changes = new Map<string, TextDocumentEdit>();
    let complete = true;
    for (const { file, start, end, text } of fix.edits) {
      const target = context.textOf(file);
      if (target === null) {
        complete = false;
        break;
      }
      const { uri, version } = target;
      const change = changes.get(uri) ?? { textDocument: { uri, version }, edits: [] };
      changes.set(uri, change);
      change.edits.push({ range: target.text.range({ start, end }, context.encoding), newText: text });
    }
    if (!complete) continue;
    const effect = `${fix.removes} off the heap${fix.adds > 0 ? `, ${fix.adds} new` : ""}`;
    const diagnostics = context.diagnostics.filter(({ message }) => String(message).startsWith(fix.message));
    actions.push({
      title: `${fix.title} (${effect}${fix.note === "" ? "" : `; ${fix.note}`})`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [...diagnostics],
      edit: { documentChanges: [...changes.values()] },
    });
  }
  return actions;
}
