/** The extension in VS Code itself, in a browser: what it contributes is there and does what it says. */
import { gzipSync } from "node:zlib";
import { Function as Fn, Line, Location, Profile, Sample, StringTable, ValueType } from "pprof-format";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasWorkbench, Workbench } from "./workbench.ts";

// A workbench is started and packages analysed, on machines that may be busy.
const soon = { timeout: 240_000 };

const source = `package p

type T struct{ a, b int }

var sink []*T

//go:noinline
func newT(a int) *T { return &T{a, 1} }

func use() int { return newT(2).a }

func fill(n int) {
	for i := range n {
		sink = append(sink, &T{i, i})
	}
}
`;

/** 6 MB at line 8, 3 MB at line 14, 1 MB elsewhere. */
function heapProfile(): Uint8Array {
  const table = new StringTable();
  const places = [
    ["example.com/p.newT", "/build/p.go", 8, 6_000_000],
    ["example.com/p.fill", "/build/p.go", 14, 3_000_000],
    ["example.com/other.f", "/build/p.go", 8, 1_000_000],
  ] as const;
  const made = places.map(([name, file, line, bytes], i) => ({
    fn: new Fn({ id: i + 1, name: table.dedup(name), filename: table.dedup(file) }),
    location: new Location({ id: i + 1, line: [new Line({ functionId: i + 1, line })] }),
    sample: new Sample({ locationId: [i + 1], value: [bytes] }),
  }));
  return new Profile({
    sampleType: [new ValueType({ type: table.dedup("alloc_space"), unit: table.dedup("bytes") })],
    sample: made.map(({ sample }) => sample),
    location: made.map(({ location }) => location),
    function: made.map(({ fn }) => fn),
    stringTable: table,
  }).encode();
}

const bench = new Workbench();

beforeAll(async () => {
  if (!hasWorkbench) return;
  await bench.start({
    files: {
      "/mod/go.mod": "module example.com/p\n\ngo 1.26\n",
      "/mod/p.go": source,
      "/mod/q/q.go": 'package q\n\nimport "fmt"\n\nfunc Say(n int) { fmt.Println(n) }\n',
    },
    settings: { "editor.glyphMargin": true },
  });
  await open("/mod/p.go");
});
afterAll(() => bench.stop());

async function open(path: string): Promise<void> {
  await bench.inHost(async (vscode, name) => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`memory:${name}`));
    await vscode.window.showTextDocument(document);
  }, path);
}

/** Messages of the extension's diagnostics, once there are `count`. */
function messages(path: string, count: number): Promise<string[]> {
  return bench.until(
    (vscode, arg) => {
      const list = vscode.languages.getDiagnostics(vscode.Uri.parse(`memory:${arg.path}`));
      return list.length === arg.count ? list.map((d) => `${d.range.start.line}: ${d.message}`).sort() : null;
    },
    { path, count },
  );
}

/** Labels of the rows of the tree, as screen readers get them. */
async function rows(): Promise<string[]> {
  const labels = await bench.page
    .locator('.pane:has([aria-label^="Go heap sites"]) .monaco-list-row')
    .evaluateAll((list) => list.map((row) => (row as unknown as { textContent: string }).textContent));
  return labels.map((label) => label.replace(/\s+/g, " ").trim());
}

/** Chooses from the list that a command shows. The list goes when something else takes the focus, as an editor does
 *  that was opened just before and comes late: then a user would call the command again. */
async function chooseItem(command: string, item: string): Promise<void> {
  const chosen = bench.page.locator(".quick-input-list .monaco-list-row").getByText(item, { exact: true });
  const call = () =>
    bench.inHost(async (vscode, name) => {
      // It ends when the user has chosen.
      void vscode.commands.executeCommand(name);
      return true;
    }, command);
  await expect
    .poll(async () => {
      await call();
      return chosen.click({ timeout: 3000 }).then(
        () => "chosen",
        (error: Error) => error.message,
      );
    }, soon)
    .toBe("chosen");
}

