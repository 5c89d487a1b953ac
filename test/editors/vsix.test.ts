/** The packed extension: what its manifest says is true, and what marketplaces and VS Code want of a .vsix is there. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { runnables } from "../../editors/vscode/src/runnables.ts";
import { diagnosticLevels, hintLevels, readServerSettings } from "../../src/lsp/settings.ts";
import { bundleCommand } from "../bundle.ts";

const root = process.cwd();
const dir = mkdtempSync(join(tmpdir(), "goesc-vsix-"));

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly displayName: string;
  readonly description: string;
  readonly engines: { readonly vscode: string };
  readonly main: string;
  readonly browser: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; title: string }[];
    readonly menus: Readonly<Record<string, readonly { command: string }[]>>;
    readonly views: Readonly<Record<string, readonly { id: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
    readonly problemMatchers: readonly {
      name: string;
      base?: string;
      pattern?: { regexp: string; file: number; line: number; column: number; message: number };
      background?: { beginsPattern: string; endsPattern: string };
    }[];
  };
}

interface Property {
  readonly type: string | string[];
  readonly default: unknown;
  readonly description: string;
  readonly enum?: readonly string[];
}

let files: Readonly<Record<string, Uint8Array>> = {};
let manifest: Manifest;
const text = (name: string): string => new TextDecoder().decode(files[name]);

beforeAll(() => {
  const made = spawnSync(process.execPath, [join(root, "scripts", "vsix.mjs"), dir], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  files = unzipSync(readFileSync(join(dir, "goesc.vsix")));
  manifest = JSON.parse(text("extension/package.json")) as Manifest;
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("the .vsix", () => {
  it("has a manifest whose assets are there, and a type for every file", () => {
    const xml = text("extension.vsixmanifest");
    const { name, publisher, version } = manifest;
    expect(xml).toContain(`<Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}" />`);
    const assets = [...xml.matchAll(/<Asset Type="([^"]+)" Path="([^"]+)"/g)];
    expect(assets.map(([, type]) => type)).toContain("Microsoft.VisualStudio.Code.Manifest");
    for (const [, , path] of assets) expect(Object.keys(files)).toContain(path);
    expect(xml).toContain(`Id="Microsoft.VisualStudio.Code.Engine" Value="${manifest.engines.vscode}"`);
    expect(xml).toContain("__web_extension");
    // As vsce packs it.
    for (const id of ["Code.ExtensionKind", "Code.ExecutesCode", "Services.GitHubFlavoredMarkdown"])
      expect(xml).toContain(`<Property Id="Microsoft.VisualStudio.${id}"`);
    const types = text("[Content_Types].xml");
    for (const path of Object.keys(files)) {
      if (path === "[Content_Types].xml") continue;
      expect(path).toMatch(/\.\w+$/);
      expect(types).toContain(`<Default Extension="${path.slice(path.lastIndexOf("."))}"`);
    }
  });

  it("holds what a package has to say", () => {
    expect(manifest.name).toMatch(/^[a-z0-9][a-z0-9-]*$/);
    expect(manifest.publisher).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9-]*$/);
    expect(manifest.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(manifest.engines.vscode).toMatch(/^\^\d+\.\d+\.\d+$/);
    expect(manifest.activationEvents.length).toBeGreaterThan(0);
    for (const entry of [manifest.main, manifest.browser])
      expect(Object.keys(files)).toContain(join("extension", entry));
    // A picture in the README would have to be on the web.
    expect(text("extension/README.md")).not.toMatch(/!\[|<img/);
    // Of the API no more is used than the oldest editor that it is for has.
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(devDependencies["@types/vscode"].replace("~", "^")).toBe(manifest.engines.vscode);
  });

  it("needs nothing but the editor: the web bundle no Node, neither any module", () => {
    const modules = (name: string) => [
      ...new Set([...text(name).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, module]) => module)),
    ];
    expect(modules("extension/dist/web.js")).toEqual(["vscode"]);
    expect(modules("extension/dist/web-server.js")).toEqual([]);
    const desktop = modules("extension/dist/desktop.js").filter((name) => name !== "vscode");
    const builtin = new Set(process.getBuiltinModule("node:module").builtinModules);
    expect(desktop.filter((name) => !builtin.has(name.replace(/^node:/, "")))).toEqual([]);
  });
});

describe("the packed server", () => {
  it("starts as the desktop starts it, and needs no Go", async () => {
    const at = join(dir, "installed");
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(at, name)), { recursive: true });
      writeFileSync(join(at, name), bytes);
    }
    const code = text("extension/dist/desktop.js");
    const start = /dist\/goesc-lsp-start\.mjs/.exec(code)![0];
    const child = spawn(process.execPath, [join(at, "extension", start), "--stdio"], {
      env: { ...process.env, GOROOT: "off", GOESC_CACHE: join(dir, "cache") },
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const published = new Promise<{ diagnostics: { message: string; codeDescription?: { href: string } }[] }>(
      (resolve) => {
        connection.onNotification("textDocument/publishDiagnostics", (params) => {
          if (params.diagnostics.length > 0) resolve(params);
        });
      },
    );
    connection.listen();
    const { serverInfo } = await connection.sendRequest<{ serverInfo: { version: string } }>("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
    });
    expect(serverInfo.version).toBe(manifest.version);
    await connection.sendNotification("initialized", {});
    const uri = pathToFileURL(join(dir, "x.go")).href;
    const source = 'package p\n\nimport "fmt"\n\nfunc f(n int) { fmt.Println(n) }\n';
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "go", version: 1, text: source },
    });
    const [found] = (await published).diagnostics;
    expect(found.message).toBe("n escapes to heap (8 B)");
    // The page with the rules is in the package.
    expect(existsSync(fileURLToPath(found.codeDescription!.href.replace(/#.*/, "")))).toBe(true);
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    expect(await ended).toBe(0);
    connection.dispose();
  });
});

