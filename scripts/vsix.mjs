// Builds the VS Code extension, for the desktop and for the web, into dist/goesc.vsix (or a folder given as argument).
// A .vsix is a zip archive with a manifest; it is written here, so that nothing else has to be installed.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { zipSync } from "fflate";
import { webStd } from "./web-std.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const extension = join(root, "editors", "vscode");
const target = process.argv[2] ?? join(root, "dist");
const out = join(target, "vscode");
const manifest = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "dist"), { recursive: true });
const common = { bundle: true, minify: true, logLevel: "warning", define: { GOESC_VERSION: JSON.stringify(version) } };
const entry = (...path) => [join(root, ...path)];
const file = (name) => join(out, "dist", name);
const node = { ...common, platform: "node", target: "node20" };
const browser = { ...common, platform: "browser", target: "es2022" };
const vscode = { format: "cjs", external: ["vscode"] };
await Promise.all([
  build({
    ...node,
    ...vscode,
    entryPoints: entry("editors", "vscode", "src", "desktop.ts"),
    outfile: file("desktop.js"),
  }),
  build({ ...browser, ...vscode, entryPoints: entry("editors", "vscode", "src", "web.ts"), outfile: file("web.js") }),
  build({ ...browser, format: "iife", entryPoints: entry("src", "lsp", "browser.ts"), outfile: file("web-server.js") }),
  build({
    ...node,
    format: "esm",
    entryPoints: entry("src", "lsp", "bin.ts"),
    outfile: file("goesc-lsp.mjs"),
    banner: {
      js: 'import { createRequire as goescRequire } from "node:module"; const require = goescRequire(import.meta.url);',
    },
  }),
]);
writeFileSync(
  file("goesc-lsp-start.mjs"),
  `import { serve } from "./goesc-lsp.mjs";\nserve(${JSON.stringify(version)});\n`,
);
const std = join(root, "assets", "std.bin");
if (existsSync(std)) {
  copyFileSync(std, file("std.bin"));
  writeFileSync(file("std-web.bin"), webStd(std));
}
copyFileSync(join(extension, "README.md"), join(out, "README.md"));
// Content types go by file extensions.
copyFileSync(join(extension, "LICENSE"), join(out, "LICENSE.txt"));
mkdirSync(join(out, "media"), { recursive: true });
for (const name of readdirSync(join(extension, "media")))
  copyFileSync(join(extension, "media", name), join(out, "media", name));
mkdirSync(join(out, "docs"), { recursive: true });
const rules = join(root, "docs", "rules.md");
if (existsSync(rules)) copyFileSync(rules, join(out, "docs", "rules.md"));
writeFileSync(join(out, "package.json"), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);

const files = {};
for (const name of readdirSync(out, { recursive: true, withFileTypes: true })) {
  if (!name.isFile()) continue;
  const path = join(name.parentPath, name.name);
  files[`extension${path.slice(out.length).replaceAll("\\", "/")}`] = readFileSync(path);
}
const encoder = new TextEncoder();
files["extension.vsixmanifest"] = encoder.encode(vsixManifest());
files["[Content_Types].xml"] = encoder.encode(contentTypes(Object.keys(files)));
const vsix = join(target, "goesc.vsix");
writeFileSync(vsix, zipSync(files, { level: 9 }));
console.log(`${vsix}: ${(readFileSync(vsix).length / 1e6).toFixed(1)} MB, ${Object.keys(files).length} files`);

function xml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function vsixManifest() {
  const { name, publisher, displayName, description, categories, keywords, engines } = manifest;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}" />
    <DisplayName>${xml(displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(description)}</Description>
    <Tags>${[...keywords, "__web_extension"].map(xml).join(",")}</Tags>
    <Categories>${categories.map(xml).join(",")}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${xml(engines.vscode)}" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace,web" />
      <Property Id="Microsoft.VisualStudio.Code.ExecutesCode" Value="true" />
      <Property Id="Microsoft.VisualStudio.Services.GitHubFlavoredMarkdown" Value="true" />
      <Property Id="Microsoft.VisualStudio.Services.Content.Pricing" Value="Free" />
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code" /></Installation>
  <Dependencies />
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true" />
  </Assets>
</PackageManifest>
`;
}

function contentTypes(names) {
  const types = {
    json: "application/json",
    js: "application/javascript",
    mjs: "application/javascript",
    md: "text/markdown",
    svg: "image/svg+xml",
    txt: "text/plain",
    vsixmanifest: "text/xml",
  };
  const extensions = new Set(names.map((name) => (name.includes(".") ? name.slice(name.lastIndexOf(".") + 1) : "")));
  const list = [...extensions].filter((ext) => ext !== "" && ext !== "xml");
  const defaults = list.map(
    (ext) => `<Default Extension=".${ext}" ContentType="${types[ext] ?? "application/octet-stream"}" />`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults.join("")}</Types>
`;
}