describe.skipIf(!hasWorkbench)("VS Code", () => {
  it("activates the extension and lists what is on the heap, with the rule and the way there", async () => {
    expect(await messages("/mod/p.go", 3)).toEqual([
      "13: &T{...} escapes to heap (16 B, in a loop)",
      "13: append escapes to heap (in a loop)",
      "7: &T{...} escapes to heap (16 B)",
    ]);
    const [first] = await bench.inHost((vscode) =>
      vscode.languages
        .getDiagnostics(vscode.Uri.parse("memory:/mod/p.go"))
        .filter((d) => d.range.start.line === 7)
        .map(({ source: from, code, range, relatedInformation }) => ({
          from,
          code: typeof code === "object" ? code.value : code,
          columns: [range.start.character, range.end.character],
          related: relatedInformation?.map((info) => `${info.location.uri.path}: ${info.message}`),
        })),
    );
    expect(first).toMatchObject({ from: "goesc", code: "pointer-literal", columns: [29, 37] });
    expect(first.related?.length).toBeGreaterThan(0);
    expect(bench.errors).toEqual([]);
  });

  it("shows hints, lenses and hovers", async () => {
    const shown = await bench.inHost(async (vscode) => {
      const uri = vscode.Uri.parse("memory:/mod/p.go");
      const all = new vscode.Range(0, 0, 100, 0);
      const hints = await vscode.commands.executeCommand<{ label: string | { value: string }[] }[]>(
        "vscode.executeInlayHintProvider",
        uri,
        all,
      );
      const lenses = await vscode.commands.executeCommand<{ command?: { title: string } }[]>(
        "vscode.executeCodeLensProvider",
        uri,
      );
      const hovers = await vscode.commands.executeCommand<{ contents: { value: string }[] }[]>(
        "vscode.executeHoverProvider",
        uri,
        new vscode.Position(7, 30),
      );
      return {
        hints: hints.map(({ label }) => (typeof label === "string" ? label : label.map((p) => p.value).join(""))),
        lenses: lenses.map(({ command }) => command?.title),
        hover: hovers.map(({ contents }) => contents.map((c) => c.value).join("\n")).join("\n"),
      };
    });
    expect(shown.hints).toContain("heap 16 B");
    expect(shown.lenses.map((title) => title?.split(" · ")[0])).toEqual([
      "1 escape",
      "Explain",
      "no escapes",
      "2 escapes",
      "Explain",
    ]);
    expect(shown.hover).toContain("&T{...}");
  });

  it("marks lines in the margin, those in loops with another mark", async () => {
    const icons = await bench.page.waitForFunction(() => {
      const page = globalThis as unknown as {
        document: { querySelectorAll(selector: string): Iterable<never> };
        getComputedStyle(element: never): { backgroundImage: string };
      };
      const list = [...page.document.querySelectorAll(".glyph-margin-widgets .cgmr")].map(
        (mark) => /(\w+)\.svg/.exec(page.getComputedStyle(mark).backgroundImage)?.[1],
      );
      return list.filter((name) => name === "heap" || name === "hot").length >= 2 ? list : null;
    });
    expect(((await icons.jsonValue()) as string[]).filter((name) => /heap|hot/.test(name)).sort()).toEqual([
      "heap",
      "hot",
    ]);
    await bench.inHost((vscode) => vscode.workspace.getConfiguration("goesc").update("gutter", false, true));
    await bench.page.waitForFunction(
      () =>
        (
          globalThis as unknown as { document: { querySelectorAll(selector: string): { length: number } } }
        ).document.querySelectorAll(".glyph-margin-widgets .cgmr").length === 0,
    );
    await bench.inHost((vscode) => vscode.workspace.getConfiguration("goesc").update("gutter", undefined, true));
  });

  it("lists the sites of the whole workspace by package, function and cause", async () => {
    await bench.inHost((vscode) => vscode.commands.executeCommand("goesc.sites.focus"));
    await bench.inHost((vscode) => vscode.commands.executeCommand("goesc.analyzeWorkspaceNow"));
    await expect.poll(rows, soon).toEqual(["example.com/p3", "example.com/p/q1"]);
    await bench.page.locator(".monaco-list-row", { hasText: "example.com/p/q" }).click();
    await expect.poll(rows, soon).toEqual(["example.com/p3", "example.com/p/q1", "Say1"]);
    await chooseItem("goesc.groupSites", "Cause");
    await expect.poll(rows, soon).toContain("pointer-literal2");
    await bench.page.locator(".monaco-list-row", { hasText: "pointer-literal" }).click();
    await expect
      .poll(async () => (await rows()).filter((row) => row.startsWith("&T{...}")), soon)
      .toEqual(["&T{...} escapes to heapp.go:14 · 16 B", "&T{...} escapes to heapp.go:8 · 16 B"]);
    await bench.page.locator(".monaco-list-row", { hasText: "p.go:14" }).click();
    const line = await bench.until((vscode) => vscode.window.activeTextEditor?.selection.start.line ?? null);
    expect(line).toBe(13);
    await chooseItem("goesc.groupSites", "Package, function");
  });

  it("ranks the sites by a heap profile, and says how much of it they are", async () => {
    const bytes = Buffer.from(gzipSync(heapProfile())).toString("base64");
    await bench.inHost(async (vscode, arg) => {
      const content = Uint8Array.from(atob(arg as string), (ch) => ch.charCodeAt(0));
      await vscode.workspace.fs.writeFile(vscode.Uri.parse("memory:/mod/heap.pprof"), content);
      await vscode.workspace.getConfiguration("goesc").update("profile", "heap.pprof", true);
    }, bytes);
    await expect
      .poll(rows, soon)
      .toEqual([
        "&T{...} escapes to heapp.go:8 · 16 B · 6.0 MB in production",
        expect.stringMatching(/^(?:&T\{\.\.\.\}|append) escapes to heapp\.go:14 .*· 3\.0 MB in production$/),
        expect.stringMatching(/^(?:&T\{\.\.\.\}|append) escapes to heapp\.go:14 .*· 3\.0 MB in production$/),
        "n escapes to heapq.go:5 · 8 B",
      ]);
    await expect
      .poll(
        () => bench.page.locator('[id="goesc.goesc.goesc.profile"], #goesc\\.goesc\\.profile').allTextContents(),
        soon,
      )
      .toEqual([" heap.pprof: 90 %"]);
    await bench.inHost(async (vscode) => {
      await vscode.workspace.fs.writeFile(vscode.Uri.parse("memory:/mod/notes.txt"), new Uint8Array([1, 2, 3]));
      await vscode.workspace.getConfiguration("goesc").update("profile", "notes.txt", true);
    });
    await expect
      .poll(() => bench.page.locator(".notification-list-item-message").allTextContents(), soon)
      .toContainEqual("goesc: notes.txt is no heap profile");
    await bench.inHost((vscode) => vscode.workspace.getConfiguration("goesc").update("profile", undefined, true));
    await expect.poll(rows, soon).toEqual(["example.com/p3", "example.com/p/q1"]);
  });

  it("explains what is on the heap at the cursor", async () => {
    await open("/mod/p.go");
    await bench.inHost(async (vscode) => {
      vscode.window.activeTextEditor!.selection = new vscode.Selection(7, 30, 7, 30);
      await vscode.commands.executeCommand("goesc.showExplanation");
    });
    const text = await bench.until(
      (vscode) =>
        vscode.workspace.textDocuments.find(({ uri }) => uri.path === "/escape-explanation.md")?.getText() || null,
    );
    expect(text).toContain("&T{...}");
    await bench.inHost((vscode) => vscode.commands.executeCommand("workbench.action.closeActiveEditor"));
  });

  it("shows the graph of a function", async () => {
    await open("/mod/p.go");
    const text = await bench.inHost(async (vscode) => {
      const editor = vscode.window.activeTextEditor!;
      editor.selection = new vscode.Selection(7, 10, 7, 10);
      await vscode.commands.executeCommand("goesc.showGraph");
      return vscode.window.activeTextEditor!.document.getText();
    });
    expect(text).toMatch(/^digraph /);
    expect(text).toContain("&T{...}");
    await bench.inHost((vscode) => vscode.commands.executeCommand("workbench.action.closeActiveEditor"));
  });

  it("follows settings, and the command that changes one", async () => {
    await open("/mod/p.go");
    await chooseItem("goesc.chooseHints", "off");
    const hints = (vscode: typeof import("vscode")): Thenable<number> =>
      vscode.commands
        .executeCommand<unknown[]>(
          "vscode.executeInlayHintProvider",
          vscode.Uri.parse("memory:/mod/p.go"),
          new vscode.Range(0, 0, 100, 0),
        )
        .then((list) => list.length);
    await expect.poll(() => bench.inHost(hints), soon).toBe(0);
    await chooseItem("goesc.chooseHints", "escapes");
    await expect.poll(() => bench.inHost(hints), soon).toBe(3);
  });

  it("offers an edit that was proved, and the value is not on the heap afterwards", async () => {
    const title = await bench.inHost(async (vscode) => {
      const uri = vscode.Uri.parse("memory:/mod/p.go");
      const actions = await vscode.commands.executeCommand<import("vscode").CodeAction[]>(
        "vscode.executeCodeActionProvider",
        uri,
        new vscode.Range(7, 29, 7, 37),
      );
      const action = actions.find(({ edit }) => edit !== undefined)!;
      await vscode.workspace.applyEdit(action.edit!);
      return action.title;
    });
    expect(title).toContain("Use the value instead of a pointer to it.");
    expect(await messages("/mod/p.go", 2)).toEqual([
      "13: &T{...} escapes to heap (16 B, in a loop)",
      "13: append escapes to heap (in a loop)",
    ]);
  });

  it("marks what a task with its problem matcher prints", async () => {
    await bench.inHost(async (vscode) => {
      const written = new vscode.EventEmitter<string>();
      const closed = new vscode.EventEmitter<number>();
      const pty = {
        onDidWrite: written.event,
        onDidClose: closed.event,
        open: () => {
          // As `goesc -m ./...` prints them.
          for (const line of [
            "# example.com/p",
            "./p.go:14:19: append escapes to heap",
            "./p.go:12:11: n does not escape",
            "q/q.go:5:30: n escapes to heap",
          ])
            written.fire(`${line}\r\n`);
          setTimeout(() => closed.fire(0), 1000);
        },
        close: () => {},
      };
      const task = new vscode.Task(
        { type: "goesc", args: [] },
        vscode.workspace.workspaceFolders![0],
        "goesc -m",
        "goesc",
        new vscode.CustomExecution(async () => pty),
        ["$goesc"],
      );
      await vscode.tasks.executeTask(task);
    });
    const marks = await bench.until((vscode) => {
      const all = vscode.languages
        .getDiagnostics()
        .flatMap(([{ path }, list]) =>
          list.map(({ range, message }) => `${path}:${range.start.line}:${range.start.character} ${message}`),
        );
      return all.filter((mark) => mark.startsWith("/p.go") || mark.startsWith("/q/")).length === 2 ? all : null;
    });
    // Without a file system of its own the editor only knows the names that were printed. What the server says stays.
    expect(marks).toContain("/p.go:13:18 append escapes to heap");
    expect(marks).toContain("/q/q.go:4:29 n escapes to heap");
    expect(marks).toContain("/mod/p.go:13:9 append escapes to heap (in a loop)");
    expect(await bench.page.locator('[id="status.problems"]').textContent()).toContain(String(marks.length));
  });

  it("goes on after its server was started anew", async () => {
    await bench.inHost((vscode) => vscode.commands.executeCommand("goesc.restart"));
    expect(await messages("/mod/p.go", 2)).toHaveLength(2);
    await open("/mod/q/q.go");
    expect(await messages("/mod/q/q.go", 1)).toEqual(["4: n escapes to heap (8 B)"]);
    expect(bench.errors).toEqual([]);
  });
});