describe("what it contributes", () => {
  const sources = readdirSync(join(root, "editors", "vscode", "src")).map((name) =>
    readFileSync(join(root, "editors", "vscode", "src", name), "utf8"),
  );
  const code = sources.join("\n");

  it("commands are those that it registers, and menus name them", () => {
    const registered = [...code.matchAll(/\b(?:command|registerCommand)\("([\w.]+)"/g)].map(([, name]) => name);
    const contributed = manifest.contributes.commands.map(({ command }) => command);
    expect([...contributed].sort()).toEqual(registered.sort());
    for (const entries of Object.values(manifest.contributes.menus))
      for (const { command } of entries) expect(contributed).toContain(command);
    const views = Object.values(manifest.contributes.views).flatMap((list) => list.map(({ id }) => id));
    for (const id of views) expect(code).toContain(`registerTreeDataProvider("${id}"`);
  });

  it("settings are those of the server, with its values and defaults, and those of the extension itself", () => {
    const { properties } = manifest.contributes.configuration;
    const names = Object.keys(properties).map((name) => name.replace(/^goesc\./, ""));
    const defaults = readServerSettings({});
    const server = { ...defaults, ...defaults.engine } as unknown as Record<string, unknown>;
    delete server.engine;
    expect(names).toEqual(expect.arrayContaining(Object.keys(server)));
    for (const name of names) {
      const { type, default: value, description } = properties[`goesc.${name}`];
      expect(description).toMatch(/\.$/);
      expect([name, type === undefined]).toEqual([name, false]);
      if (name in server) expect([name, value]).toEqual([name, server[name]]);
      else expect(code).toMatch(new RegExp(`"${name}"`));
    }
    expect(properties["goesc.diagnostics"].enum).toEqual(diagnosticLevels);
    expect(properties["goesc.hints"].enum).toEqual(hintLevels);
  });
});

describe("the line above what can be run", () => {
  it("is there for main, tests, benchmarks and examples, with what runs them", () => {
    const program = "// func main()\npackage main\n\nfunc main() {\n}\n\nfunc mainly() {}\n";
    expect(runnables("/m/x.go", program)).toEqual([
      { line: 3, title: "Run with allocation counts", args: ["run", "-allocs", "."] },
    ]);
    expect(runnables("/m/x.go", "package p\n\nfunc main() {}\n")).toEqual([]);
    const tests = `package p

func TestMain(m *testing.M) {}
func TestÄ(t *testing.T) {}
func TestA(t *testing.T) { broken
func Testify(t *testing.T) {}
func TestHelper(n int) {}
func (s suite) TestB(t *testing.T) {}
func BenchmarkA(b *testing.B) {
func ExampleF() {
`;
    const found = runnables("/m/x_test.go", tests).map(({ line, args }) => `${line}: ${args.join(" ")}`);
    expect(found).toEqual([
      "3: test -allocs -run ^TestÄ$ .",
      "4: test -allocs -run ^TestA$ .",
      "8: test -allocs -run ^$ -bench ^BenchmarkA$ .",
      "9: test -allocs -run ^ExampleF$ .",
    ]);
  });

  it("is left out of the bundle for the web", () => {
    expect(text("extension/dist/desktop.js")).toContain("Test with allocation counts");
    expect(text("extension/dist/web.js")).not.toContain("allocation counts");
  });
});

describe("problem matchers", () => {
  const work = join(dir, "m");
  let out = "";

  beforeAll(async () => {
    mkdirSync(join(work, "sub"), { recursive: true });
    writeFileSync(join(work, "go.mod"), "module example.com/m\n\ngo 1.26\n");
    writeFileSync(
      join(work, "x.go"),
      "package m\n\nfunc f() *int { return new(int) }\n\nfunc g() *int { x := 1; return &x }\n",
    );
    const far = `${" ".repeat(300)}return new(int)`; // the compiler has no such columns
    writeFileSync(join(work, "sub", "s.go"), `package sub\n\nfunc h() *int {\n${far}\n}\n`);
    const bundle = join(dir, "goesc.mjs");
    bundleCommand(bundle);
    const env = { ...process.env, GOESC_CACHE: join(dir, "cache"), GOROOT: "off", GOFLAGS: "", PWD: undefined };
    writeFileSync(join(dir, "std.bin"), readFileSync(join(root, "assets", "std.bin")));
    const options = { cwd: work, encoding: "utf8", env } as const;
    const once = spawnSync(process.execPath, [bundle, "-m", "./..."], options);
    out = once.stdout + once.stderr;
    // Ends with its first round.
    const watching = spawn(process.execPath, [bundle, "-m", "-watch", "./..."], { ...options, stdio: "pipe" });
    for await (const chunk of watching.stdout) {
      out += chunk;
      if (/^goesc: analysis ends.*\n/m.test(out)) break;
    }
    watching.kill();
  }, 60_000);

  it("find the values on the heap in the output of goesc, and nothing else", () => {
    const pattern = manifest.contributes.problemMatchers.find(({ name }) => name === "goesc")!.pattern!;
    const regexp = new RegExp(pattern.regexp);
    const found = out.split("\n").flatMap((line) => {
      const match = regexp.exec(line);
      return match === null ? [] : [[pattern.file, pattern.line, pattern.column, pattern.message].map((i) => match[i])];
    });
    const all = [
      ["x.go", "3", "27", "new(int) escapes to heap"],
      ["x.go", "5", "17", "moved to heap: x"],
      ["sub/s.go", "4", undefined, "new(int) escapes to heap"],
    ];
    expect(new Set(found.map((f) => JSON.stringify(f)))).toEqual(new Set(all.map((f) => JSON.stringify(f))));
  });

  it("know where a round of -watch begins and ends", () => {
    const { base, background } = manifest.contributes.problemMatchers.find(({ name }) => name === "goesc-watch")!;
    expect(base).toBe("$goesc");
    const lines = out.split("\n");
    expect(lines.filter((line) => new RegExp(background!.beginsPattern).test(line))).toHaveLength(1);
    expect(lines.filter((line) => new RegExp(background!.endsPattern).test(line))).toHaveLength(1);
  });
});
