/** Neovim as a client: attaches with the set-up of docs/editors/neovim.md, shows diagnostics, applies an action. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServer, removeServer } from "./client.ts";

// Processes are started and packages analysed, on machines that may be busy.

const hasNeovim = spawnSync("nvim", ["--version"]).status === 0;

const source = `package p

type T struct{ a, b int }

//go:noinline
func newT(a int) *T { return &T{a, 1} }

func use() int { return newT(2).a }
`;

let server = "";
let folder = "";

beforeAll(() => {
  if (!hasNeovim) return;
  server = buildServer();
  folder = mkdtempSync(join(tmpdir(), "goesc-nvim-"));
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  writeFileSync(join(folder, "p.go"), source);
});

afterAll(() => {
  if (!hasNeovim) return;
  rmSync(folder, { recursive: true, force: true });
  removeServer(server);
});

/** The Lua block of the page, with the command of the server that is tested. */
function setup(command: readonly string[]): string {
  const page = readFileSync(join(process.cwd(), "docs", "editors", "neovim.md"), "utf8");
  const block = /```lua\n([\s\S]*?)```/.exec(page);
  if (block === null) throw new Error("docs/editors/neovim.md has no Lua block");
  return block[1].replace('{ "goesc", "lsp" }', `{ ${command.map((word) => JSON.stringify(word)).join(", ")} }`);
}

describe.skipIf(!hasNeovim)("Neovim", () => {
  it("shows diagnostics and hints, and applies an action", () => {
    const start = join(folder, "start.mjs");
    const bundle = pathToFileURL(join(server, "goesc-lsp.mjs")).href;
    writeFileSync(start, `import { serve } from ${JSON.stringify(bundle)};\nserve("test");\n`);
    const script = `${setup([process.execPath, start])}
local out = {}
local function fail(message)
  out.error = message
end
local ok, err = pcall(function()
  vim.cmd("edit ${join(folder, "p.go")}")
  vim.bo.filetype = "go"
  local function wait(test)
    return vim.wait(20000, test, 50)
  end
  if not wait(function() return #vim.diagnostic.get(0) > 0 end) then return fail("no diagnostics") end
  local d = vim.diagnostic.get(0)[1]
  out.diagnostic = { d.lnum, d.col, d.end_col, d.message }
  local params = { textDocument = vim.lsp.util.make_text_document_params(), range = {
    start = { line = 0, character = 0 }, ["end"] = { line = 20, character = 0 } } }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/inlayHint", params, 20000)
  for _, answer in pairs(answers or {}) do out.hint = answer.result[1].label end
  params.range = { start = { line = d.lnum, character = d.col }, ["end"] = { line = d.lnum, character = d.end_col } }
  params.context = { diagnostics = {} }
  local found = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 20000)
  for _, answer in pairs(found or {}) do
    local action = answer.result[1]
    out.action = action.title
    vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
  end
  out.lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  wait(function() return #vim.diagnostic.get(0) == 0 end)
  out.left = #vim.diagnostic.get(0)
end)
if not ok then out.error = tostring(err) end
local file = io.open("${join(folder, "out.json")}", "w")
file:write(vim.fn.json_encode(out))
file:close()
vim.cmd("qa!")
`;
    writeFileSync(join(folder, "test.lua"), script);
    spawnSync("nvim", ["--headless", "--clean", "-u", "NONE", "-c", `luafile ${join(folder, "test.lua")}`], {
      env: { ...process.env, GOROOT: "off", GOESC_CACHE: join(folder, "cache"), XDG_STATE_HOME: folder },
      timeout: 240_000,
    });
    const out = JSON.parse(readFileSync(join(folder, "out.json"), "utf8")) as Record<string, unknown>;
    expect(out.error).toBeUndefined();
    expect(out.diagnostic).toEqual([5, 29, 37, "&T{...} escapes to heap (16 B)"]);
    expect(out.hint).toMatchObject([{ value: "heap 16 B" }]);
    expect(out.action).toContain("Use the value instead of a pointer to it.");
    expect(out.lines).toContain("func newT(a int) T { return T{a, 1} }");
    expect(out.left).toBe(0);
  });
});
