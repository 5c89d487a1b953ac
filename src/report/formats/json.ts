/** The whole report as one JSON document, for programs that were written for goesc. */
import type { Rendered, Report } from "../findings/model.ts";

/** Raised when fields are removed or change their meaning. */
const schemaVersion = 1;

export function json({ tool, command, packages, findings, failures, promises }: Report): Rendered {
  const document = { schemaVersion, tool: { name: "goesc", ...tool }, command, packages, promises, failures, findings };
  return { text: `${JSON.stringify(document, null, 2)}\n`, note: "" };
}
