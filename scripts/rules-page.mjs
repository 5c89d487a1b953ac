// Writes docs/rules.md, the help page of the rules that diagnostics name (src/report/rules.ts).
// Run it as: node scripts/rules-page.mjs
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { outputFiles } = await build({
  entryPoints: [join(root, "src", "report", "rules.ts")],
  bundle: true,
  format: "esm",
  write: false,
});
const { rules } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
const sections = rules.map(({ id, text, instead }) => {
  const advice = instead === "" ? "" : `\n\n${instead}`;
  return `## ${id}\n\n${text}${advice}\n\nExample: [examples/${id}.go](../examples/${id}.go)\n`;
});
const head = `# Rules

What is behind a verdict of the escape analysis. Each rule has a program that shows it; \`goesc explain FILE.go:LINE\` tells
which rules are behind a value, step by step. Written by \`node scripts/rules-page.mjs\`.
`;
writeFileSync(join(root, "docs", "rules.md"), `${head}\n${sections.join("\n")}`);
