/** The HTML page in a browser: it shows what it should without a network and without an error. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatByName } from "../../../src/report/formats/index.ts";
import { reportOn } from "../findings.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const hasBrowser = existsSync(executablePath);

const report = reportOn(
  `package m

type T struct{ a, b int }

var sink []*T

func loops(n int) *int {
	for i := range n {
		sink = append(sink, &T{i, len("世界 </script><b>")})
	}
	x := n
	return &x
}

//goesc:noalloc
func broken(e int) any { return e }
`,
  { fixes: true },
);

let dir = "";
let browser: Browser | null = null;
let page: Page;
const problems: string[] = [];
const requests: string[] = [];

beforeAll(async () => {
  if (!hasBrowser) return;
  dir = mkdtempSync(join(tmpdir(), "goesc-page-"));
  const file = join(dir, "goesc.html");
  writeFileSync(file, formatByName("html")!.render(report).text);
  const args = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync".split(" ");
  browser = await chromium.launch({ executablePath, args });
  page = await browser.newPage();
  page.on("console", (message) => {
    if (message.type() !== "log") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
});
afterAll(async () => {
  await browser?.close();
  if (dir !== "") rmSync(dir, { recursive: true, force: true });
});

describe.skipIf(!hasBrowser)("the page", () => {
  it("shows the summary, causes, hot spots, findings and marked source", async () => {
    expect(await page.title()).toBe(`goesc: ${report.findings.length} findings`);
    expect(await page.locator("h2").allTextContents()).toEqual(
      expect.arrayContaining(["Causes", "Hot spots", "Findings, what costs most first", "Graphs"]),
    );
    expect(await page.locator("#findings tr").count()).toBe(report.findings.length);
    expect(await page.locator(".source mark").first().isVisible()).toBe(true);
    expect(await page.locator(".source").first().textContent()).toContain('len("世界 </script><b>")');
  });

  it("filters findings, and the totals follow", async () => {
    const total = report.findings.length;
    await page.locator("#filter").fill("pointer-literal");
    const shown = report.findings.filter(({ rule }) => rule === "pointer-literal").length;
    expect(await page.locator("#findings tr:visible").count()).toBe(shown);
    expect(await page.locator("#shown").textContent()).toBe(`${shown} of ${total}`);
    const counts = await page.locator("#causes td[data-rule]").allTextContents();
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(shown);
    await page.locator("#filter").fill("");
    expect(await page.locator("#findings tr:visible").count()).toBe(total);
  });

  it("opens the way of a value, the graph of a function, and the line in the source", async () => {
    const row = page.locator("#findings tr", { hasText: "moved to heap: x" });
    await row.locator("summary").click();
    expect(await row.locator("li").first().isVisible()).toBe(true);
    const graph = page.locator("details", { has: page.locator("summary", { hasText: "loops" }) }).last();
    await graph.locator("summary").click();
    const box = await graph.locator("svg").boundingBox();
    expect(box!.width * box!.height).toBeGreaterThan(1000);
    await row.locator("a").first().click();
    expect(await page.locator("tr:target").textContent()).toContain("x := n");
  });

  it("asks nobody for anything, and nothing goes wrong", () => {
    expect(requests.filter((url) => !url.startsWith("file:"))).toEqual([]);
    expect(new Set(requests.map((url) => url.replace(/#.*/, ""))).size).toBe(1);
    expect(problems).toEqual([]);
  });
});
