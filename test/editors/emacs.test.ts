/** Emacs as a client, by eglot and by lsp-mode, with the set-ups of docs/editors/emacs.md: shows diagnostics, applies an
 *  action, and the value is gone afterwards. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServer, removeServer } from "../lsp/client.ts";

// Processes are started and packages analysed, on machines that may be busy.

/** Whether Emacs has these libraries. */
function has(...libraries: string[]): boolean {
  const requires = libraries.flatMap((name) => ["--eval", `(require '${name})`]);
  return spawnSync("emacs", ["--batch", "--no-init-file", ...requires]).status === 0;
}

const hasEglot = has("go-mode", "eglot");
const hasLspMode = has("go-mode", "lsp-mode");

const source = `package p

type T struct{ a, b int }

//go:noinline
func newT(a int) *T { return &T{a, 1} }

func use() int { return newT(2).a }
`;

let server = "";
let folder = "";
let command = "";

beforeAll(() => {
  if (!hasEglot && !hasLspMode) return;
  server = buildServer();
  folder = mkdtempSync(join(tmpdir(), "goesc-emacs-"));
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  spawnSync("git", ["init", "-q", folder]); // both take the work tree for the project
  const start = join(folder, "start.mjs");
  const bundle = pathToFileURL(join(server, "goesc-lsp.mjs")).href;
  writeFileSync(start, `import { serve } from ${JSON.stringify(bundle)};\nserve("test");\n`);
  command = `${JSON.stringify(process.execPath)} ${JSON.stringify(start)}`;
});

afterAll(() => {
  if (folder === "") return;
  rmSync(folder, { recursive: true, force: true });
  removeServer(server);
});

/** The block of the page that speaks of `client`, with the command of the server that is tested. */
function setup(client: string): string {
  const page = readFileSync(join(process.cwd(), "docs", "editors", "emacs.md"), "utf8");
  const block = [...page.matchAll(/```elisp\n([\s\S]*?)```/g)].map(([, text]) => text).find((t) => t.includes(client));
  if (block === undefined) throw new Error(`docs/editors/emacs.md has no block for ${client}`);
  return block.replace('"goesc" "lsp"', command);
}

/** Runs `steps` in Emacs after the file was visited; they say what they see with `(say NAME VALUE)`. */
function emacs(libraries: readonly string[], before: string, steps: string): Record<string, string> {
  const file = join(folder, "p.go");
  writeFileSync(file, source);
  const script = `
${libraries.map((name) => `(require '${name})`).join("\n")}
(require 'json)
(defvar said '())
(defun say (name value) (push (cons name (format "%s" value)) said))
(defun wait-for (test)
  (let ((end (+ (float-time) 40)))
    (while (and (not (funcall test)) (< (float-time) end)) (accept-process-output nil 0.1))
    (funcall test)))
${before}
(find-file ${JSON.stringify(file)})
(condition-case failure
    (progn ${steps})
  (error (say "error" failure)))
(with-temp-file ${JSON.stringify(join(folder, "out.json"))} (insert (json-encode said)))
(setq kill-emacs-hook nil)
(kill-emacs 0)
`;
  writeFileSync(join(folder, "test.el"), script);
  const { stderr } = spawnSync("emacs", ["--batch", "--no-init-file", "-l", join(folder, "test.el")], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, HOME: folder, GOROOT: "off", GOESC_CACHE: join(folder, "cache") },
    timeout: 240_000,
  });
  try {
    return JSON.parse(readFileSync(join(folder, "out.json"), "utf8")) as Record<string, string>;
  } catch {
    throw new Error(stderr);
  } finally {
    rmSync(join(folder, "out.json"), { force: true });
  }
}

const fixed = source.replace("*T", "T").replace("&T", "T");

describe("Emacs", () => {
  it.skipIf(!hasEglot)("eglot shows diagnostics and applies an action", () => {
    const out = emacs(
      ["go-mode", "eglot"],
      `${setup("eglot")}\n(setq eglot-sync-connect 40)`,
      `(apply #'eglot (eglot--guess-contact))
       (wait-for (lambda () (flymake-start) (flymake-diagnostics)))
       (let* ((found (car (flymake-diagnostics)))
              (from (flymake-diagnostic-beg found)) (to (flymake-diagnostic-end found)))
         (say "text" (flymake-diagnostic-text found))
         (say "at" (buffer-substring-no-properties from to))
         (let ((action (elt (eglot-code-actions from to) 0)))
           (say "action" (plist-get action :title))
           (eglot--apply-workspace-edit (plist-get action :edit))))
       (say "buffer" (buffer-string))
       (eglot--signal-textDocument/didChange) ; a timer does it, which batch mode does not run
       (wait-for (lambda () (flymake-start) (null (flymake-diagnostics))))
       (say "left" (length (flymake-diagnostics)))`,
    );
    expect(out).toEqual({
      text: "goesc [pointer-literal]: &T{...} escapes to heap (16 B)",
      at: "&T{a, 1}",
      action: "Use the value instead of a pointer to it. (1 off the heap)",
      buffer: fixed,
      left: "0",
    });
  });

  it.skipIf(!hasLspMode)("lsp-mode shows diagnostics and applies an action", () => {
    const out = emacs(
      ["go-mode", "lsp-mode"],
      `${setup("lsp-mode")}
       (setq lsp-diagnostics-provider :none lsp-enable-file-watchers nil lsp-enable-snippet nil lsp-modeline-diagnostics-enable nil)
       (lsp-workspace-folders-add ${JSON.stringify(folder)})`,
      `(lsp)
       (wait-for (lambda () (gethash buffer-file-name (lsp-diagnostics))))
       (let ((found (car (gethash buffer-file-name (lsp-diagnostics)))))
         (say "text" (gethash "message" found))
         (goto-char (point-min)) (search-forward "&T{") (backward-char 2)
         (let ((action (car (lsp-code-actions-at-point))))
           (say "action" (gethash "title" action))
           (lsp-execute-code-action action)))
       (say "buffer" (buffer-string))
       (wait-for (lambda () (null (gethash buffer-file-name (lsp-diagnostics)))))
       (say "left" (length (gethash buffer-file-name (lsp-diagnostics))))`,
    );
    expect(out).toEqual({
      text: "&T{...} escapes to heap (16 B)",
      action: "Use the value instead of a pointer to it. (1 off the heap)",
      buffer: fixed,
      left: "0",
    });
  });
});
